"""Incompatibilities are derived by resolution, and told with their causes."""

import pytest

from keyrack.policy.solver.derivation import Derived, FromDependency, NotRoot
from keyrack.policy.solver.incompatibility import Incompatibility, derivation, from_dependency, merge, resolve
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.term import Term

ONE: Ranges[int] = Ranges.singleton(1)
TWO: Ranges[int] = Ranges.singleton(2)
NAMES = ["a", "b", "c"]


def name(package: int) -> str:
    """Give the name of a number."""
    return NAMES[package]


def depends(
    versions: Ranges[int], dependency: str, wanted: Ranges[int], package: str = "a"
) -> Incompatibility[str, int]:
    """Say that versions of a package depend on a range of another."""
    fact = FromDependency(package, versions, dependency, wanted)
    return from_dependency(NAMES.index(package), NAMES.index(dependency), fact)


def test_dependency_forbids_a_version_without_what_it_needs() -> None:
    found = depends(ONE, "b", TWO).terms

    assert {0: Term.positive(ONE), 1: Term.negative(TWO)} == found


@pytest.mark.parametrize(("dependency", "wanted"), [("b", Ranges.empty()), ("a", TWO)])
def test_dependency_that_cannot_be_met_forbids_the_version(dependency: str, wanted: Ranges[int]) -> None:
    found = depends(ONE, dependency, wanted).terms

    assert {0: Term.positive(ONE)} == found


def test_two_dependencies_on_one_range_are_said_as_one() -> None:
    merged = merge(depends(ONE, "b", TWO), depends(TWO, "b", TWO), 0)

    found = merged.terms, merged.cause

    both = ONE.union(TWO)
    assert (
        {0: Term.positive(both), 1: Term.negative(TWO)},
        FromDependency("a", both, "b", TWO),
    ) == found


def test_resolution_leaves_out_the_package_that_both_speak_of() -> None:
    first, second = depends(ONE, "b", TWO), depends(TWO, "c", ONE, package="b")

    found = resolve(first, second, 1)

    assert ({0: Term.positive(ONE), 2: Term.negative(ONE)}, (first, second)) == (found.terms, found.cause)


def test_resolution_keeps_what_remains_open_of_the_package() -> None:
    first, second = depends(ONE, "b", ONE.union(TWO)), depends(TWO, "c", ONE, package="b")

    found = resolve(first, second, 1).terms

    assert {0: Term.positive(ONE), 1: Term.negative(ONE), 2: Term.negative(ONE)} == found


def test_resolution_needs_both_terms_of_another_package() -> None:
    first = depends(ONE, "c", ONE)
    second: Incompatibility[str, int] = Incompatibility({0: Term.negative(ONE), 2: Term.negative(TWO)}, NotRoot("a", 1))

    found = resolve(first, second, 0).terms

    assert {2: Term.negative(ONE.union(TWO))} == found


def test_tree_numbers_what_is_used_twice() -> None:
    fact: Incompatibility[str, int] = Incompatibility({0: Term.positive(ONE)}, NotRoot("a", 1))
    shared = Incompatibility({0: Term.positive(ONE)}, (fact, fact))
    once = Incompatibility({1: Term.positive(ONE)}, (shared, fact))

    tree = derivation(Incompatibility({}, (once, shared)), name)

    assert isinstance(tree, Derived)
    assert isinstance(tree.first, Derived)
    assert (None, None, 1) == (tree.shared, tree.first.shared, getattr(tree.second, "shared", 0))
    assert tree.first.first is tree.second


def test_tree_of_a_fact_is_the_fact() -> None:
    fact: NotRoot[str, int] = NotRoot("a", 1)

    found = derivation(Incompatibility({}, fact), name)

    assert fact == found


def test_deep_tree_is_made_without_recursion() -> None:
    node: Incompatibility[str, int] = Incompatibility({}, NotRoot("a", 1))
    for _ in range(5000):
        node = Incompatibility({}, (node, Incompatibility({}, NotRoot("a", 1))))

    found = derivation(node, name)

    assert isinstance(found, Derived)
