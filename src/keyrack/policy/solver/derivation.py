"""Why there is no solution: the tree of facts from outside and of what was derived from them.

The solver makes it once, when it fails; the report and the hints read it. See `docs/solver.md#derivation`.
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeAlias, TypeVar

import msgspec

from keyrack.policy.solver.ranges import Ranges, V
from keyrack.policy.solver.term import Term

P = TypeVar("P")


class NotRoot(msgspec.Struct, Generic[P, V], frozen=True):
    """The root package must be chosen, at this version: the question itself."""

    package: P
    version: V


class NoVersions(msgspec.Struct, Generic[P, V], frozen=True):
    """The package has no version in the range."""

    package: P
    versions: Ranges[V]


class Unusable(msgspec.Struct, Generic[P, V], frozen=True):
    """Versions that exist and cannot be used, for a reason that the solver does not read."""

    package: P
    versions: Ranges[V]
    reason: object


class Absent(msgspec.Struct, Generic[P, V], frozen=True):
    """A package of which nothing can be used in the range, for a reason that the solver does not read."""

    package: P
    versions: Ranges[V]
    reason: object


class FromDependency(msgspec.Struct, Generic[P, V], frozen=True):
    """Versions of a package that depend on a range of another."""

    package: P
    versions: Ranges[V]
    dependency: P
    dependency_versions: Ranges[V]


class Derived(msgspec.Struct, Generic[P, V], frozen=True, eq=False):
    """What follows from two causes: that `terms` cannot all hold.

    `shared` numbers a node that is the cause of more than one other; such a node is explained once and then referred
    to. It is `None` for the rest. Equal only to itself, for trees can be deep.
    """

    terms: Mapping[P, Term[V]]
    first: "Derivation[P, V]"
    second: "Derivation[P, V]"
    shared: int | None = None


External: TypeAlias = NotRoot[P, V] | NoVersions[P, V] | Unusable[P, V] | Absent[P, V] | FromDependency[P, V]
Derivation: TypeAlias = External[P, V] | Derived[P, V]


def externals(tree: Derivation[P, V]) -> Iterator[External[P, V]]:
    """Walk the facts from outside, each node once, first causes first."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Derived):
            waiting.append(node.second)
            waiting.append(node.first)
        else:
            yield node
