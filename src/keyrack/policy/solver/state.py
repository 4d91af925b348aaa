"""What the solver knows: incompatibilities by package, unit propagation, conflict resolution.

See `docs/solver.md#unit-propagation` and `docs/solver.md#conflict-resolution`.
"""

from copy import copy
from typing import Generic

from keyrack.policy.solver.derivation import Derivation, External, FromDependency, NotRoot, P
from keyrack.policy.solver.incompatibility import Incompatibility, derivation, from_dependency, merge, resolve
from keyrack.policy.solver.partial import ALL_SATISFIED, ONE_CONTRADICTED, PartialSolution
from keyrack.policy.solver.ranges import Ranges, V
from keyrack.policy.solver.term import Term


class NoSolution(Exception, Generic[P, V]):
    """No choice of versions answers the question; `derivation` says why."""

    def __init__(self, tree: Derivation[P, V]) -> None:
        """Keep the tree of causes."""
        super().__init__("no solution")
        self.derivation = tree
        self.universe: object = None
        """Where it was found out, if the universe had fallen apart."""


class State(Generic[P, V]):
    """The incompatibilities found so far and the partial solution that they allow."""

    __slots__ = ("_dependencies", "_index", "_numbers", "_root", "_root_version", "partial")

    def __init__(self, root: P, version: V) -> None:
        """Start with the one incompatibility that the root is not chosen."""
        self.partial: PartialSolution[P, V] = PartialSolution()
        self._numbers: dict[P, int] = {}
        # Dicts stand for ordered sets: an incompatibility that is merged into another must leave its place at once.
        self._index: list[dict[Incompatibility[P, V], None]] = []
        # The newest incompatibility for each dependent, dependency and range.
        self._dependencies: dict[tuple[int, int, Ranges[V]], Incompatibility[P, V]] = {}
        self._root = self.number(root)
        self._root_version = version
        missing = Term.negative(Ranges.singleton(version))
        self.add(Incompatibility({self._root: missing}, NotRoot(root, version)))

    def detach(self) -> None:
        """Go one's own way, having been made as a shallow copy of another."""
        self.partial = copy(self.partial)
        self.partial.detach()
        self._numbers = dict(self._numbers)
        self._index = [dict(some) for some in self._index]
        self._dependencies = dict(self._dependencies)

    def number(self, package: P) -> int:
        """Give the number of a package, a new one at its first mention."""
        found = self._numbers.get(package)
        if found is None:
            found = self._numbers[package] = self.partial.add_package(package)
            self._index.append({})
        return found

    def add(self, incompatibility: Incompatibility[P, V]) -> None:
        """File an incompatibility under its packages."""
        for package, _ in incompatibility.pairs:
            self._index[package][incompatibility] = None

    def forbid(self, package: int, versions: Ranges[V], cause: External[P, V]) -> None:
        """Learn from outside that no version in a range can be chosen."""
        self.add(Incompatibility({package: Term.positive(versions)}, cause))

    def add_dependency(self, package: int, fact: FromDependency[P, V]) -> Incompatibility[P, V]:
        """Learn a dependency; say it together with what other versions of the package depend on in the same way.

        Gives the incompatibility of this fact alone.
        """
        dependency = self.number(fact.dependency)
        alone = from_dependency(package, dependency, fact)
        if dependency == package:
            self.add(alone)
            return alone
        key = package, dependency, fact.dependency_versions
        older = self._dependencies.get(key)
        newest = alone
        if older is not None:
            newest = merge(older, alone, package)
            for number, _ in older.pairs:
                del self._index[number][older]
        self._dependencies[key] = newest
        self.add(newest)
        return alone

    def propagate(self, package: int) -> list[tuple[int, Incompatibility[P, V]]]:
        """Derive all that follows from a change of a package.

        Gives each conflict that was resolved on the way, with the package whose assignment had completed it. Raises
        `NoSolution` where a conflict goes back to the root.
        """
        partial = self.partial
        conflicts: list[tuple[int, Incompatibility[P, V]]] = []
        changed = [package]
        while changed:
            conflict = None
            # The newest first: what was learned from a conflict says most.
            for incompatibility in reversed(self._index[changed.pop()]):
                if incompatibility.contradicted:
                    continue
                relation = partial.relation(incompatibility)
                if relation >= 0:
                    if relation not in changed:
                        changed.append(relation)
                    partial.derive(relation, incompatibility)
                elif relation == ONE_CONTRADICTED:
                    partial.mark_contradicted(incompatibility)
                elif relation == ALL_SATISFIED:
                    conflict = incompatibility
                    break
            if conflict is not None:
                open_package, learned = self._resolve_conflict(conflict, conflicts)
                partial.derive(open_package, learned)
                changed = [open_package]
        return conflicts

    def _resolve_conflict(
        self, conflict: Incompatibility[P, V], conflicts: list[tuple[int, Incompatibility[P, V]]]
    ) -> tuple[int, Incompatibility[P, V]]:
        """Find the root cause of a satisfied incompatibility and go back to where it leaves one package open.

        Gives that package and the root cause, which is almost satisfied then.
        """
        current = conflict
        while True:
            if self._is_terminal(current):
                raise NoSolution(derivation(current, self.partial.names.__getitem__))
            package, satisfier, previous_level = self.partial.satisfier(current)
            if satisfier.cause is None or previous_level < satisfier.level:
                self.partial.backtrack(previous_level)
                if current is not conflict:
                    self.add(current)
                conflicts.append((package, current))
                return package, current
            current = resolve(current, satisfier.cause, package)
            conflicts.append((package, current))

    def _is_terminal(self, incompatibility: Incompatibility[P, V]) -> bool:
        """Say whether an incompatibility forbids the root itself."""
        if len(incompatibility.pairs) > 1:
            return False
        return all(
            package == self._root and term.contains(self._root_version) for package, term in incompatibility.pairs
        )
