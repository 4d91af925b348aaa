"""Making the ranges of a derivation readable: without borders that have no text, on versions that exist, short."""

from collections.abc import Callable, Sequence
from typing import assert_never

from keyrack.policy.solver.derivation import (
    Absent,
    Derivation,
    Derived,
    External,
    FromDependency,
    NotRoot,
    NoVersions,
    P,
    Unusable,
)
from keyrack.policy.solver.ranges import Ranges, Segment, V
from keyrack.policy.solver.rebuild import rebuild_all, with_terms
from keyrack.policy.solver.term import Term
from keyrack.policy.solver.words import Role, Words


def drop_borders(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Rewrite each range with plain bounds, and leave out that there is nothing where plain text sees no room."""

    def rewrite(fact: External[P, V]) -> External[P, V] | None:
        if isinstance(fact, NoVersions) and words.is_beside_the_point(fact.versions):
            return None
        return _with_ranges(fact, lambda _, versions: words.plain(versions))

    return rebuild_all(tree, rewrite, lambda step: _with_term_ranges(step, lambda _, versions: words.plain(versions)))


def simplify(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Shorten each range as far as the versions that exist allow."""

    def shorter(package: P, versions: Ranges[V]) -> Ranges[V]:
        available = words.available(package)
        if available is None or versions.is_full:
            return versions
        if len(available) == 1 and versions.contains(available[0]):
            return Ranges.singleton(available[0])
        return versions.simplify(words.measure(package, versions) or ())

    return rebuild_all(tree, lambda fact: _with_ranges(fact, shorter), lambda step: _with_term_ranges(step, shorter))


def _with_ranges(fact: External[P, V], rewrite: Callable[[P, Ranges[V]], Ranges[V]]) -> External[P, V]:
    """Rewrite the ranges of a fact."""
    match fact:
        case NotRoot():
            return fact
        case NoVersions():
            return NoVersions(fact.package, rewrite(fact.package, fact.versions))
        case Unusable():
            return Unusable(fact.package, rewrite(fact.package, fact.versions), fact.reason)
        case Absent():
            return Absent(fact.package, rewrite(fact.package, fact.versions), fact.reason)
        case FromDependency():
            wanted = rewrite(fact.dependency, fact.dependency_versions)
            return FromDependency(fact.package, rewrite(fact.package, fact.versions), fact.dependency, wanted)
        case _:
            assert_never(fact)


def _with_term_ranges(step: Derived[P, V], rewrite: Callable[[P, Ranges[V]], Ranges[V]]) -> Derived[P, V]:
    """Rewrite the ranges of a conclusion, negative terms as they are written."""
    terms = {}
    for package, term in step.terms.items():
        make = Term.positive if term.is_positive else Term.negative
        terms[package] = make(rewrite(package, term.ranges))
    return with_terms(step, terms)


def narrow(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Take back the widening of versions to spans, which would name bounds that nobody ever wrote.

    What is depended on, and what negative terms exclude, was written by somebody and stays.
    """

    def on_existing(fact: External[P, V]) -> External[P, V]:
        available = None if isinstance(fact, NotRoot) else words.available(fact.package)
        if not available:
            return fact
        match fact:
            case Unusable():
                return Unusable(fact.package, _rejected(fact.versions, available), fact.reason)
            case Absent():
                return Absent(fact.package, _existing(fact.versions, available), fact.reason)
            case FromDependency():
                # A version that the surroundings do not admit is rejected, though it is said as a dependency.
                given = words.role(fact.dependency) is Role.SURROUNDINGS
                versions = (_rejected if given else _existing)(fact.versions, available)
                return FromDependency(fact.package, versions, fact.dependency, fact.dependency_versions)
            case _:
                return fact

    def conclude(step: Derived[P, V]) -> Derived[P, V]:
        terms = dict(step.terms)
        for package, term in step.terms.items():
            available = words.available(package)
            if available and term.is_positive:
                terms[package] = Term.positive(_concluded(step, package, term.versions, available))
        return with_terms(step, terms)

    return rebuild_all(tree, on_existing, conclude)


def _existing(versions: Ranges[V], available: Sequence[V]) -> Ranges[V]:
    """Draw each bound in to the next version that exists; everything that exists is everything.

    What has no bound stays so, and an interval between bounds without any version is left out; where no version exists
    at all, nothing changes.
    """
    existing = [version for version in available if versions.contains(version)]
    if not existing:
        return versions
    if len(existing) == len(available):
        return Ranges.full()
    kept = []
    for segment in versions.segments():
        members = Ranges.of_segments((segment,))
        inside = [version for version in existing if members.contains(version)]
        if inside:
            lower = None if segment.lower is None else inside[0]
            upper = None if segment.upper is None else inside[-1]
            kept.append(Segment(lower, True, upper, True))
        elif segment.lower is None or segment.upper is None:
            kept.append(segment)
    return Ranges.of_segments(kept)


def _rejected(versions: Ranges[V], available: Sequence[V]) -> Ranges[V]:
    """Draw in the bounds of versions that cannot be used, which says nothing of versions that do not exist."""
    if len(available) == 1 and versions.contains(available[0]):
        return Ranges.singleton(available[0])
    narrowed = _existing(versions, available)
    if narrowed.is_full:
        return narrowed
    reach = Ranges.higher_than(available[0]).intersection(Ranges.lower_than(available[-1]))
    within = narrowed.intersection(reach)
    return narrowed if within.is_empty else within


def _concluded(step: Derived[P, V], package: P, versions: Ranges[V], available: Sequence[V]) -> Ranges[V]:
    """Draw in the bounds of a conclusion; one about the only version there is stays as narrow as its causes."""
    if len(available) == 1 and versions.contains(available[0]):
        only: Ranges[V] = Ranges.singleton(available[0])
        if only == reported(package, step.first).union(reported(package, step.second)):
            return only
    return _existing(versions, available)


def reported(package: P, cause: Derivation[P, V]) -> Ranges[V]:
    """Give the versions of a package of which a cause says anything."""
    if isinstance(cause, Derived):
        term = cause.terms.get(package)
        return term.versions if term is not None and term.is_positive else Ranges.empty()
    if isinstance(cause, NotRoot) or cause.package != package:
        return Ranges.empty()
    return cause.versions
