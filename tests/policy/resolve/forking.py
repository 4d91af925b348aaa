"""A resolution for all environments in few words, for tests of forks."""

from __future__ import annotations

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.python_tags import PythonTags
from keyrack.policy.markers.algebra import diagram, python_bounds, text, within_python
from keyrack.policy.resolve.environment import Everywhere
from keyrack.policy.resolve.fork_explain import fork_explanation
from keyrack.policy.resolve.fork_graph import ForkGraph, SolvedFork, to_universal
from keyrack.policy.resolve.fork_places import all_sources
from keyrack.policy.resolve.fork_split import forks_by_urgency
from keyrack.policy.resolve.fork_universe import ForkUniverse
from keyrack.policy.resolve.fork_world import ForkQuestion, World
from keyrack.policy.resolve.forks import first_forks
from keyrack.policy.resolve.hashes import wanted_hashes
from keyrack.policy.resolve.packages import ROOT
from keyrack.policy.resolve.question import Question, Target
from keyrack.policy.resolve.universe import ROOT_VERSION
from keyrack.policy.solver.branches import solve_branches
from keyrack.policy.solver.solve import NoSolution
from keyrack.values.log import silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import group_name, package_name
from keyrack.values.requirement import FromIndex, FromTree, Requirement
from tests.policy.resolve.asking import PYTHON, parsed

PYTHONS = ">=3.9"
TREE = FromTree("/somewhere/app")


def marker(text):
    """Read a marker."""
    return diagram(Marker(text)) if text else diagram(None)


def fork_question(*texts, pythons=PYTHONS, rules=None, required=(), fork=None, **words):
    """Ask for requirements; the rest are words of `Question`, `rules` and `fork` those of files and forks."""
    bounds = python_bounds(SpecifierSet(pythons))
    requirements = tuple(one for each in texts for one in (parsed(each) if isinstance(each, str) else (each,)))
    for key in ("constraints", "overrides"):
        words[key] = parsed(*words.get(key, ()))
    target = Target({}, PythonTags(bounds), PYTHON.python, PYTHON.python)
    file_rules = msgspec.structs.replace(FileRules(target.tags), **(rules or {}))
    question = Question(requirements, target, file_rules, **words)
    return ForkQuestion(question, bounds, required=tuple(map(marker, required)), **(fork or {}))


def project(catalogue, name="app", groups=None, requires=(), **words):
    """A tree that the catalogue knows."""
    app = package_name(name)
    named = {group_name(group): parsed(*texts) for group, texts in (groups or {}).items()}
    catalogue.sources[TREE] = Metadata(app, Version("1"), parsed(*requires), groups=named, **words)
    return Requirement(app, source=TREE)


def worlds(asked, catalogue, log=silent, forks=(), newest_first=True):
    """The universes to begin with."""
    question = asked.question
    every = (*question.direct, *question.constraints, *question.overrides)
    pins = {}
    for one in every:
        if isinstance(one.source, FromIndex) and one.source.index is not None:
            pins[one.name] = (*pins.get(one.name, ()), (diagram(one.marker), one.source.index))
    hashes = wanted_hashes(every, (), Everywhere(), required=False)
    asked = msgspec.structs.replace(asked, sources=all_sources(every, hashes, catalogue), pins=pins)
    world = World(asked, catalogue, log)
    first = forks_by_urgency(first_forks(map(marker, forks), world.conflicting), newest_first=newest_first)
    return [ForkUniverse(world, fork) for fork in first]


def solved(asked, catalogue, log=silent, **words):
    """Every fork with what was decided in it."""
    found = []
    for universe, solution in solve_branches(worlds(asked, catalogue, log, **words), ROOT, ROOT_VERSION):
        found.append(SolvedFork(universe, solution.decisions))
    return found


def universal(asked, catalogue, log=silent, **words):
    """The graph of all forks."""
    return to_universal(ForkGraph(solved(asked, catalogue, log, **words)))


def where(asked, catalogue, **words):
    """Each version that is chosen, and where it is needed."""
    found = universal(asked, catalogue, **words)
    return {f"{pin.name} {pin.version}": text(within_python(pin.marker, asked.pythons)) for pin in found.pins}


def forks(asked, catalogue, **words):
    """The markers of the forks."""
    found = universal(asked, catalogue, **words)
    return [text(within_python(fork, asked.pythons)) for fork in found.forks]


def fork_refusal(asked, catalogue, environment=None, **words):
    """Which fork has no solution, why, and the hints."""
    try:
        solved(asked, catalogue, **words)
    except NoSolution as failure:
        universe = failure.universe
        return (str(universe.fork), *fork_explanation(failure.derivation, universe, environment or PYTHON.markers))
    raise AssertionError("there is a solution")
