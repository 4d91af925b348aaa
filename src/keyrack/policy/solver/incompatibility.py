"""An incompatibility: terms of which at least one must be false, and why.

Inside the solver a package is a number (its place in the order of discovery), so that looking it up is cheap.
See `docs/solver.md#incompatibility`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeAlias

from keyrack.policy.solver.derivation import Derivation, Derived, External, FromDependency, P
from keyrack.policy.solver.ranges import V
from keyrack.policy.solver.term import Term


class Incompatibility(Generic[P, V]):
    """Terms by package number, and the cause: a fact from outside, or the two incompatibilities it follows from.

    `contradicted` is the solver's mark that one term is known to be false at present, so that the incompatibility need
    not be looked at; it is taken back with the assignment that caused it.
    """

    __slots__ = ("cause", "contradicted", "pairs", "terms")

    terms: Mapping[int, Term[V]]
    pairs: Sequence[tuple[int, Term[V]]]
    cause: "Cause[P, V]"
    contradicted: bool

    def __init__(self, terms: Mapping[int, Term[V]], cause: "Cause[P, V]") -> None:
        """Take the terms, none of which always holds."""
        self.terms = terms
        self.pairs = tuple(terms.items())
        self.cause = cause
        self.contradicted = False


Cause: TypeAlias = External[P, V] | tuple[Incompatibility[P, V], Incompatibility[P, V]]


def from_dependency(package: int, dependency: int, fact: FromDependency[P, V]) -> Incompatibility[P, V]:
    """Say that versions of one package cannot be chosen without a version of another that they allow.

    Where they allow none, or a package depends on other versions of itself, the versions cannot be chosen at all.
    """
    terms = {package: Term.positive(fact.versions)}
    if dependency != package and not fact.dependency_versions.is_empty:
        terms[dependency] = Term.negative(fact.dependency_versions)
    return Incompatibility(terms, fact)


def resolve(first: Incompatibility[P, V], second: Incompatibility[P, V], package: int) -> Incompatibility[P, V]:
    """Derive what follows from two incompatibilities whatever becomes of the package that both speak of.

    The rule of resolution: the terms of both, with the union of the two terms of that package.
    """
    terms = dict(first.terms)
    for other, term in second.pairs:
        if other != package:
            known = terms.get(other)
            terms[other] = term if known is None else known.intersection(term)
    united = terms.pop(package).union(second.terms[package])
    if not united.is_any:
        terms[package] = united
    return Incompatibility(terms, (first, second))


def derivation(failure: Incompatibility[P, V], name: Callable[[int], P]) -> Derivation[P, V]:
    """Give the tree of causes of an incompatibility, with names for numbers.

    A node that is the cause of several others is one object, and numbered. The tree can be deep: no recursion.
    """
    order = _causes_first(failure)
    uses: dict[int, int] = {}
    for node in order:
        if isinstance(node.cause, tuple):
            for cause in node.cause:
                uses[id(cause)] = uses.get(id(cause), 0) + 1
    made: dict[int, Derivation[P, V]] = {}
    shared = 0
    for node in order:
        if not isinstance(node.cause, tuple):
            made[id(node)] = node.cause
            continue
        first, second = node.cause
        number = None
        if uses.get(id(node), 0) > 1:
            shared += 1
            number = shared
        terms = {name(package): term for package, term in node.pairs}
        made[id(node)] = Derived(terms, made[id(first)], made[id(second)], number)
    return made[id(failure)]


def _causes_first(failure: Incompatibility[P, V]) -> list[Incompatibility[P, V]]:
    """List an incompatibility and all behind it, causes before what they cause."""
    order: list[Incompatibility[P, V]] = []
    done: set[int] = set()
    waiting = [(failure, False)]
    while waiting:
        node, causes_done = waiting.pop()
        if causes_done:
            order.append(node)
        elif id(node) not in done:
            done.add(id(node))
            waiting.append((node, True))
            if isinstance(node.cause, tuple):
                waiting.extend((cause, False) for cause in reversed(node.cause))
    return order


def merge(older: Incompatibility[P, V], newer: Incompatibility[P, V], package: int) -> Incompatibility[P, V]:
    """Say in one what two dependencies of a package on the same range of another say."""
    fact = newer.cause
    assert isinstance(fact, FromDependency)  # noqa: S101  # the solver files only dependencies by what they depend on
    versions = older.terms[package].versions.union(newer.terms[package].versions)
    terms = dict(newer.terms)
    terms[package] = Term.positive(versions)
    return Incompatibility(terms, FromDependency(fact.package, versions, fact.dependency, fact.dependency_versions))
