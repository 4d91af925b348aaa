"""PubGrub: choose a version of every package that is needed, or say why that cannot be done.

The solver asks a `Universe` which versions there are and what they depend on, and knows nothing else of packages or
versions but that versions have an order. It may be read beside `docs/solver.md` and the paper that it names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Generic, Protocol, TypeAlias

import msgspec

from keyrack.policy.solver import derivation
from keyrack.policy.solver.agenda import Agenda
from keyrack.policy.solver.conflicts import Conflict
from keyrack.policy.solver.derivation import FromDependency, P
from keyrack.policy.solver.incompatibility import Incompatibility
from keyrack.policy.solver.ranges import Ordered, Ranges, V
from keyrack.policy.solver.state import NoSolution, State

__all__ = (
    "Absent",
    "Answer",
    "Barred",
    "Branch",
    "NoSolution",
    "Requires",
    "Solution",
    "Solver",
    "Split",
    "Universe",
    "Unusable",
    "solve",
)


class Requires(msgspec.Struct, Generic[P, V], frozen=True):
    """What one version of a package depends on.

    `proxies` names, for dependencies that stand for a part of another package, that base package. Every version of a
    proxy must depend on the same version of its base; the solver then knows at once that both need the same range.
    `again` are the dependencies from the first on that names a package once more, so that each is told as written.
    """

    dependencies: Mapping[P, Ranges[V]]
    proxies: Mapping[P, P] = {}
    again: Sequence[tuple[P, Ranges[V]]] = ()


class Unusable(msgspec.Struct, frozen=True):
    """The version cannot be used. The reason is the report's to word; equal reasons are told once."""

    reason: object


class Absent(msgspec.Struct, frozen=True):
    """No version of the package in the asked range can be used, for a reason of the package's own.

    Not found, refused by its index, not in the cache while offline. The reason is the report's to word.
    """

    reason: object


class Barred(msgspec.Struct, Generic[V], frozen=True):
    """The version that would be chosen cannot be used any more, although its dependencies may be known.

    Only where a universe has fallen apart: what could be used in the whole may be out of the question in a part.
    """

    version: V
    reason: object


class Solution(msgspec.Struct, Generic[P, V], frozen=True):
    """The decided version of each package in the order of decision, the root first; and how many were tried."""

    decisions: Mapping[P, V]
    tried: Mapping[P, int]


Answer: TypeAlias = Requires[P, V] | Unusable


class Universe(Protocol[P, V]):
    """Where the solver's packages come from. Any of these may take its time: the solver waits."""

    def next_package(self, undecided: Mapping[P, Ranges[V]]) -> P:
        """Name the package to decide next, one of the keys of `undecided`.

        The mapping is never empty, and is the solver's own: read it now, do not keep it, and do not rely on its order.
        """

    def choose_version(self, package: P, allowed: Ranges[V]) -> V | Absent | Barred[V] | None:
        """Choose a version in `allowed`; `None` where the package has none there."""

    def dependencies(self, package: P, version: V) -> Requires[P, V] | Unusable:
        """Say what a version depends on. Asked once for each version, except after `Unusable`."""

    def conflicted(self, affected: P, culprit: P) -> P | None:
        """Hear that the decision on `affected` met what was decided on `culprit`.

        May name a package: once propagation is done, the solver goes back to before the decision on it, so that
        `next_package` can order anew.
        """

    def mentioned(self, package: P, versions: Ranges[V]) -> None:
        """Hear early that a version just chosen depends on a package, so that fetching can start."""


class Branch(msgspec.Struct, Generic[P, V], frozen=True):
    """One of the universes into which another falls apart; `enter` makes it once its turn has come.

    What is settled there of the package in question: `version` is what is chosen, `answer` tells what that depends on;
    where they are None, the universe will be asked.
    """

    enter: Callable[[], Universe[P, V]]
    version: V | None = None
    answer: Callable[[Universe[P, V]], Requires[P, V]] | None = None


class Split(Exception, Generic[P, V]):  # it is no error: `solve_branches` goes on with each branch
    """Raised by a universe that is asked for a version or its dependencies, and has several answers."""

    def __init__(self, branches: Sequence[Branch[P, V]]) -> None:
        """Keep the branches; the last one is solved first."""
        super().__init__("the universe falls apart")
        self.branches = branches


def solve(universe: Universe[P, V], root: P, version: V) -> Solution[P, V]:
    """Choose versions for the root and all that it needs. Raises `NoSolution`, and what the universe raises.

    The root's version is given, so the universe is asked for its dependencies only. A universe may also have:

    - `span(package, version) -> Ranges | None`: a range that holds this version and no other that could ever be chosen
      (`Ranges.gap` makes it from the known versions). With it, facts about successive versions become facts about one
      interval, which is faster to work with.
    - `rank(package, allowed)`, which gives something that can be compared: the undecided package of the smallest rank
      is next, equal ones in the order of discovery. It is asked again only after what is allowed changed, which is
      much cheaper than `next_package`, which is then not called.
    - `conflicts(deciding, found) -> Iterable[package]`: told once after each propagation, in place of `conflicted`, of
      all conflicts since the last decision, on `deciding`: for each the package whose assignment completed the
      incompatibility and the others in it. It gives the packages to go back on. `ConflictCounts` counts them.
    """
    return Solver(universe, root, version).run()


class Solver(Generic[P, V]):
    """One run: the loop between the state and the universe."""

    def __init__(self, universe: Universe[P, V], root: P, version: V) -> None:
        self._root = root
        self._root_version = version
        self._state: State[P, V] = State(root, version)
        self._tried: dict[P, int] = {}
        # Versions whose dependencies are known: they need not be asked for when such a version is chosen again.
        self._known: set[tuple[int, V]] = set()
        # Conflicts that the universe was not yet told of.
        self._conflicts: list[Conflict[P]] = []
        # The package that was decided last, and what was settled for it before it is decided again.
        self._package = root
        self._settled: Branch[P, V] | None = None
        self._agenda: Agenda[P, V, Ordered] | None = None
        self._listen(universe)

    def _listen(self, universe: Universe[P, V]) -> None:
        """Take a universe, with what it offers beyond the necessary."""
        self.universe = universe
        rank: Callable[[P, Ranges[V]], Ordered] | None = getattr(universe, "rank", None)
        if rank is not None:
            self._agenda = Agenda(rank) if self._agenda is None else self._agenda.handed_to(rank)
        self._mentioned: Callable[[P, Ranges[V]], None] | None = getattr(universe, "mentioned", None)
        self._span: Callable[[P, V], Ranges[V] | None] | None = getattr(universe, "span", None)
        judge: Callable[[P, Sequence[Conflict[P]]], Iterable[P]] | None = getattr(universe, "conflicts", None)
        self._judge = judge or self._each

    def run(self) -> Solution[P, V]:
        """Propagate and decide in turn until nothing is left to decide."""
        state = self._state
        undecided = state.partial.undecided
        while True:
            if self._settled is None:
                for completed, cause in state.propagate(state.number(self._package)):
                    self._note(completed, cause)
                self._tell(self._package)
                if not undecided:
                    return Solution(state.partial.decisions(), self._tried)
                if state.partial.level:
                    self._package = self._next(undecided)
            self._decide(self._package, undecided[self._package])

    def rest(self) -> None:
        """Stop here for a while, so that branches of this solver may run."""
        self._state.partial.rest()

    def branch(self, settled: Branch[P, V]) -> "Solver[P, V]":
        """Give another solver that goes on from here in another universe. This one must rest."""
        other = copy(self)
        other.detach(settled)
        return other

    def detach(self, settled: Branch[P, V]) -> None:
        """Go one's own way in a universe, having been made as a shallow copy of another solver."""
        self._settled = settled
        self._state = copy(self._state)
        self._state.detach()
        self._tried = dict(self._tried)
        self._known = set(self._known)
        self._conflicts = list(self._conflicts)
        self._listen(settled.enter())

    def _next(self, undecided: Mapping[P, Ranges[V]]) -> P:
        """Pick the package to decide."""
        if self._agenda is None:
            return self.universe.next_package(undecided)
        return self._agenda.next_package(self._state.partial)

    def _decide(self, package: P, allowed: Ranges[V]) -> None:
        """Choose a version, or learn why none can be chosen."""
        settled, self._settled = self._settled, None
        version: V | Absent | Barred[V] | None = None if settled is None else settled.version
        if settled is not None and settled.version is not None and settled.answer is not None:
            self._accept(package, settled.version, settled.answer(self.universe))
            return
        number = self._state.number(package)
        if version is None:
            version = self._choose(package, allowed)
        if isinstance(version, Absent):
            self._state.forbid(number, allowed, derivation.Absent(package, allowed, version.reason))
        elif isinstance(version, Barred):
            self._forbid(package, version.version, version.reason)
        elif version is None:
            self._state.forbid(number, allowed, derivation.NoVersions(package, allowed))
        else:
            self._tried[package] = self._tried.get(package, 0) + 1
            if (number, version) in self._known:
                self._state.partial.decide(number, version)
            else:
                self._try(package, version)

    def _choose(self, package: P, allowed: Ranges[V]) -> V | Absent | Barred[V] | None:
        """Ask for a version; the root's is given."""
        if package == self._root:
            return self._root_version
        version = self.universe.choose_version(package, allowed)
        if version is not None and not isinstance(version, Absent | Barred) and not allowed.contains(version):
            message = f"the universe chose {package} {version}, which is not in {allowed}"
            raise ValueError(message)
        return version

    def _try(self, package: P, version: V) -> None:
        """Decide on a version that was not seen before, if it can be used."""
        answer = self.universe.dependencies(package, version)
        if isinstance(answer, Unusable):
            self._forbid(package, version, answer.reason)
        else:
            self._accept(package, version, answer)

    def _forbid(self, package: P, version: V, reason: object) -> None:
        """Learn that a version cannot be used."""
        versions = self._around(package, version)
        self._state.forbid(self._state.number(package), versions, derivation.Unusable(package, versions, reason))

    def _around(self, package: P, version: V) -> Ranges[V]:
        """Give the range of which what is learned of a version is true."""
        versions = self._span(package, version) if self._span else None
        return Ranges.singleton(version) if versions is None else versions

    def _accept(self, package: P, version: V, answer: Requires[P, V]) -> None:
        """Learn what a version depends on, and decide on it unless that already speaks against it."""
        number = self._state.number(package)
        self._known.add((number, version))
        learned = self._learn(package, version, self._around(package, version), answer)
        # Until something went wrong, nothing is likely to: then the check is left to propagation.
        partial = self._state.partial
        if partial.has_backtracked:
            for incompatibility in learned:
                if partial.would_satisfy(incompatibility, number, version):
                    self._note(number, incompatibility)
                    return
        partial.decide(number, version)

    def _learn(
        self, package: P, version: V, versions: Ranges[V], answer: Requires[P, V]
    ) -> list[Incompatibility[P, V]]:
        """Add the dependencies of a version to what is known of its span, those of proxies on their bases first."""
        state = self._state
        everything = (*answer.dependencies.items(), *answer.again)
        for proxy, wanted in everything if answer.proxies else ():
            base = answer.proxies.get(proxy)
            if base is not None:
                state.add_dependency(state.number(proxy), FromDependency(proxy, wanted, base, wanted))
        learned = []
        number = state.number(package)
        for dependency, wanted in everything:
            if dependency == package and wanted.contains(version):
                continue
            learned.append(state.add_dependency(number, FromDependency(package, versions, dependency, wanted)))
            if self._mentioned:
                self._mentioned(dependency, wanted)
        return learned

    def _note(self, completed: int, cause: Incompatibility[P, V]) -> None:
        """Keep who met whom in a conflict."""
        names = self._state.partial.names
        others = tuple(names[number] for number, _ in cause.pairs if number != completed)
        self._conflicts.append((names[completed], others))

    def _tell(self, deciding: P) -> None:
        """Tell the universe of the conflicts, and go back to before the decisions that it regrets."""
        if self._conflicts:
            found, self._conflicts = self._conflicts, []
            for package in self._judge(deciding, found):
                self._state.partial.backtrack_before(self._state.number(package))

    def _each(self, deciding: P, found: Sequence[Conflict[P]]) -> Iterable[P]:
        """Tell a universe that hears of conflicts one by one."""
        told = [self.universe.conflicted(deciding, other) for _, others in found for other in others]
        return [package for package in told if package is not None]
