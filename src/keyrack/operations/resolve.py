"""Requirements become a `Resolution`, or an explanation why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec
from packaging.version import Version

from keyrack.errors import KeyrackError, UnmetRequest
from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.tags import make_tags, platform_tags, tags_of
from keyrack.policy.index.targets import target_platform
from keyrack.policy.resolve.bounds import unbounded, undated
from keyrack.policy.resolve.catalogue import Catalogue
from keyrack.policy.resolve.direct import direct_urls
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.graph import to_resolution
from keyrack.policy.resolve.hashes import Hashes, wanted_hashes
from keyrack.policy.resolve.packages import ROOT
from keyrack.policy.resolve.question import MetadataOf, Preference, Question, Target, unreadable
from keyrack.policy.resolve.universe import ROOT_VERSION, Universe
from keyrack.policy.solver.solve import NoSolution, solve
from keyrack.values.artifact import parse_version
from keyrack.values.cutoff import Cutoff
from keyrack.values.graph import Resolution
from keyrack.values.index import Indexes, IndexFormat, IndexId
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.late import LateModule
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.settings import Resolving, Selection

if TYPE_CHECKING:
    from keyrack.policy.resolve import explain
else:  # Most resolutions do not fail.
    explain = LateModule("keyrack.policy.resolve.explain")


class ResolveRequest(msgspec.Struct, frozen=True):
    """What to resolve, for which Python. `requirements` are the user's own and those of local projects.

    `python_version` and `python_platform` name another target than the interpreter (`--python-version`,
    `--python-platform`). `with_all_files` asks for every file of each version, for hashes and locks. `indexes` are told
    about in hints. `metadata_of` reads an installed distribution. Where it `trusts_constraints`, only those say of
    hashes: the requirements are somebody else's.
    """

    requirements: tuple[Requirement, ...]
    interpreter: Interpreter
    options: Resolving = Resolving()
    indexes: Indexes = Indexes()
    constraints: tuple[Requirement, ...] = ()
    overrides: tuple[Requirement, ...] = ()
    excludes: frozenset[PackageName] = frozenset()
    preferences: Mapping[PackageName, tuple[Preference, ...]] = {}
    installed: tuple[Installed, ...] = ()
    metadata_of: MetadataOf = unreadable
    reinstall: Selection = Selection()
    python_version: str = ""
    python_platform: str = ""
    with_all_files: bool = False
    trusts_constraints: bool = False


class ConflictingIndexes(KeyrackError):
    """A package is pinned to two indexes at once."""


class NoSolutionFound(UnmetRequest):
    """The requirements cannot be met together; the cause is the derivation in words.

    `warnings` are what the user should hear before that.
    """

    warnings: tuple[str, ...] = ()


def resolve(request: ResolveRequest, catalogue: Catalogue, log: Log = silent) -> Resolution:
    """Choose a version of everything that is needed. Raises `NoSolutionFound`, and what the catalogue raises."""
    question = to_question(request, catalogue)
    universe = Universe(question, catalogue, log)
    python = universe.knowledge.python
    log(Level.DEBUG, f"Solving with installed Python version: {python.installed}")
    log(Level.DEBUG, f"Solving with target Python version: >={python.target}")
    if request.options.exclude_newer:
        log(Level.DEBUG, f"Solving with exclude-newer: {request.options.exclude_newer}")
    try:
        solution = solve(universe, ROOT, ROOT_VERSION)
    except NoSolution as failure:
        text, hints = explain.explanation(failure.derivation, universe, question)
        unmet = NoSolutionFound("No solution found when resolving dependencies", causes=(text,), hints=hints)
        unmet.warnings = (*unbounded(question), *undated(universe.knowledge))
        raise unmet from failure
    log(Level.DEBUG, universe.prefetch.summary())
    found = to_resolution(question, universe, solution.decisions, with_all_files=request.with_all_files)
    return msgspec.structs.replace(found, cautions=(*unbounded(question), *undated(universe.knowledge)))


def to_question(request: ResolveRequest, catalogue: Catalogue) -> Question:
    """Gather what one environment's resolution needs. Reads the metadata of packages that come from a URL."""
    options = request.options
    target = target_of(request)
    environment = Environment(target.markers)
    every = (*request.requirements, *request.constraints, *request.overrides)
    applying = tuple(one for one in every if environment.holds(one.marker))
    hashes = Hashes()
    if options.require_hashes or options.verify_hashes:
        own = () if request.trusts_constraints else (*request.requirements, *request.overrides)
        hashes = wanted_hashes(own, request.constraints, environment, required=options.require_hashes)
    return Question(
        direct=request.requirements,
        target=target,
        rules=file_rules(request, target, hashes, allowed_yanks(applying, request.preferences)),
        indexes=request.indexes,
        constraints=request.constraints,
        overrides=request.overrides,
        excludes=request.excludes,
        pins=_pins(applying, request.indexes),
        preferences=request.preferences,
        installed=by_name(request.installed),
        resolution=options.resolution,
        prerelease=options.prerelease,
        prerelease_package=dict(options.prerelease_package),
        strategy=options.strategy,
        upgrade=options.upgrade,
        reinstall=request.reinstall,
        with_dependencies=not options.no_deps,
        urls=direct_urls(applying, hashes, environment, catalogue),
        hashes=hashes,
        metadata_of=request.metadata_of,
    )


def file_rules(
    request: ResolveRequest, target: Target, hashes: Hashes, yanks: dict[PackageName, frozenset[Point]]
) -> FileRules:
    """Say which files count. `yanks` are the versions that may be used although they were yanked."""
    options = request.options
    no_build = Selection(
        options.no_build.all or options.only_binary.all, options.no_build.names | options.only_binary.names
    )
    return FileRules(
        target.tags,
        exclude_newer=_instant(options.exclude_newer),
        exclude_newer_package={name: _instant(when) for name, when in options.exclude_newer_package},
        exclude_newer_index={
            index.id: _instant(index.exclude_newer) for index in request.indexes.all if index.exclude_newer is not None
        },
        undated=frozenset(index.id for index in request.indexes.all if index.format is IndexFormat.FLAT),
        available_until=_instant(Cutoff(options.available_until)),
        no_binary=options.no_binary,
        no_build=no_build,
        allowed_yanks=yanks,
        digests=hashes.versions,
    )


def target_of(request: ResolveRequest) -> Target:
    """Describe the environment to resolve for: the interpreter's own, or the version and platform that were named."""
    interpreter = request.interpreter
    if not request.python_version and not request.python_platform:
        return Target(interpreter.markers, tags_of(interpreter), interpreter.python, interpreter.python)
    markers = dict(interpreter.markers)
    python = interpreter.python
    platform = interpreter.platform
    if request.python_version:
        python = _full_version(request.python_version)
        markers["python_version"] = f"{python.major}.{python.minor}"
        markers["python_full_version"] = str(python)
        if markers["implementation_name"] == "cpython":
            markers["implementation_version"] = str(python)
    if request.python_platform:
        named = target_platform(request.python_platform)
        platform = named.newest
        markers |= named.markers
    tags = make_tags(
        interpreter.implementation, (python.major, python.minor), platform_tags(platform), interpreter.gil_disabled
    )
    return Target(markers, tags, python, interpreter.python)


def _full_version(text: str) -> Version:
    """Read `--python-version`: `3.9` means its first release, 3.9.0."""
    version = parse_version(text)
    return version if len(version.release) > 2 else parse_version(f"{version.major}.{version.minor}.0")


def _instant(cutoff: Cutoff | None) -> datetime | None:
    if cutoff is None or not cutoff.instant:
        return None
    found = datetime.fromisoformat(cutoff.instant)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Chosen(Protocol):
    """A version that was chosen before."""

    @property
    def version(self) -> Point:
        """The version."""
        ...


def allowed_yanks(
    applying: Iterable[Requirement], preferences: Mapping[PackageName, tuple[Chosen, ...]]
) -> dict[PackageName, frozenset[Point]]:
    """A yanked version is used only where the user pins it exactly, or where it is preferred already (PEP 592)."""
    found: dict[PackageName, set[Point]] = {}
    for one in applying:
        specifiers = list(one.specifier)
        if len(specifiers) == 1 and specifiers[0].operator in ("==", "===") and "*" not in specifiers[0].version:
            found.setdefault(one.name, set()).add(point(specifiers[0].version))
    for name, some in preferences.items():
        found.setdefault(name, set()).update(preference.version for preference in some)
    return {name: frozenset(versions) for name, versions in found.items()}


def _pins(applying: tuple[Requirement, ...], indexes: Indexes) -> dict[PackageName, IndexId]:
    """Give the packages that the user pins to an index. Raises `ConflictingIndexes` for one that is pinned to two."""
    found: dict[PackageName, IndexId] = {}
    for one in applying:
        if isinstance(one.source, FromIndex) and one.source.index is not None:
            known = found.setdefault(one.name, one.source.index)
            if known != one.source.index:
                places = sorted(_place(each, indexes) for each in (known, one.source.index))
                raise ConflictingIndexes(
                    f"Requirements contain conflicting indexes for package `{one.name}`:\n- " + "\n- ".join(places)
                )
    return found


def _place(index: IndexId, indexes: Indexes) -> str:
    found = indexes.by_id(index)
    return index if found is None else str(found.url)


def by_name(installed: tuple[Installed, ...]) -> dict[PackageName, tuple[Installed, ...]]:
    """Sort what is installed by name."""
    found: dict[PackageName, tuple[Installed, ...]] = {}
    for one in installed:
        found[one.name] = (*found.get(one.name, ()), one)
    return found
