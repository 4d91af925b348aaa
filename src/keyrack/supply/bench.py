"""One tree at its backend: what it needs is put into its environment, then its hooks are called (PEP 517, 518, 660)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore
from typing import Protocol, TypeVar

import msgspec

from keyrack.adapters.backends import Backend, ConfigSettings, HookEnvironment, HookFailed
from keyrack.adapters.folders import is_file, read_whole
from keyrack.adapters.processes import Children
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.build_system import legacy_system, parse_build_system
from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.building.words import BuildFailed, build_failed, ended, hint_of, hook_failure
from keyrack.values.build_system import BuildSystem
from keyrack.values.log import Level, Log
from keyrack.values.requirement import Requirement
from keyrack.values.source_tree import SourceTree

_LARGEST = 10 * 1024 * 1024
_SIGNALS = tuple((each.value, each.name) for each in signal.Signals)
_HATCHLING = "hatchling.build"
_DYNAMIC = frozenset({"dependencies", "optional-dependencies"})
Answer = TypeVar("Answer")


class Room(Protocol):
    """An environment that a package is built in. `is_isolated` tells that it is made for this build alone."""

    @property
    def is_isolated(self) -> bool:
        """Whether it holds only what the build asks for."""
        ...

    @property
    def hooks(self) -> HookEnvironment:
        """Where hooks run."""
        ...

    @property
    def folder(self) -> str:
        """A folder for what hooks write; it goes with the environment."""
        ...

    def add(self, requirements: tuple[Requirement, ...]) -> None:
        """Install more, together with what is there."""
        ...

    def close(self) -> None:
        """Remove it."""
        ...


class Work(msgspec.Struct, frozen=True):
    """What is built and how: the tree, what it says of its build, and what its backend is told.

    `alone` keeps others out of the tree while a hook runs.
    """

    tree: SourceTree
    system: BuildSystem
    settings: ConfigSettings
    children: Children
    slots: BoundedSemaphore
    log: Log
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    hides_output: bool = False


class Bench:
    """A tree's backend in its environment. Not for several threads at once."""

    def __init__(self, work: Work, room: Room, kind: str = "") -> None:
        """Install what the backend asks for. Raises `BuildFailed`; the room is then the caller's to close.

        `kind` is `sdist` where that is built; else the tree tells which kind of wheel.
        """
        self._work = work
        self._room = room
        self._kind = kind or ("editable" if work.tree.editable else "wheel")
        self._prepared: str | None = None
        self._backend = self._told(lambda: Backend(work.tree.path, work.system, room.hooks, work.children))
        if room.is_isolated:
            self._add(self._hook("get_requires_for_build", lambda: self._backend.requires(self._kind, work.settings)))

    def metadata(self) -> bytes | None:
        """Let the backend say what the wheel will say of itself; None where it only can by building it."""
        system = self._work.system
        # Hatch's plugins may change in a build what this hook says; it asks pip, too, not to call it.
        if system.backend == _HATCHLING and system.dynamic & _DYNAMIC:
            return None
        folder = os.path.join(self._room.folder, "metadata")
        os.makedirs(folder, exist_ok=True)
        name = self._hook(
            "prepare_metadata_for_build", lambda: self._backend.metadata(self._kind, folder, self._work.settings)
        )
        if name is None:
            return None
        self._prepared = os.path.join(folder, name)
        return read_whole(os.path.join(self._prepared, "METADATA"), _LARGEST)

    @property
    def said(self) -> str:
        """What the last hook printed: a backend's own words, unfiltered."""
        return self._backend.said

    def build(self, folder: str) -> str:
        """Let the backend build the wheel (or sdist) into a folder, and give its path."""
        name = self._hook("build", lambda: self._backend.build(self._kind, folder, self._work.settings, self._prepared))
        return os.path.join(folder, name)

    def close(self) -> None:
        """Remove the environment."""
        self._room.close()

    def _add(self, texts: tuple[str, ...]) -> None:
        """Install what the backend asks for beside what the tree names; often it is the same again."""
        found = self._told(lambda: tuple(parse_requirement(text, root=self._work.tree.path) for text in texts))
        if any(one not in self._work.system.requires for one in found):
            self._told(lambda: self._room.add(found))

    def _hook(self, name: str, call: Callable[[], Answer]) -> Answer:
        work = self._work
        work.log(Level.DEBUG, f"Calling `{work.system.backend}.{name}_{self._kind}()`")
        with work.alone(), work.slots:
            try:
                return call()
            except HookFailed as error:
                raise _failure(error, work) from error.__cause__
            finally:
                for line in self.said.splitlines():
                    work.log(Level.DEBUG, line)

    def _told(self, act: Callable[[], Answer]) -> Answer:
        return told(self._work.tree.label, act)


def told(label: str, act: Callable[[], Answer]) -> Answer:
    """Do something for a build; what goes wrong is said of the build."""
    try:
        return act()
    except BuildFailed:
        raise
    except KeyrackError as error:
        failed = build_failed(label, error.message, *error.causes, hints=error.hints)
        raise failed from error.__cause__


def read_system(tree: SourceTree, *, with_sources: bool) -> BuildSystem:
    """Read what a tree says of its build. Raises `BuildFailed`."""
    return told(tree.label, lambda: _read_system(tree.path, with_sources=with_sources))


def _read_system(folder: str, *, with_sources: bool) -> BuildSystem:
    text = read_whole(os.path.join(folder, "pyproject.toml"), _LARGEST)
    if text is not None:
        try:
            return parse_build_system(text.decode("utf-8"), folder, with_sources=with_sources)
        except UnicodeDecodeError as error:
            raise InvalidText("Invalid `pyproject.toml`", causes=("It is not UTF-8",)) from error
    if not is_file(os.path.join(folder, "setup.py")):
        raise InvalidText(
            f"{folder} does not appear to be a Python project, as neither `pyproject.toml` nor `setup.py` are present"
            " in the directory"
        )
    return legacy_system()


def _failure(error: HookFailed, work: Work) -> BuildFailed:
    outcome, system = error.outcome, work.system
    name, version = system.name or work.tree.name, system.version or work.tree.version
    if outcome is None:
        return build_failed(work.tree.label, "The build backend returned an error", error.message, error.why)
    out, err = (text.decode("utf-8", "replace") for text in (outcome.stdout, outcome.stderr))
    how = f"{ended(outcome.code, _SIGNALS)}" if outcome.code else error.why
    if not outcome.code and "\n" in error.why:
        how, err = ended(1), f"{err}{error.why}"
    cause = hook_failure(error.hook, how, *(("", "") if work.hides_output else (out, err)))
    hint = hint_of(err, name, version)
    return build_failed(work.tree.label, "The build backend returned an error", cause, hints=(hint,))
