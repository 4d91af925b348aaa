"""Making a derivation shorter for a reader: what goes without saying is left out, what is alike is said once.

Each function gives a new tree; none changes what follows from what, but for facts that a reader takes for granted.
The order, and when a fact is taken for granted, are uv's. See `docs/solver.md#report`.
"""

from keyrack.policy.solver.derivation import (
    Absent,
    Derivation,
    Derived,
    External,
    FromDependency,
    NoVersions,
    P,
    Unusable,
)
from keyrack.policy.solver.ranges import Ranges, V
from keyrack.policy.solver.rebuild import rebuild, rebuild_all, with_causes, with_terms
from keyrack.policy.solver.restate import restate_available
from keyrack.policy.solver.shorten import drop_borders, narrow, simplify
from keyrack.policy.solver.term import Term
from keyrack.policy.solver.words import Role, Words


def collapse(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Apply all rules in uv's order."""
    tree = drop_proxies(tree, words)
    tree = drop_borders(tree, words)
    tree = narrow(tree, words)
    tree = drop_no_versions_of_members(tree, words)
    tree = drop_root_on_project(tree, words)
    tree = unite_unusable(tree)
    tree = drop_no_versions_under_dependency(tree)
    tree = simplify(tree, words)
    tree = restate_available(tree, words)
    tree = drop_needless_no_versions(tree)
    return unite_no_versions(tree)


def drop_proxies(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Leave out that a proxy depends on what it stands for."""

    def keep(fact: External[P, V]) -> External[P, V] | None:
        if isinstance(fact, FromDependency) and words.role(fact.package) is Role.PROXY:
            return None
        return fact

    return rebuild_all(tree, keep, lambda step: step)


def drop_no_versions_of_members(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Leave out that a package of the reader's own has one version only."""

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        for cause, other in ((step.first, step.second), (step.second, step.first)):
            if isinstance(cause, NoVersions) and words.member(cause.package) is not None:
                return other
        return step

    return rebuild(tree, rule)


def drop_root_on_project(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Leave out that the root depends on the reader's one project, from the end of the derivation backwards.

    A step that leans on another dependency is as far as this goes: what is behind it stays as it is.
    """
    made: dict[int, Derivation[P, V]] = {}
    waiting = [(tree, False)]
    while waiting:
        node, causes_done = waiting.pop()
        if id(node) in made:
            continue
        onward = _onward(node, words)
        if not onward:
            made[id(node)] = node
        elif not causes_done:
            waiting.append((node, True))
            waiting.extend((cause, False) for cause in onward)
        elif isinstance(node, Derived) and len(onward) > 1:
            made[id(node)] = with_causes(node, made[id(node.first)], made[id(node.second)])
        else:
            made[id(node)] = made[id(onward[0])]
    return made[id(tree)]


def _onward(node: Derivation[P, V], words: Words[P, V]) -> tuple[Derivation[P, V], ...]:
    """Give the causes to go on through: both, the one beside the dependency on the project, or none."""
    if not isinstance(node, Derived):
        return ()
    for cause, other in ((node.first, node.second), (node.second, node.first)):
        if isinstance(cause, FromDependency):
            is_root = words.role(cause.package) is Role.ROOT
            return (other,) if is_root and words.is_project(cause.dependency) else ()
    return node.first, node.second


def unite_unusable(tree: Derivation[P, V]) -> Derivation[P, V]:
    """Say once what is wrong with several versions of a package for the same reason."""

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        united = _united_with_inner(step.first, step.second) or _united_with_inner(step.second, step.first) or step
        return _united_side_by_side(united) or united

    return rebuild(tree, rule)


def _united_with_inner(fact: Derivation[P, V], other: Derivation[P, V]) -> Derived[P, V] | None:
    """Unite a reason with the same one behind the step beside it, which then stands for both."""
    if not isinstance(fact, Unusable | Absent) or not isinstance(other, Derived):
        return None
    for cause, kept in ((other.second, other.first), (other.first, other.second)):
        united = _united(fact, cause)
        if united is not None:
            terms = dict(other.terms)
            if fact.package in terms and terms[fact.package].is_positive:
                terms[fact.package] = Term.positive(united.versions)
            causes = (kept, united) if cause is other.second else (united, kept)
            return with_terms(with_causes(other, *causes), terms)
    return None


def _united(fact: Unusable[P, V] | Absent[P, V], other: Derivation[P, V]) -> Unusable[P, V] | Absent[P, V] | None:
    """Unite two facts that give one reason for versions of one package."""
    if not isinstance(other, Unusable | Absent) or type(fact) is not type(other):
        return None
    if fact.package != other.package or fact.reason != other.reason:
        return None
    return type(fact)(fact.package, other.versions.union(fact.versions), fact.reason)


def _united_side_by_side(step: Derived[P, V]) -> Derivation[P, V] | None:
    """Unite two reasons against one package of which a step is made; where they differ, only widen its conclusion."""
    first, second = step.first, step.second
    if not isinstance(first, Unusable | Absent) or not isinstance(second, Unusable | Absent):
        return None
    term = step.terms.get(first.package)
    if first.package != second.package or len(step.terms) != 1 or term is None or not term.is_positive:
        return None
    both = first.versions.union(second.versions)
    if both.subset_of(term.versions) and _united(first, second) is None:
        return None
    return _united(first, second) or with_terms(step, {first.package: Term.positive(term.versions.union(both))})


def drop_no_versions_under_dependency(tree: Derivation[P, V]) -> Derivation[P, V]:
    """Leave out which versions a dependency does not have, where what is said of it holds for all that is wanted.

    `A depends on B` and `C depends on A` say all, if the versions of A in the first lie within those in the second.
    """

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        if isinstance(step.first, FromDependency):
            return with_causes(step, step.first, _plain_dependency(step.second, step.first))
        if isinstance(step.second, FromDependency):
            return with_causes(step, _plain_dependency(step.first, step.second), step.second)
        return step

    return rebuild(tree, rule)


def _plain_dependency(step: Derivation[P, V], onward: FromDependency[P, V]) -> Derivation[P, V]:
    """Give the dependency that a step is made of, if the rest is that its versions do not all exist."""
    if not isinstance(step, Derived):
        return step
    for nothing, fact in ((step.first, step.second), (step.second, step.first)):
        if isinstance(nothing, NoVersions) and isinstance(fact, FromDependency):
            is_about_it = nothing.package == fact.dependency == onward.package
            if is_about_it and onward.versions.subset_of(fact.dependency_versions):
                return fact
    return step


def drop_needless_no_versions(tree: Derivation[P, V]) -> Derivation[P, V]:
    """Leave out what does not exist, where the conclusion covers all versions or exactly those that do exist.

    Unless one version only exists: `only foo==1.0.0 is available` is worth saying.
    """

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        for cause, other in ((step.first, step.second), (step.second, step.first)):
            if isinstance(cause, NoVersions) and _is_needless(cause, other, step):
                return other
        return step

    return rebuild(tree, rule)


def _is_needless(fact: NoVersions[P, V], other: Derivation[P, V], step: Derived[P, V]) -> bool:
    """Say whether a step can do without a fact."""
    terms = other.terms if isinstance(other, Derived) else step.terms
    term = terms.get(fact.package)
    rest = fact.versions.complement()
    if term is None or not term.is_positive or rest.only is not None:
        return False
    return term.versions.is_full or term.versions == rest


def unite_no_versions(tree: Derivation[P, V]) -> Derivation[P, V]:
    """Say once that a package has no versions in two ranges."""

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        first, second = step.first, step.second
        if isinstance(first, NoVersions) and isinstance(second, NoVersions) and first.package == second.package:
            term = step.terms.get(first.package)
            covered: Ranges[V] = term.versions if term is not None and term.is_positive else Ranges.empty()
            if first.versions.union(second.versions).subset_of(covered):
                return NoVersions(first.package, covered)
        return step

    return rebuild(tree, rule)
