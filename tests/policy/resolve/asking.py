"""A question and a catalogue in few words, for tests of the resolver's rooms."""

from __future__ import annotations

import msgspec

from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.tags import tags_of
from keyrack.policy.resolve.explain import explanation
from keyrack.policy.resolve.graph import to_resolution
from keyrack.policy.resolve.packages import ROOT
from keyrack.policy.resolve.question import Question, Target
from keyrack.policy.resolve.universe import ROOT_VERSION, Universe
from keyrack.policy.solver.solve import NoSolution, solve
from keyrack.values.log import silent
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.wheels import wheel

PYTHON = a_python("3.12.1")
TARGET = Target(PYTHON.markers, tags_of(PYTHON), PYTHON.python, PYTHON.python)
RULES = FileRules(TARGET.tags)


def parsed(*texts):
    return tuple(parse_requirement(text) for text in texts)


def question(*texts, rules=None, **words):
    for key in ("constraints", "overrides"):
        words[key] = parsed(*words.get(key, ()))
    return Question(parsed(*texts), TARGET, msgspec.structs.replace(RULES, **(rules or {})), **words)


def stock(packages, **words):
    """A catalogue of `{"lib 1.0": ["dep>=1"]}`; a value may also be the words that the wheel builder takes."""
    artifacts = []
    for key, about in packages.items():
        name, version = key.split()
        artifacts.append(wheel(name, version, **(about if isinstance(about, dict) else {"requires": about})))
    return MemoryCatalogue(artifacts, **words)


def pins(asked, catalogue, log=silent, **words):
    """The versions that are chosen, by name."""
    return {pin.name: str(pin.version) for pin in graph(asked, catalogue, log, **words).pins}


def graph(asked, catalogue, log=silent, *, with_all_files=False):
    universe = Universe(asked, catalogue, log)
    solution = solve(universe, ROOT, ROOT_VERSION)
    return to_resolution(asked, universe, solution.decisions, with_all_files=with_all_files)


def refusal(asked, catalogue):
    """Why there is no solution, and the hints."""
    universe = Universe(asked, catalogue)
    try:
        solve(universe, ROOT, ROOT_VERSION)
    except NoSolution as failure:
        return explanation(failure.derivation, universe, asked)
    raise AssertionError("there is a solution")


class Told:
    """A log that keeps its lines."""

    def __init__(self):
        self.lines = []

    def __call__(self, level, line):
        self.lines.append(f"{level.name} {line}")
