"""Requirements become a `UniversalResolution`: one answer for all environments, or an explanation why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, allowed_yanks, file_rules
from keyrack.policy.index.python_tags import PythonTags
from keyrack.policy.markers.algebra import Diagram, diagram, python_bounds
from keyrack.policy.resolve.bounds import undated
from keyrack.policy.resolve.catalogue import Catalogue
from keyrack.policy.resolve.environment import Everywhere
from keyrack.policy.resolve.fork_bounds import universal_unbounded
from keyrack.policy.resolve.fork_graph import ForkGraph, SolvedFork, source_of, to_universal
from keyrack.policy.resolve.fork_places import Pins, all_sources
from keyrack.policy.resolve.fork_preferences import UniversalPreference
from keyrack.policy.resolve.fork_split import forks_by_urgency
from keyrack.policy.resolve.fork_universe import ForkUniverse
from keyrack.policy.resolve.fork_world import ForkQuestion, World
from keyrack.policy.resolve.forks import first_forks
from keyrack.policy.resolve.hashes import Hashes, wanted_hashes
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.python import PythonFrom
from keyrack.policy.resolve.question import PreferenceSource, Question, Target
from keyrack.policy.resolve.universe import ROOT_VERSION
from keyrack.policy.solver.branches import solve_branches
from keyrack.policy.solver.solve import NoSolution
from keyrack.values.conflicts import ConflictSet
from keyrack.values.graph import UniversalResolution
from keyrack.values.index import IndexId
from keyrack.values.late import LateModule
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.points import Point
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.settings import ForkStrategy, ResolutionMode

if TYPE_CHECKING:
    from keyrack.policy.resolve import fork_explain
else:  # Most resolutions do not fail.
    fork_explain = LateModule("keyrack.policy.resolve.fork_explain")


class UniversalRequest(msgspec.Struct, frozen=True):
    """What to resolve for all environments, and what is known already.

    Of `resolve` the target and the single preferences are not looked at. `requires_python` bounds the Pythons;
    `environments` are the markers to solve for (all of them if there are none), `required_environments` those for which
    every version needs a file. `forks` are the markers of an earlier resolution, which is where this one begins.
    `members` are the user's own projects, and `own` what these and other trees of the user's require: it may pin to
    indexes, and to versions that were yanked. `said_by` tells who bounds the Pythons.
    """

    resolve: ResolveRequest
    requires_python: SpecifierSet
    environments: tuple[Diagram, ...] = ()
    required_environments: tuple[Diagram, ...] = ()
    forks: tuple[Diagram, ...] = ()
    fork_strategy: ForkStrategy = ForkStrategy.REQUIRES_PYTHON
    conflicts: tuple[ConflictSet, ...] = ()
    preferences: Mapping[PackageName, tuple[UniversalPreference, ...]] = {}
    members: frozenset[PackageName] = frozenset()
    own: tuple[Requirement, ...] = ()
    said_by: PythonFrom = PythonFrom.REQUIRES_PYTHON


def resolve_universal(
    request: UniversalRequest, catalogue: Catalogue, log: Log = silent
) -> UniversalResolution[Diagram]:
    """Choose versions for all environments. Raises `NoSolutionFound`, and what the catalogue raises."""
    asked = to_fork_question(request, catalogue)
    world = World(asked, catalogue, log)
    options = request.resolve.options
    log(Level.DEBUG, f"Solving with installed Python version: {request.resolve.interpreter.python}")
    log(Level.DEBUG, f"Solving with target Python version: {str(asked.pythons).replace(',', ', ')}")
    if options.exclude_newer:
        log(Level.DEBUG, f"Solving with exclude-newer: {options.exclude_newer}")
    lowest = options.resolution is ResolutionMode.LOWEST
    newest_first = request.fork_strategy is ForkStrategy.REQUIRES_PYTHON and not lowest
    first = first_forks(request.forks or request.environments, world.conflicting)
    universes = [ForkUniverse(world, fork) for fork in forks_by_urgency(first, newest_first=newest_first)]
    solved: list[SolvedFork] = []
    try:
        for universe, solution in solve_branches(universes, ROOT, ROOT_VERSION):
            assert isinstance(universe, ForkUniverse)  # noqa: S101  # branches are made by universes of this kind
            solved.append(SolvedFork(universe, solution.decisions))
            _finish(solved[-1], world, options.resolution)
    except NoSolution as failure:
        unmet = _unmet(failure, request.resolve.interpreter.markers)
        unmet.warnings = tuple(world.told)
        raise unmet from failure
    if len(solved) > 1:
        log(Level.DEBUG, f"Solved your requirements for {len(solved)} environments")
    found = to_universal(ForkGraph(solved), with_all_files=request.resolve.with_all_files)
    for fork in solved:
        world.told.update(dict.fromkeys(undated(fork.universe.knowledge)))
    if lowest:
        world.told.update(dict.fromkeys(universal_unbounded(found, request.resolve.constraints)))
    return msgspec.structs.replace(found, warnings=tuple(world.told))


def _finish(solved: SolvedFork, world: World, mode: ResolutionMode) -> None:
    """Prefer in later forks what this one chose, unless it chose by other rules than they will."""
    universe = solved.universe
    universe.begin()  # nothing may have been left to choose
    world.log(Level.DEBUG, universe.prefetch.summary())
    if mode is ResolutionMode.LOWEST_DIRECT:
        return
    for package, version in solved.decisions.items():
        if package.name and package == package.base:
            source = source_of(package.name, version, solved)
            index = source.index if isinstance(source, FromIndex) else None
            preference = UniversalPreference(version, index, universe.fork.marker, PreferenceSource.FORK)
            world.preferred.add(package.name, preference)


def _unmet(failure: NoSolution[Package, Point], environment: Mapping[str, str]) -> NoSolutionFound:
    universe = failure.universe
    assert isinstance(universe, ForkUniverse)  # noqa: S101  # branches are made by universes of this kind
    text, hints = fork_explain.fork_explanation(failure.derivation, universe, environment)
    where = f" for {universe.fork}" if str(universe.fork) else ""
    return NoSolutionFound(f"No solution found when resolving dependencies{where}", causes=(text,), hints=hints)


def to_fork_question(request: UniversalRequest, catalogue: Catalogue) -> ForkQuestion:
    """Gather what the resolution needs. Reads the metadata of packages that come from a URL."""
    asked = request.resolve
    options = asked.options
    pythons = python_bounds(request.requires_python)
    installed = asked.interpreter.python
    target = Target({}, PythonTags(pythons), installed, installed)
    everywhere = Everywhere()
    own = (*asked.requirements, *asked.overrides)
    every = (*asked.requirements, *asked.constraints, *asked.overrides)
    hashes = Hashes()
    if options.require_hashes or options.verify_hashes:
        hashes = wanted_hashes(own, asked.constraints, everywhere, required=options.require_hashes)
    question = Question(
        direct=asked.requirements,
        target=target,
        rules=file_rules(asked, target, hashes, allowed_yanks((*every, *request.own), request.preferences)),
        indexes=asked.indexes,
        constraints=asked.constraints,
        overrides=asked.overrides,
        excludes=asked.excludes,
        resolution=options.resolution,
        prerelease=options.prerelease,
        prerelease_package=dict(options.prerelease_package),
        strategy=options.strategy,
        upgrade=options.upgrade,
        with_dependencies=not options.no_deps,
        hashes=hashes,
    )
    return ForkQuestion(
        question=question,
        pythons=pythons,
        strategy=request.fork_strategy,
        required=(*request.environments, *request.required_environments),
        conflicts=request.conflicts,
        sources=all_sources(every, hashes, catalogue),
        pins=_pins((*every, *request.own)),
        preferences=request.preferences,
        members=request.members,
        said_by=request.said_by,
    )


def _pins(every: Iterable[Requirement]) -> Pins:
    """Give the packages that the user pins to an index, each with the marker under which it is pinned."""
    found: dict[PackageName, tuple[tuple[Diagram, IndexId], ...]] = {}
    for one in every:
        if isinstance(one.source, FromIndex) and one.source.index is not None:
            found[one.name] = (*found.get(one.name, ()), (diagram(one.marker), one.source.index))
    return found
