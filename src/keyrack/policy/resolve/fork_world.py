"""What all forks of one resolution have in common: the question, what was found out once, and what is preferred."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from keyrack.policy.index.choose import Choice
from keyrack.policy.index.coverage import coverage, usable_wheels
from keyrack.policy.markers.algebra import Bounds, Diagram, diagram
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.catalogue import Catalogue
from keyrack.policy.resolve.fork_places import ForkPlaces, Pins, Sources
from keyrack.policy.resolve.fork_preferences import ForkPreferences, Preferred, UniversalPreference
from keyrack.policy.resolve.fork_requirements import ForkRequirements
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.python import PythonFrom
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.versions import SpecifierRanges
from keyrack.values.conflicts import ConflictSet
from keyrack.values.log import Log
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.settings import ForkStrategy, ResolutionMode


class ForkQuestion(msgspec.Struct, frozen=True):
    """A question for all environments with a Python in `pythons`.

    `question.urls` is not looked at: `sources` are all places that some fork may take a package from, and `pins` the
    indexes that a package is pinned to, each with the requirements' marker. `required` are environments for which every
    version needs a file. `members` are the user's own projects, `said_by` tells who bounds the Pythons.
    """

    question: Question
    pythons: Bounds
    strategy: ForkStrategy = ForkStrategy.REQUIRES_PYTHON
    required: tuple[Diagram, ...] = ()
    conflicts: tuple[ConflictSet, ...] = ()
    sources: Sources = {}
    pins: Pins = {}
    preferences: Mapping[PackageName, tuple[UniversalPreference, ...]] = {}
    members: frozenset[PackageName] = frozenset()
    said_by: PythonFrom = PythonFrom.REQUIRES_PYTHON


class World:
    """Shared by the forks, which are solved one after the other."""

    def __init__(self, asked: ForkQuestion, catalogue: Catalogue, log: Log) -> None:
        """Start with nothing found out."""
        question = asked.question
        self.asked = asked
        self.catalogue = catalogue
        self.log = log
        self.ranges = SpecifierRanges()
        self.requirements = ForkRequirements(question.constraints, question.overrides, question.excludes)
        self.preferred = Preferred(asked.preferences)
        self.visited: set[PackageName] = set()
        # Warnings, each once, in the order in which they came up.
        self.told: dict[str, None] = {}
        self.conflicting = frozenset(item for items in asked.conflicts for item in items)
        # The choice is kept too: so its id stays its own.
        self._wheels: dict[tuple[PackageName, int], tuple[Choice, tuple[str, ...] | None]] = {}

    def question_for(self, fork: Fork, places: ForkPlaces) -> Question:
        """Give the question of one fork. Its places may still grow."""
        question = self.asked.question
        direct = tuple(one for one in question.direct if fork.admits(diagram(one.marker)))
        preferences = ForkPreferences(self.preferred, fork, highest=_is_highest(question, direct))
        return msgspec.structs.replace(
            question, direct=direct, urls=places.urls, pins=places.pins, preferences=preferences
        )

    def wheels(self, name: PackageName, candidate: Candidate) -> tuple[str, ...] | None:
        """Give the names of the wheels of a version that can be used somewhere; None where an sdist can be, too."""
        choice = candidate.choice
        assert choice is not None  # noqa: S101  # nothing is installed everywhere, and a URL's one file is asked itself
        if not choice.is_wheel:
            return None
        key = name, id(choice)
        known = self._wheels.get(key)
        if known is None:
            known = choice, usable_wheels(name, candidate.version, choice, self.asked.question.rules)
            self._wheels[key] = known
        return known[1]

    def covers(self, name: PackageName, candidate: Candidate) -> Diagram:
        """Give where a version can be used, by its files."""
        return coverage(self.wheels(name, candidate))


def _is_highest(question: Question, direct: tuple[Requirement, ...]) -> Callable[[PackageName], bool]:
    if question.resolution is not ResolutionMode.LOWEST_DIRECT:
        return lambda _: question.resolution is ResolutionMode.HIGHEST
    names = frozenset(one.name for one in direct)
    return lambda name: name not in names
