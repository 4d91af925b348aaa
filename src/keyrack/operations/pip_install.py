"""`pip install`: inputs and an environment in, a changed environment and an account of it out."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters import clock
from keyrack.adapters.site_packages import installed as read_installed
from keyrack.operations.answered import Looked, may_be_there, no_metadata, recognise
from keyrack.operations.answered import missing as not_met
from keyrack.operations.commit import put_right
from keyrack.operations.environments import is_set, metadata_of
from keyrack.operations.fresh import is_fresh, local_place
from keyrack.operations.inputs import Inputs
from keyrack.operations.install import InstallOutcome, InstallRequest, InstallTools, install
from keyrack.operations.kept_tools import kept_tools
from keyrack.operations.remembered import Posed, recall, remember
from keyrack.operations.tools import Tools
from keyrack.policy.install.plan import PlanOptions
from keyrack.policy.settings import together
from keyrack.values.artifact import File
from keyrack.values.freshness import Freshness
from keyrack.values.graph import Pin, Resolution
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.late import LateModule
from keyrack.values.log import Level
from keyrack.values.plan import Scheme
from keyrack.values.requirement import FromTree
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Resolving, Selection

if TYPE_CHECKING:
    from keyrack.operations import completing, doubt, locked
    from keyrack.operations import resolve as resolving
else:
    completing = LateModule("keyrack.operations.completing")
    doubt = LateModule("keyrack.operations.doubt")
    locked = LateModule("keyrack.operations.locked")
    resolving = LateModule("keyrack.operations.resolve")  # not where the answer is remembered


class PipInstallRequest(msgspec.Struct, frozen=True):
    """What `pip install` was asked for, beside the settings.

    `on_caution` hears what the user should know first, and `on_resolved` how many packages were resolved in how many
    seconds, before anything is fetched. `looked` is
    what a look at the environment showed just before: that not everything is there. `is_sync` makes the environment
    equal to the inputs, without what these require. `no_editable` are trees that are not installed as editable.
    """

    inputs: Inputs
    interpreter: Interpreter
    scheme: Scheme
    lock: str
    exact: bool = False
    dry_run: bool = False
    strict: bool = False
    python_version: str = ""
    python_platform: str = ""
    on_caution: Callable[[str], None] = lambda _text: None
    on_resolved: Callable[[int, float], None] = lambda _count, _seconds: None
    looked: Looked | None = None
    is_sync: bool = False
    no_editable: Selection = Selection()


class PipInstallOutcome(msgspec.Struct, frozen=True):
    """What happened. `checked` is set where nothing had to be resolved: everything was there. Times are seconds."""

    checked: int | None = None
    check_time: float = 0.0
    resolved: int = 0
    resolve_time: float = 0.0
    change: InstallOutcome | None = None
    warnings: tuple[str, ...] = ()


def pip_install(request: PipInstallRequest, tools: Tools) -> PipInstallOutcome:
    """Bring the requirements into the environment. Raises what resolving, downloading and installing raise."""
    started = clock.monotonic()
    if request.looked is None and not request.dry_run:
        put_right(request.scheme, request.lock, tools.log)
    present = request.looked.present if request.looked else read_installed(request.scheme.roots)
    if request.looked is None and _is_answered(request, tools, present):
        count = len(request.inputs.requirements) + len(request.inputs.unnamed)
        return PipInstallOutcome(checked=count, check_time=clock.monotonic() - started)
    if not request.inputs.is_complete:
        tools.workshop.begin(request.interpreter)
        request = msgspec.structs.replace(request, inputs=completing.completed(request.inputs, tools.workshop))
    lock = request.inputs.lock
    resolution = _resolve(request, tools, present) if lock is None else locked.locked(lock, _locking(request), tools)
    resolve_time = clock.monotonic() - started
    for text in resolution.cautions:
        request.on_caution(text)
    if lock is None:
        request.on_resolved(len(resolution.pins), resolve_time)
    requirements, reinstall = request.inputs.requirements, _reinstall(request, tools)
    asked = InstallRequest(
        resolution=without_editables(resolution, request.no_editable),
        scheme=request.scheme,
        options=PlanOptions(
            requested=frozenset(one.name for one in requirements),
            reinstall=reinstall,
            exact=request.exact or request.is_sync,
            kept=kept_tools(request.interpreter) if request.exact or request.is_sync else frozenset(),
        ),
        link_mode=tools.settings.installing.link_mode,
        lock=request.lock,
        dry_run=request.dry_run,
        compile_bytecode=tools.settings.installing.compile_bytecode,
        refresh=together(tools.settings.cache.refresh, reinstall),
        is_marked=not is_set(tools.variables, "UV_NO_INSTALLER_METADATA"),
    )
    change = install(asked, _install_tools(tools))
    warnings = (*resolution.warnings, *tools.session.warnings())
    return PipInstallOutcome(resolved=len(resolution.pins), resolve_time=resolve_time, change=change, warnings=warnings)


def _install_tools(tools: Tools) -> InstallTools:
    def make(pin: Pin, resolution: Resolution) -> File:
        return tools.workshop.wheel(pin, resolution)

    def look(path: str) -> Freshness:
        return tools.sources.freshness(path)

    return InstallTools(tools.downloads, tools.log, make=make, look=look)


def _is_answered(request: PipInstallRequest, tools: Tools, present: tuple[Installed, ...]) -> bool:
    """Say whether nothing is to be done, without asking any index (uv does the same unless told to upgrade)."""
    settings = tools.settings
    if request.exact or request.is_sync or request.inputs.overrides or request.inputs.lock is not None:
        return False
    if settings.resolving.upgrade or settings.installing.reinstall:
        return False
    reading = no_metadata if settings.resolving.no_deps else metadata_of

    def fresh(one: Installed, path: str) -> bool:
        return is_fresh(one, path, tools.sources.freshness)

    inputs = recognise(request.inputs, present, fresh)
    if not may_be_there(inputs):
        return False
    missing = not_met(inputs, request.interpreter, present, reading, fresh)
    if missing is not None:
        tools.log(Level.DEBUG, f"At least one requirement is not satisfied: {missing.name}{missing.specifier}")
    return missing is None


def _resolve(request: PipInstallRequest, tools: Tools, present: tuple[Installed, ...]) -> Resolution:
    """Resolve, or remember what a resolution came to: only for an environment that holds nothing yet."""
    options = tools.settings.resolving
    if request.inputs.require_hashes:
        options = msgspec.structs.replace(options, require_hashes=True)
    if request.is_sync:
        options = sync_options(options)
    posed = Posed(request.inputs, options, request.interpreter, (request.python_version, request.python_platform))
    found = None if present else recall(posed, tools)
    if found is None:
        tools.workshop.begin(request.interpreter)
        found = _solve(request, tools, options, present)
        if not present:
            remember(posed, found, tools)
    return found


def _solve(request: PipInstallRequest, tools: Tools, options: Resolving, present: tuple[Installed, ...]) -> Resolution:
    inputs = request.inputs
    asked = resolving.ResolveRequest(
        requirements=inputs.requirements,
        interpreter=request.interpreter,
        options=options,
        constraints=inputs.constraints,
        overrides=inputs.overrides,
        excludes=inputs.excludes,
        installed=() if request.exact else present,
        metadata_of=metadata_of,
        indexes=tools.settings.indexes,
        reinstall=_reinstall(request, tools),
        python_version=request.python_version,
        python_platform=request.python_platform,
    )
    try:
        found = resolving.resolve(asked, tools.catalogue, tools.log)
    except resolving.NoSolutionFound as failure:
        # What was "not found" may exist: some registries answer 404 to a token that has expired.
        failure.hints += tools.session.doubts()
        for text in failure.warnings:
            request.on_caution(text)
        raise
    doubt.check_doubts(found.pins, tools.settings.indexes, tools.session)
    return found


def _reinstall(request: PipInstallRequest, tools: Tools) -> Selection:
    """Say what is installed anew: also each tree that the command line names (uv)."""
    told, explicit = tools.settings.installing.reinstall, request.inputs.explicit
    trees = (one for one in request.inputs.requirements if isinstance(one.source, FromTree))
    return Selection(told.all, told.names | {one.name for one in trees if local_place(one.source) in explicit})


def without_editables(resolution: Resolution, selection: Selection) -> Resolution:
    """Let trees be installed as they are built, and not so that changes in them take effect (`--no-editable`)."""
    if not selection:
        return resolution
    pins = []
    for pin in resolution.pins:
        source = pin.source
        if isinstance(source, FromTree) and source.editable and selection.holds(pin.name):
            pin = msgspec.structs.replace(pin, source=msgspec.structs.replace(source, editable=False))  # noqa: PLW2901
        pins.append(pin)
    return msgspec.structs.replace(resolution, pins=tuple(pins))


def sync_options(options: Resolving) -> Resolving:
    """Say how a list of pins is resolved: what it names and no more, whatever else is said of choosing versions."""
    return msgspec.structs.replace(
        options,
        no_deps=True,
        upgrade=Selection(),
        resolution=ResolutionMode.HIGHEST,
        prerelease=PrereleaseMode.IF_NECESSARY,
        prerelease_package=(),
    )


def _locking(request: PipInstallRequest) -> locked.LockTarget:
    return locked.LockTarget(request.interpreter, request.python_version, request.python_platform)


def environment_scheme(python: Interpreter) -> tuple[Scheme, str]:
    """Give where an environment's files go, and the path of its lock."""
    scheme = Scheme(python.paths, python.executable, windows=python.markers["os_name"] == "nt")
    return scheme, os.path.join(python.prefix, ".lock")
