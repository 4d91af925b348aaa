"""`sync`: a lock and an environment in, an environment that holds what the lock says out."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
from packaging.markers import Marker

from keyrack.errors import KeyrackError
from keyrack.operations.commit import put_right
from keyrack.operations.environments import is_set
from keyrack.operations.install import InstallOutcome, InstallRequest, InstallTools, install
from keyrack.operations.project_environment import ProjectEnvironment
from keyrack.operations.resolve import ResolveRequest, target_of
from keyrack.operations.tools import Tools
from keyrack.policy.install.plan import PlanOptions
from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.policy.lock.pins import Fitting, to_resolution
from keyrack.policy.lock.selecting import Selecting, Target, select
from keyrack.policy.markers.algebra import diagram, holds
from keyrack.policy.resolve.question import Target as Environment
from keyrack.values.graph import Resolution
from keyrack.values.interpreter import Interpreter
from keyrack.values.lock import Lock
from keyrack.values.settings import Selection, Settings


class LockNotForThis(KeyrackError):
    """The lock is for other Pythons or platforms than the environment's."""


class SyncRequest(msgspec.Struct, frozen=True):
    """What is to be installed, from which lock, into which environment. `root` is the absolute folder of the lock."""

    lock: Lock
    root: str
    environment: ProjectEnvironment
    target: Target
    extras: ExtraChoice = ExtraChoice()
    groups: GroupChoice = GroupChoice()
    leaving: Leaving = Leaving()
    exact: bool = True
    editable: bool | None = None
    python_platform: str = ""
    dry_run: bool = False


class SyncOutcome(msgspec.Struct, frozen=True):
    """What was changed, and warnings of the session."""

    change: InstallOutcome
    warnings: tuple[str, ...] = ()


def sync(request: SyncRequest, tools: Tools, stop: Callable[[], bool] = lambda: False) -> SyncOutcome:
    """Make the environment hold what the lock says. Raises what selecting, downloading and installing raise."""
    environment, settings = request.environment, tools.settings
    if not request.dry_run:
        put_right(environment.scheme, environment.lock, tools.log)
    tools.workshop.begin(environment.interpreter)
    resolution = resolution_of(request, settings)
    asked = InstallRequest(
        resolution=resolution,
        scheme=environment.scheme,
        options=PlanOptions(
            reinstall=settings.installing.reinstall,
            exact=request.exact,
            strict=True,
        ),
        link_mode=settings.installing.link_mode,
        lock=environment.lock,
        dry_run=request.dry_run,
        compile_bytecode=settings.installing.compile_bytecode,
        refresh=settings.cache.refresh,
        is_marked=not is_set(tools.variables, "UV_NO_INSTALLER_METADATA"),
    )
    change = install(asked, InstallTools(tools.downloads, tools.log, stop, tools.workshop.wheel))
    return SyncOutcome(change, tools.session.warnings())


def resolution_of(request: SyncRequest, settings: Settings) -> Resolution:
    """Choose what the environment is to have, and which files. Raises `LockNotForThis` and what choosing raises."""
    python = request.environment.interpreter
    environment = environment_target(python, request.python_platform, settings)
    check_fit(request.lock, environment, python)
    asked = Selecting(request.target, environment.markers, request.extras, request.groups, request.leaving)
    fitting = Fitting(
        environment.tags,
        settings.indexes,
        request.root.replace(os.sep, "/"),
        no_binary=settings.resolving.no_binary,
        no_build=_no_build(settings),
        editable=request.editable,
    )
    return to_resolution(select(request.lock, asked), fitting)


def environment_target(python: Interpreter, platform: str, settings: Settings) -> Environment:
    """Describe the environment that files are chosen for: the Python's own, or that of `--python-platform`."""
    return target_of(ResolveRequest((), python, settings.resolving, python_platform=platform))


def check_fit(lock: Lock, environment: Environment, python: Interpreter) -> None:
    """Raise `LockNotForThis` where the lock was made for other Pythons or platforms."""
    if not lock.requires_python.contains(python.python, prereleases=True):
        raise LockNotForThis(
            f"The current Python version ({python.version}) is not compatible with the locked Python requirement:"
            f" `{lock.requires_python}`"
        )
    supported = lock.supported_markers
    if supported and not any(holds(diagram(marker), environment.markers) for marker in supported):
        listed = ", ".join(f"`{_shown(marker)}`" for marker in supported)
        raise LockNotForThis(
            f"The current Python platform is not compatible with the lockfile's supported environments: {listed}"
        )


def _shown(marker: Marker) -> str:
    return str(marker).replace('"', "'")


def _no_build(settings: Settings) -> Selection:
    resolving = settings.resolving
    return Selection(
        resolving.no_build.all or resolving.only_binary.all, resolving.no_build.names | resolving.only_binary.names
    )
