"""Saying which versions exist where a step of a derivation would else seem to reach further than its causes.

A step rules out what its causes rule out together. Once ranges are drawn in to what exists, a step can cover versions
that none of its causes names: versions that do not exist. Then the reader must be told so.
"""

from collections.abc import Iterator, Mapping

from keyrack.policy.solver.derivation import Absent, Derivation, Derived, FromDependency, NoVersions, P, Unusable
from keyrack.policy.solver.ranges import Ranges, V
from keyrack.policy.solver.rebuild import rebuild, with_causes
from keyrack.policy.solver.shorten import reported
from keyrack.policy.solver.term import Term
from keyrack.policy.solver.words import Words


def restate_available(tree: Derivation[P, V], words: Words[P, V]) -> Derivation[P, V]:
    """Add what does not exist to each step that relies on it unsaid."""

    def rule(step: Derived[P, V]) -> Derivation[P, V]:
        found = _unsaid(step, words)
        return step if found is None else _say(step, *found)

    return rebuild(tree, rule)


def _say(step: Derived[P, V], package: P, unsaid: Ranges[V]) -> Derived[P, V]:
    """Put the missing fact behind the cause that rules the package out, or behind the step where neither does."""
    first, second = ruled_out(package, step.first), ruled_out(package, step.second)
    fact = NoVersions(package, unsaid)
    if first.is_empty and second.is_empty:
        concluded = step.terms.get(package) or Term.positive(unsaid)
        said = reported(package, step.first).union(reported(package, step.second))
        inner = Derived({package: Term.positive(said)}, step.first, step.second)
        return Derived({package: concluded}, inner, fact, step.shared)
    if _starts_lower(first, second):
        return with_causes(step, Derived({package: Term.positive(first.union(unsaid))}, step.first, fact), step.second)
    return with_causes(step, step.first, Derived({package: Term.positive(second.union(unsaid))}, step.second, fact))


def _unsaid(step: Derived[P, V], words: Words[P, V]) -> tuple[P, Ranges[V]] | None:
    """Find a package and a range without any version that a step covers and its causes do not."""
    for package, covered, said in _reaches(step):
        unsaid = covered.difference(said)
        # Where nothing is said at all, another rule speaks of the package as a whole.
        if said.is_empty or unsaid.is_empty:
            continue
        available = words.available(package)
        if available is not None and not any(unsaid.contains(version) for version in available):
            return package, unsaid
    return None


def _reaches(step: Derived[P, V]) -> Iterator[tuple[P, Ranges[V], Ranges[V]]]:
    """Give the packages of a step, the versions it covers, and those of which its causes speak.

    It covers what it concludes about a package alone, and what it resolves: the requirement on a package that is in
    its causes and no longer in its conclusion.
    """
    causes = (step.first, step.second)
    concluded = _alone(step.terms)
    if concluded is not None:
        package, versions = concluded
        yield package, versions, reported(package, causes[0]).union(reported(package, causes[1]))
    for cause in causes:
        for package in _packages(cause):
            if package not in step.terms:
                required = _required(package, causes[0]).union(_required(package, causes[1]))
                yield package, required, ruled_out(package, causes[0]).union(ruled_out(package, causes[1]))


def _alone(terms: Mapping[P, Term[V]]) -> tuple[P, Ranges[V]] | None:
    """Give package and versions of a conclusion about one package."""
    if len(terms) != 1:
        return None
    package, term = next(iter(terms.items()))
    return (package, term.versions) if term.is_positive else None


def _packages(cause: Derivation[P, V]) -> tuple[P, ...]:
    """List the packages of which a cause speaks."""
    if isinstance(cause, Derived):
        return tuple(cause.terms)
    if isinstance(cause, FromDependency):
        return cause.package, cause.dependency
    return (cause.package,)


def _required(package: P, cause: Derivation[P, V]) -> Ranges[V]:
    """Give the versions of a package of which a cause needs one."""
    if isinstance(cause, Derived):
        term = cause.terms.get(package)
        return Ranges.empty() if term is None or term.is_positive else term.ranges
    if isinstance(cause, FromDependency) and cause.dependency == package:
        return cause.dependency_versions
    return Ranges.empty()


def ruled_out(package: P, cause: Derivation[P, V]) -> Ranges[V]:
    """Give the versions of a package that a cause says cannot be used."""
    if isinstance(cause, Derived):
        concluded = _alone(cause.terms)
        return concluded[1] if concluded is not None and concluded[0] == package else Ranges.empty()
    if isinstance(cause, Unusable | Absent) and cause.package == package:
        return cause.versions
    return Ranges.empty()


def _starts_lower(first: Ranges[V], second: Ranges[V]) -> bool:
    """Say whether the first range starts no higher than the second; an empty one starts above all."""
    if first.is_empty or second.is_empty:
        return second.is_empty
    if first.unbounded_below or second.unbounded_below:
        return first.unbounded_below
    return not second.values[0] < first.values[0]
