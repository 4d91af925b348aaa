"""Call the hooks of a build backend in an environment of its own, one process a call (PEP 517, 660)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from keyrack.adapters.processes import Children, Outcome, Program
from keyrack.errors import InvalidText, KeyrackError
from keyrack.values.build_system import BuildSystem
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import pyproject_hooks
else:
    pyproject_hooks = LateModule("pyproject_hooks")

ConfigSettings = Mapping[str, str | list[str]]
"""What is handed to a backend as it is (PEP 517)."""
Answer = TypeVar("Answer")
_OUTPUT = "output.json"


class HookFailed(KeyrackError):
    """A hook did not do its work. `outcome` is None where it never ran."""

    def __init__(self, hook: str, outcome: Outcome | None, why: str = "") -> None:
        """`hook` is its name with the backend's, `why` what pyproject-hooks says of it."""
        super().__init__(f"Call to `{hook}` failed")
        self.hook = hook
        self.outcome = outcome
        self.why = why


class HookEnvironment(msgspec.Struct, frozen=True):
    """Where hooks run: the Python of the environment, and the variables that they see."""

    python: str
    variables: Mapping[str, str]


class Backend:
    """The hooks of one tree. Not for several threads at once."""

    def __init__(self, tree: str, system: BuildSystem, environment: HookEnvironment, children: Children) -> None:
        """`tree` is the folder that the hooks run in; raises `InvalidText` where `backend-path` leaves it."""
        self._environment = environment
        self._children = children
        self._outcome: Outcome | None = None
        self._name = system.backend
        check_backend_path(tree, system.backend_path)
        self._caller = pyproject_hooks.BuildBackendHookCaller(
            tree, system.backend, list(system.backend_path) or None, self._run, environment.python
        )

    @property
    def said(self) -> str:
        """What the last hook printed."""
        outcome = self._outcome
        return "" if outcome is None else (outcome.stdout + outcome.stderr).decode("utf-8", "replace")

    def requires(self, kind: str, settings: ConfigSettings) -> tuple[str, ...]:
        """Give what else is needed to build a `wheel` or an `editable` one (or an `sdist`), as requirements."""
        caller = self._caller
        ask = {
            "wheel": caller.get_requires_for_build_wheel,
            "editable": caller.get_requires_for_build_editable,
            "sdist": caller.get_requires_for_build_sdist,
        }[kind]
        found: object = self._call(f"get_requires_for_build_{kind}", lambda: ask(settings))
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise HookFailed(f"{self._name}.get_requires_for_build_{kind}", self._outcome, "it gave no list of texts")
        return tuple(found)

    def metadata(self, kind: str, folder: str, settings: ConfigSettings) -> str | None:
        """Let the backend write a `.dist-info` into a folder, and give its name; None where it has no such hook."""
        hook = f"prepare_metadata_for_build_{kind}"
        caller = self._caller
        is_wheel = kind == "wheel"
        ask = caller.prepare_metadata_for_build_wheel if is_wheel else caller.prepare_metadata_for_build_editable
        try:
            found = self._call(hook, lambda: ask(folder, settings, _allow_fallback=False))
        except pyproject_hooks.HookMissing:
            return None
        return self._existing(hook, folder, found)

    def build(self, kind: str, folder: str, settings: ConfigSettings, metadata: str | None = None) -> str:
        """Let the backend write a distribution into a folder, and give its file's name."""
        hook = f"build_{kind}"
        caller = self._caller
        ask = {
            "wheel": lambda: caller.build_wheel(folder, settings, metadata),
            "editable": lambda: caller.build_editable(folder, settings, metadata),
            "sdist": lambda: caller.build_sdist(folder, settings),
        }[kind]
        try:
            found = self._call(hook, ask)
        except (pyproject_hooks.HookMissing, pyproject_hooks.UnsupportedOperation) as error:
            raise HookFailed(f"{self._name}.{hook}", self._outcome, "the backend cannot do that") from error
        return self._existing(hook, folder, found)

    def _existing(self, hook: str, folder: str, name: object) -> str:
        """Give the name of what a hook says that it wrote, if it is there, and directly in the folder."""
        is_name = isinstance(name, str) and name not in ("", ".", "..") and name == os.path.basename(name)
        if isinstance(name, str) and is_name and os.path.exists(os.path.join(folder, name)):
            return name
        raise HookFailed(f"{self._name}.{hook}", self._outcome, "it named nothing that it wrote")

    def _call(self, hook: str, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except pyproject_hooks.BackendUnavailable as error:
            raise HookFailed(f"{self._name}.{hook}", self._outcome, error.traceback or str(error)) from error
        except _Failed as error:
            raise HookFailed(f"{self._name}.{hook}", self._outcome) from error
        except (OSError, ValueError, KeyError, AttributeError, RecursionError, msgspec.MsgspecError) as error:
            raise HookFailed(f"{self._name}.{hook}", self._outcome, str(error)) from error

    def _run(self, cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None) -> None:
        """Run one hook (a runner of pyproject-hooks)."""
        self._outcome = None
        variables = {**self._environment.variables, **(extra_environ or {})}
        self._outcome = self._children.run(Program(tuple(cmd), variables, cwd))
        if self._outcome.code:
            raise _Failed
        _drop_warnings(os.path.join(cmd[-1], _OUTPUT))


class _Failed(Exception):
    """A hook's process ended with a code other than 0."""


def _drop_warnings(path: str) -> None:
    """Take a backend's warnings out of its answer: pyproject-hooks would print them, unfiltered, as our own."""
    with open(path, "rb") as file:
        answer = msgspec.json.decode(file.read(), type=dict[str, object])
    if answer.pop("warnings", None):
        with open(path, "wb") as file:
            file.write(msgspec.json.encode(answer))


def check_backend_path(tree: str, folders: Sequence[str]) -> None:
    """Refuse a `backend-path` that leaves the tree, also by a link (PEP 517)."""
    root = os.path.realpath(tree)
    for folder in folders:
        place = os.path.realpath(os.path.join(root, folder))
        if os.path.isabs(folder) or not (place == root or place.startswith(os.path.join(root, ""))):
            raise InvalidText(f"`backend-path` entry `{folder}` must be a relative path within the source tree")
        if not os.path.isdir(place):
            raise InvalidText(f"`backend-path` entry `{folder}` does not exist or is not a directory")
