"""From a resolution to an environment that holds it: first everything is prepared in the store, then it goes in."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from packaging.version import Version

from keyrack.adapters.clock import monotonic
from keyrack.adapters.freshness import freshness_of
from keyrack.adapters.site_packages import installed
from keyrack.errors import UnmetRequest
from keyrack.operations.bytecode import Bytecode, compile_all, compile_in_place
from keyrack.operations.commit import Coming, Commit, Stopped, changing
from keyrack.operations.fresh import is_fresh, local_place
from keyrack.policy.install.hashes import STORE
from keyrack.policy.install.plan import PlanOptions, plan
from keyrack.policy.install.reasons import inclusion
from keyrack.supply.downloads import DownloadFailed, Downloads, Wanted
from keyrack.values.artifact import File
from keyrack.values.freshness import Freshness
from keyrack.values.graph import Pin, Resolution
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.plan import Addition, InstallPlan, Scheme
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import LinkMode, Selection
from keyrack.values.source_url import file_url, source_text, source_url
from keyrack.values.url import Url
from keyrack.values.wheel import StoredWheel


class InstallRequest(msgspec.Struct, frozen=True):
    """What to install, where and how.

    `lock` is the path of the environment's lock, empty where the caller holds it. `link_mode` None is uv's default.
    `refresh` names what was asked for anew: that counts as prepared even where the answer was that it is the same.
    `is_marked` lets dist-info folders say who installed them.
    """

    resolution: Resolution
    scheme: Scheme
    options: PlanOptions = PlanOptions()
    link_mode: LinkMode | None = None
    lock: str = ""
    dry_run: bool = False
    compile_bytecode: bool = False
    refresh: Selection = Selection()
    is_marked: bool = True

    def is_prepared(self, name: PackageName, *, fresh: bool) -> bool:
        """Say whether people are told that a package was prepared."""
        return fresh or self.refresh.holds(name)


class Changed(msgspec.Struct, frozen=True):
    """One line of the outcome: `+`, `-` or `~` (reinstalled), name, version, and `source` where no index served it."""

    sign: str
    name: PackageName
    version: Version
    source: str = ""


class Phase(msgspec.Struct, frozen=True):
    """How many distributions a phase dealt with, and how many seconds it took."""

    count: int = 0
    seconds: float = 0.0


class InstallOutcome(msgspec.Struct, frozen=True):
    """What was done, or (`dry_run`) would be: `changes` sorted by name, removals before additions of one name.

    `checked` counts the pins where nothing was to be done; `compiled` the modules that came.
    """

    plan: InstallPlan
    changes: tuple[Changed, ...] = ()
    prepared: Phase = Phase()
    uninstalled: Phase = Phase()
    installed: Phase = Phase()
    compiled: Phase = Phase()
    checked: Phase = Phase()
    warnings: tuple[str, ...] = ()
    dry_run: bool = False


class InstallTools(msgspec.Struct, frozen=True):
    """What an installation needs of the run. `stop` says whether the user asked to stop.

    `make` gives the wheel of a pin that must be built first; the resolution says what it will run with. `look` gives
    what a tree or archive on this disk looks like.
    """

    downloads: Downloads
    log: Log = silent
    stop: Callable[[], bool] = lambda: False
    make: Callable[[Pin, Resolution], File] | None = None
    look: Callable[[str], Freshness] = lambda path: freshness_of(path, {})


def install(request: InstallRequest, tools: InstallTools) -> InstallOutcome:
    """Make the environment hold the resolution. On any failure it is left as it was."""
    with changing(request.scheme, "" if request.dry_run else request.lock, tools.log):
        return _install(request, tools)


def _install(request: InstallRequest, tools: InstallTools) -> InstallOutcome:
    started = monotonic()
    present = installed(request.scheme.roots)
    changed = request.options.changed | _changed(request.resolution, present, tools)
    change = plan(request.resolution, present, msgspec.structs.replace(request.options, changed=changed))
    for one in change.keep:
        tools.log(Level.DEBUG, f"Requirement already installed: {one.name}=={one.version}")
    if not (change.add or change.remove):
        checked = Phase(len(request.resolution.pins), monotonic() - started)
        return InstallOutcome(change, checked=checked, dry_run=request.dry_run)
    if request.dry_run:
        return _would(request, change, tools)
    before = monotonic()
    wheels = _prepare(request, change, tools)
    count = sum(request.is_prepared(wheel.manifest.name, fresh=wheel.fresh) for wheel in wheels)
    prepared = Phase(count, monotonic() - before)
    before = monotonic()
    bytecode = compile_all(request.scheme.executable, wheels) if request.compile_bytecode else Bytecode()
    compiled = Phase(bytecode.count, monotonic() - before) if request.compile_bytecode else Phase()
    if tools.stop():
        raise Stopped("Interrupted; the environment was left as it was")
    commit = Commit(request.scheme, request.link_mode, tools.stop)
    coming = [
        msgspec.structs.replace(_coming(addition, wheel, bytecode.name, tools), is_marked=request.is_marked)
        for addition, wheel in zip(change.add, wheels, strict=True)
    ]
    before = monotonic()
    commit.run(change.remove, coming, monotonic)
    if bytecode.count and not bytecode.name:
        compile_in_place(request.scheme, wheels)
    warnings = [f"{wheel.manifest.stem}: {text}" for wheel in wheels for text in wheel.manifest.warnings]
    return InstallOutcome(
        change,
        changes=changes(change),
        prepared=prepared,
        uninstalled=Phase(len(change.remove), commit.removed_at - before),
        installed=Phase(len(change.add), commit.linked_at - commit.removed_at),
        compiled=compiled,
        warnings=(*warnings, *commit.warnings),
    )


def changes(change: InstallPlan) -> tuple[Changed, ...]:
    """Write a plan as the lines that users read."""
    gone = {(one.name, one.version, _source(one.direct_url)) for one in change.remove}
    come = {(one.pin.name, one.pin.version, source_text(one.pin.source)) for one in change.add}
    lines = [("-", *key) for key in gone - come] + [("+", *key) for key in come - gone]
    lines += [("~", *key) for key in gone & come]
    order = {"-": 0, "~": 1, "+": 2}
    lines.sort(key=lambda line: (line[1], order[line[0]], line[2]))
    return tuple(Changed(*line) for line in lines)


def direct_url(pin: Pin, wheel: StoredWheel | None = None) -> DirectUrl | None:
    """Say where a pin that no index served comes from (PEP 610); a query may be a signature, so it is left out."""
    source = pin.source
    match source:
        case FromIndex():
            return None
        case FromTree():
            return DirectUrl(source_url(source), editable=bool(source.editable), is_tree=True)
        case FromGit():
            return DirectUrl(
                source_url(source),
                revision=source.commit,
                requested_revision=source.revision,
                subdirectory=source.subdirectory,
                lfs=bool(source.lfs),
            )
        case FromUrl():
            # What a wheel was built from has another hash than the wheel.
            is_wheel = wheel is not None and source.url.filename.endswith(".whl")
            known = wheel.manifest.digests if wheel and is_wheel else source.digests
            digests = tuple(each for each in known if each.algorithm == STORE)
            return DirectUrl(source_url(source), subdirectory=source.subdirectory, digests=digests)


def label(pin: Pin) -> str:
    """Write what messages call a pin."""
    place = source_text(pin.source)
    return f"{pin.name} @ {place}" if place else f"{pin.name}=={pin.version}"


def _prepare(request: InstallRequest, change: InstallPlan, tools: InstallTools) -> tuple[StoredWheel, ...]:
    try:
        return tools.downloads.wheels(_wanted(one, request.resolution, tools) for one in change.add)
    except DownloadFailed as error:
        why = next((inclusion(one.pin, request.resolution) for one in change.add if one.wheel == error.file), "")
        error.hints += (why,) if why else ()
        raise


def _wanted(addition: Addition, resolution: Resolution, tools: InstallTools) -> Wanted:
    """Say what is to be brought. What must be built is checked against what is expected before that."""
    pin, make = addition.pin, tools.make
    if addition.wheel is not None:
        return Wanted(addition.wheel, label(pin), pin.expected)
    if make is None or (not pin.files and isinstance(pin.source, FromIndex)):
        raise UnmetRequest(
            f"Failed to install `{label(pin)}`", causes=("It has no wheel for this Python, and nothing can be built",)
        )
    return Wanted(_built_from(pin), label(pin), make=lambda: make(pin, resolution))


def _built_from(pin: Pin) -> File:
    """Give what a pin is built from, for messages; a tree is no file."""
    if pin.files or isinstance(pin.source, FromIndex):
        return pin.files[0]
    return File(f"{pin.name}-{pin.version}", source_url(pin.source), None)


def _changed(resolution: Resolution, present: tuple[Installed, ...], tools: InstallTools) -> frozenset[Url]:
    """Find the local archives and trees that are not (or not certainly) what was installed from them."""
    changed = set[Url]()
    for pin in resolution.pins:
        path = local_place(pin.source)
        if path and not any(is_fresh(one, path, tools.look) for one in present if one.name == pin.name):
            changed.add(pin.source.url if isinstance(pin.source, FromUrl) else file_url(path))
    return frozenset(changed)


def _would(request: InstallRequest, change: InstallPlan, tools: InstallTools) -> InstallOutcome:
    def is_prepared(one: Addition) -> bool:
        fresh = one.wheel is None or not tools.downloads.stored(one.wheel, one.pin.expected)
        return request.is_prepared(one.pin.name, fresh=fresh)

    return InstallOutcome(
        change,
        changes=changes(change),
        prepared=Phase(sum(map(is_prepared, change.add))),
        uninstalled=Phase(len(change.remove)),
        installed=Phase(len(change.add)),
        dry_run=True,
    )


def _coming(addition: Addition, wheel: StoredWheel, bytecode: str, tools: InstallTools) -> Coming:
    path = local_place(addition.pin.source)
    look = tools.look(path) if path else None
    return Coming(wheel, addition.requested, direct_url(addition.pin, wheel), look, bytecode)


def _source(source: DirectUrl | None) -> str:
    """Write where something was installed from, in the words for what comes."""
    if source is None:
        return ""
    inside = source.subdirectory
    if source.revision:
        return source_text(FromGit(source.url, subdirectory=inside, commit=source.revision, lfs=source.lfs))
    return source_text(FromUrl(source.url, subdirectory=inside))
