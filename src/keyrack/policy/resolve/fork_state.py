"""What one fork knows and has settled on its way: its own copy of all that may differ between forks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Self, TypeVar

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.chain import inclusion_hint
from keyrack.policy.resolve.fork_places import ForkPlaces
from keyrack.policy.resolve.fork_python import PythonRange
from keyrack.policy.resolve.fork_split import Needed
from keyrack.policy.resolve.fork_world import World
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.packages import Package
from keyrack.policy.resolve.prefetch import BatchPrefetch
from keyrack.policy.resolve.priorities import Priorities
from keyrack.policy.resolve.versions import Versions
from keyrack.values.log import Level
from keyrack.values.names import PackageName
from keyrack.values.points import Point
from keyrack.values.requirement import FromIndex, RequirementSource

Answered = TypeVar("Answered")


class ForkState:
    """What one fork knows and has settled. `needs` keeps what each version needs, with the requirements behind it."""

    def __init__(self, world: World, fork: Fork) -> None:
        """Start a fork of its own."""
        asked = world.asked
        self.world = world
        self.log = world.log
        self.fork = fork
        whole = PythonRange(asked.pythons, asked.question.target.installed, asked.said_by)
        self.python = whole.narrowed(fork.pythons)
        self.places = ForkPlaces(asked.sources, asked.pins, asked.question.indexes)
        self.question = world.question_for(fork, self.places)
        self.knowledge = Knowledge(self.question, world.catalogue, self.python)
        self.prefetch = BatchPrefetch(self.knowledge, world.catalogue, world.log)
        self.priorities = Priorities()
        self.candidates: dict[tuple[PackageName, Point], Candidate] = {}
        self.allowed: dict[PackageName, Versions] = {}
        self.chosen: dict[Package, tuple[Versions, Point]] = {}
        self.too_new: set[tuple[Package, Point]] = set()
        self.edges: dict[tuple[Package, Point], Mapping[Package, Versions]] = {}
        self.needs: dict[tuple[Package, Point], tuple[Needed, ...]] = {}
        self._is_new = True

    @property
    def members(self) -> frozenset[PackageName]:
        """The user's own projects."""
        return self.world.asked.members

    @property
    def visited(self) -> set[PackageName]:
        """The packages that were looked at, in any fork."""
        return self.world.visited

    def branch(self, fork: Fork) -> Self:
        """Give the state of a part of this fork."""
        other = copy(self)
        other.detach(fork)
        return other

    def detach(self, fork: Fork) -> None:
        """Become the state of a part of a fork, having been made as a shallow copy of its own."""
        narrowed = self.python.narrowed(fork.pythons)
        self.fork = fork
        self.python = narrowed
        self.places = self.places.branch()
        self.question = self.world.question_for(fork, self.places)
        self.knowledge = self.knowledge.branch(self.question, narrowed)
        self.prefetch = self.prefetch.branch(self.knowledge)
        self.priorities = self.priorities.branch()
        self.candidates = dict(self.candidates)
        self.allowed = dict(self.allowed)
        self.chosen = {}
        self.too_new = set(self.too_new)
        self.edges = dict(self.edges)
        self.needs = dict(self.needs)
        self._is_new = True

    def selected(self, name: PackageName, version: Point) -> Candidate:
        """Give the candidate that was decided on."""
        return self.candidates[name, version]

    def place(self, name: PackageName) -> RequirementSource:
        """Give the place that a package comes from; of an index only the one it is pinned to is known here."""
        return self.places.urls.get(name) or FromIndex(self.places.pins.get(name))

    def begin(self) -> None:
        """Log that this fork is being solved, once."""
        if self._is_new and not self.fork.is_everything:
            self.log(Level.DEBUG, f"Solving {self.fork} (requires-python: {self.python.bounds})")
        self._is_new = False

    def text(self, versions: Versions) -> str:
        """Write a range for the log."""
        return self.world.ranges.text(versions)

    def tell(self, package: Package, version: Point, dependency: Package, versions: Versions) -> None:
        """Log a dependency; what a project of the user's needs is direct."""
        what = f"{dependency}{self.text(versions)}"
        if not package.name or package.name in self.world.asked.members:
            self.log(Level.DEBUG, f"Adding direct dependency: {what}")
        else:
            self.log(Level.DEBUG, f"Adding transitive dependency for {package.name}=={version}: {what}")

    def with_chain(self, name: PackageName, work: Callable[[], Answered]) -> Answered:
        """Do something for a package; if it fails, add to the error how the package came to be needed."""
        try:
            return work()
        except KeyrackError as error:
            hint = inclusion_hint(name, self.edges)
            if hint is not None and hint not in error.hints:
                error.hints = (*error.hints, hint)
            raise
