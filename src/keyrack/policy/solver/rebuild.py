"""Making one derivation from another, causes first, each shared step once and without recursion."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from keyrack.policy.solver.derivation import Derivation, Derived, External, P
from keyrack.policy.solver.ranges import V
from keyrack.policy.solver.term import Term

Rule: TypeAlias = Callable[[Derived[P, V]], Derivation[P, V]]
FactRule: TypeAlias = Callable[[External[P, V]], External[P, V] | None]


def rebuild(tree: Derivation[P, V], rule: Rule[P, V]) -> Derivation[P, V]:
    """Apply a rule to each step, to whose causes it has been applied already; facts stay as they are."""
    return rebuild_all(tree, _same, rule)


def rebuild_all(tree: Derivation[P, V], fact_rule: FactRule[P, V], rule: Rule[P, V]) -> Derivation[P, V]:
    """Apply a rule to each fact, and one to each step of which both causes remain.

    A fact for which the rule gives `None` is dropped, and a step is replaced by the one cause that is left. Where
    nothing at all would be left, the tree stays as it is.
    """
    made: dict[int, Derivation[P, V] | None] = {}
    waiting = [(tree, False)]
    while waiting:
        node, causes_done = waiting.pop()
        if id(node) in made:
            continue
        if not isinstance(node, Derived):
            made[id(node)] = fact_rule(node)
        elif causes_done:
            first, second = made[id(node.first)], made[id(node.second)]
            if first is None or second is None:
                made[id(node)] = second if first is None else first
            else:
                made[id(node)] = rule(with_causes(node, first, second))
        else:
            waiting.extend(((node, True), (node.second, False), (node.first, False)))
    return made[id(tree)] or tree


def _same(fact: External[P, V]) -> External[P, V] | None:
    return fact


def with_causes(step: Derived[P, V], first: Derivation[P, V], second: Derivation[P, V]) -> Derived[P, V]:
    """Give a step other causes."""
    return Derived(step.terms, first, second, step.shared)


def with_terms(step: Derived[P, V], terms: Mapping[P, Term[V]]) -> Derived[P, V]:
    """Give a step another conclusion."""
    return Derived(terms, step.first, step.second, step.shared)
