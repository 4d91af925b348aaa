"""The partial solution: decisions and derivations in the order in which they were made.

Each assignment belongs to a decision level, and going back to a level takes back all that came after it. What is known
of a package is the intersection of its assignments. See `docs/solver.md#partial-solution`.
"""

from bisect import bisect_left
from typing import Final, Generic, NamedTuple

from keyrack.policy.solver.derivation import P
from keyrack.policy.solver.incompatibility import Incompatibility
from keyrack.policy.solver.ranges import Ranges, V
from keyrack.policy.solver.term import CONTRADICTED, SATISFIED, Term

# How the partial solution relates to an incompatibility. A number from 0 up is the one package whose term is not yet
# satisfied: the incompatibility is almost satisfied.
ALL_SATISFIED: Final = -1
ONE_CONTRADICTED: Final = -2
SEVERAL_OPEN: Final = -3


class Derived(NamedTuple, Generic[P, V]):
    """A derivation: when it was made, why, and what was known of its package from then on."""

    place: int
    level: int
    cause: Incompatibility[P, V]
    known: Term[V]


class Satisfier(NamedTuple, Generic[P, V]):
    """The first assignment after which a term held; a decision has no cause."""

    place: int
    level: int
    cause: Incompatibility[P, V] | None


class PartialSolution(Generic[P, V]):
    """What is decided and derived so far. Packages are numbers; `names` gives their names.

    `undecided` is kept up to date: the packages that must be chosen and are not yet, with their ranges. `changed` are
    the packages of which more or less is known than when it was last cleared, if they must be chosen.
    """

    __slots__ = (
        "_contradicted", "_derivations", "_indexes", "_kept", "_known", "_nothing_known", "_starts", "_trail",
        "_versions", "changed", "has_backtracked", "names", "undecided",
    )  # fmt: skip

    def __init__(self) -> None:
        """Start with no package."""
        self.names: list[P] = []
        self.undecided: dict[P, Ranges[V]] = {}
        self.changed: set[int] = set()
        self.has_backtracked = False
        self._nothing_known: Term[V] = Term(Ranges.full(), True)
        # Every term that was ever known, one object for each: terms remember them by identity.
        self._kept: dict[Term[V], Term[V]] = {}
        self._known: list[Term[V] | None] = []
        self._versions: list[V | None] = []
        self._indexes: list[int] = []
        self._derivations: list[list[Derived[P, V]]] = []
        # The package of every assignment in order, and where in that list each decision level starts.
        self._trail: list[int] = []
        self._starts: list[int] = []
        self._contradicted: list[list[Incompatibility[P, V]]] = [[]]

    def detach(self) -> None:
        """Go one's own way, having been made as a shallow copy of another.

        What terms remember of one another is shared, and so are the terms that are kept alive for it; marks on
        incompatibilities must have been taken back (`rest`).
        """
        self.names = list(self.names)
        self.undecided = dict(self.undecided)
        self.changed = set(self.changed)
        self._known = list(self._known)
        self._versions = list(self._versions)
        self._indexes = list(self._indexes)
        self._derivations = [list(some) for some in self._derivations]
        self._trail = list(self._trail)
        self._starts = list(self._starts)
        self._contradicted = [[] for _ in self._contradicted]

    def rest(self) -> None:
        """Take back all marks on incompatibilities, which copies share; they only save work."""
        for incompatibilities in self._contradicted:
            for incompatibility in incompatibilities:
                incompatibility.contradicted = False
            incompatibilities.clear()

    def add_package(self, name: P) -> int:
        """Give a package the next number."""
        self.names.append(name)
        self._known.append(None)
        self._versions.append(None)
        self._indexes.append(-1)
        self._derivations.append([])
        return len(self.names) - 1

    @property
    def level(self) -> int:
        """How many decisions stand."""
        return len(self._starts)

    def decisions(self) -> dict[P, V]:
        """Give the decided versions in the order of decision."""
        decided = ((package, self._versions[package]) for package in (self._trail[start] for start in self._starts))
        return {self.names[package]: version for package, version in decided if version is not None}

    def version(self, package: int) -> V | None:
        """Give the decided version of a package, if it is decided."""
        return self._versions[package]

    def decide(self, package: int, version: V) -> None:
        """Choose a version of an undecided package: a new decision level."""
        self._starts.append(len(self._trail))
        self._contradicted.append([])
        self._indexes[package] = len(self._trail)
        self._trail.append(package)
        self._versions[package] = version
        del self.undecided[self.names[package]]

    def derive(self, package: int, cause: Incompatibility[P, V]) -> None:
        """Learn from an incompatibility, whose other terms all hold, that the term of an undecided package cannot."""
        term = cause.terms[package]
        before = self._known[package] or self._nothing_known
        known = term.remainders.get(id(before))
        if known is None:
            known = before.intersection(term.negate())
            known = term.remainders[id(before)] = self._kept.setdefault(known, known)
        self._known[package] = known
        self._derivations[package].append(Derived(len(self._trail), len(self._starts), cause, known))
        self._trail.append(package)
        if not known.absent:
            self.undecided[self.names[package]] = known.versions
            self.changed.add(package)
        self.mark_contradicted(cause)

    def mark_contradicted(self, incompatibility: Incompatibility[P, V]) -> None:
        """Remember until this level is left that an incompatibility has a false term."""
        incompatibility.contradicted = True
        self._contradicted[-1].append(incompatibility)

    def relation(self, incompatibility: Incompatibility[P, V]) -> int:
        """Say which terms hold: `ALL_SATISFIED`, `ONE_CONTRADICTED`, `SEVERAL_OPEN`, or the one package left open."""
        versions, knowledge = self._versions, self._known
        found = ALL_SATISFIED
        for package, term in incompatibility.pairs:
            version = versions[package]
            if version is not None:
                if term.versions.contains(version):
                    continue
                return ONE_CONTRADICTED
            known = knowledge[package]
            if known is not None:
                relation = term.relations.get(id(known))
                if relation is None:
                    relation = term.relations[id(known)] = term.under(known)
                if relation == SATISFIED:
                    continue
                if relation == CONTRADICTED:
                    return ONE_CONTRADICTED
            if found != ALL_SATISFIED:
                return SEVERAL_OPEN
            found = package
        return found

    def would_satisfy(self, incompatibility: Incompatibility[P, V], package: int, version: V) -> bool:
        """Say whether an incompatibility would be satisfied if a version were chosen."""
        for other, term in incompatibility.pairs:
            if other == package:
                if not term.contains(version):
                    return False
                continue
            decided = self._versions[other]
            if decided is not None:
                if not term.contains(decided):
                    return False
                continue
            known = self._known[other]
            if known is None or term.under(known) != SATISFIED:
                return False
        return True

    def satisfier(self, incompatibility: Incompatibility[P, V]) -> tuple[int, Satisfier[P, V], int]:
        """Find the assignment that completed a satisfied incompatibility.

        Gives its package, the assignment, and the previous satisfier's level: the lowest level at which, together with
        the satisfier, the incompatibility already holds (at least 1: the root is never taken back).
        """
        found = {package: self._satisfier(package, term.negate()) for package, term in incompatibility.pairs}
        package = max(found, key=lambda number: found[number].place)
        satisfier = found[package]
        excluded = incompatibility.terms[package].negate()
        if satisfier.cause is None:
            version = self._versions[package]
            assert version is not None  # noqa: S101  # a satisfier without a cause is a decision
            own = Term.positive(Ranges.singleton(version))
        else:
            own = satisfier.cause.terms[package].negate()
        # The satisfier alone may not make its term hold: then an earlier assignment of the package is needed too.
        found[package] = self._satisfier(package, own.intersection(excluded))
        previous = max(found.values(), key=lambda one: one.place)
        return package, satisfier, max(previous.level, 1)

    def _satisfier(self, package: int, excluded: Term[V]) -> Satisfier[P, V]:
        """Find the first assignment of a package after which `excluded` could no longer hold."""
        derivations = self._derivations[package]
        low, high = 0, len(derivations)
        while low < high:
            middle = (low + high) // 2
            if derivations[middle].known.is_disjoint(excluded):
                high = middle
            else:
                low = middle + 1
        if low < len(derivations):
            first = derivations[low]
            return Satisfier(first.place, first.level, first.cause)
        index = self._indexes[package]
        return Satisfier(index, self._level_of(index), None)

    def _level_of(self, index: int) -> int:
        """Give the level that the decision at a place of the trail opened."""
        return bisect_left(self._starts, index) + 1

    def backtrack(self, level: int) -> None:
        """Take back every assignment made after a decision level."""
        self.has_backtracked = True
        start = self._starts[level] if level < len(self._starts) else len(self._trail)
        for package in reversed(self._trail[start:]):
            if self._versions[package] is not None:
                self._versions[package] = None
            else:
                self._derivations[package].pop()
        for package in set(self._trail[start:]):
            self._restore(package)
        del self._trail[start:]
        del self._starts[level:]
        for incompatibilities in self._contradicted[level + 1 :]:
            for incompatibility in incompatibilities:
                incompatibility.contradicted = False
        del self._contradicted[level + 1 :]

    def _restore(self, package: int) -> None:
        """Put back what was known of a package after its last assignment that stands."""
        derivations = self._derivations[package]
        known = derivations[-1].known if derivations else None
        self._known[package] = known
        if known is None or known.absent:
            self.undecided.pop(self.names[package], None)
        else:
            self.undecided[self.names[package]] = known.versions
            self.changed.add(package)

    def backtrack_before(self, package: int) -> bool:
        """Take back the decision of a package and all after it; say whether it was decided."""
        if self._versions[package] is None:
            return False
        self.backtrack(self._level_of(self._indexes[package]) - 1)
        return True
