"""Ranges are shown on the versions that exist."""

import pytest

from keyrack.policy.solver.derivation import Absent, External
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.shorten import drop_borders, narrow, reported, simplify
from tests.policy.solver.trees import TreeWords, absent, depends, none, root, shape, step, terms, unusable
from tests.policy.solver.worlds import versions

Fact = External[str, int]

WORDS = TreeWords(a=[2, 4, 6], b=[3])


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (depends("a", "<4", "b", ">1"), depends("a", "<=2", "b", ">1")),
        (depends("a", ">2,<6", "b"), depends("a", "==4", "b")),
        (depends("a", ">1,<7", "b"), depends("a", "", "b")),
        (depends("a", ">6", "b"), depends("a", ">6", "b")),
        (depends("a", ">=2,<=3", "y"), depends("a", "==2", "y")),
        (depends("a", "<4", "y"), depends("a", ">=2,<=2", "y")),
        (depends("b", "", "y"), depends("b", "==3", "y")),
        (depends("d", "<4", "y"), depends("d", "<4", "y")),
        (unusable("a", "<4"), unusable("a", "==2")),
        (unusable("a", ">4"), unusable("a", "==6")),
        (unusable("a", ""), unusable("a", "")),
        (unusable("a", ">7,<9"), unusable("a", ">7,<9")),
        (unusable("b", ">1"), unusable("b", "==3")),
        (unusable("b", ">4"), unusable("b", ">4")),
        (absent("a", "<4"), absent("a", "<=2")),
        (none("a", ">2,<4"), none("a", ">2,<4")),
        (root(), root()),
    ],
)
def test_span_is_taken_back_to_the_versions_in_it(fact: Fact, expected: Fact) -> None:
    found = narrow(fact, WORDS)

    assert expected == found


@pytest.mark.parametrize(("rest", "is_kept"), [(">4,<6", False), (">7", True), ("<1", True)])
def test_interval_without_versions_is_left_out_unless_it_has_no_bound(rest: str, is_kept: bool) -> None:
    two = versions("==2")
    both = two.union(versions(rest))

    found = narrow(Absent("a", both, "was lost"), WORDS)

    assert Absent("a", both if is_kept else two, "was lost") == found


def test_conclusion_is_drawn_in_and_what_it_denies_is_not() -> None:
    tree = step(root(), root(), "a<4", "not b>3", "d>1")

    found = shape(narrow(tree, WORDS))

    assert (terms("a<=2", "not b>3", "d>1"), root(), root()) == found


def test_conclusion_about_the_only_version_is_no_wider_than_its_causes() -> None:
    tree = step(unusable("b", ">1"), depends("root", "", "b"), "b>1")

    found = shape(narrow(tree, WORDS))

    assert (terms("b==3"), unusable("b", "==3"), depends("root", "", "b")) == found


def test_conclusion_about_the_only_version_is_about_all_versions_where_its_causes_are_wider() -> None:
    tree = step(unusable("b", ">1"), none("b", ">9"), "b>1")

    found = shape(narrow(tree, WORDS))

    assert (terms("b"), unusable("b", "==3"), none("b", ">9")) == found


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (depends("a", "<4", "a", "<9"), depends("a", "<4", "a", "")),
        (none("a", ">=5,<8"), none("a", ">=5")),
        (none("b", ">1,<9"), none("b", "==3")),
        (none("b", ">5"), none("b", ">5")),
        (none("d", ">1,<9"), none("d", ">1,<9")),
        (unusable("a", ">1,<9"), unusable("a", "")),
        (absent("a", ""), absent("a", "")),
        (root(), root()),
    ],
)
def test_range_is_simplified_over_the_versions_that_exist(fact: Fact, expected: Fact) -> None:
    found = simplify(fact, WORDS)

    assert expected == found


def test_terms_are_simplified_as_they_are_written() -> None:
    tree = step(root(), root(), "a>1", "not b<9")

    found = shape(simplify(tree, WORDS))

    assert (terms("a", "not b==3"), root(), root()) == found


class Few(TreeWords):
    """Measures ranges by no version at all."""

    def measure(self, package: str, versions: Ranges[int]) -> None:
        """Know no version."""


def test_range_without_a_measure_stays() -> None:
    found = simplify(none("a", ">1"), Few(a=[2, 4]))

    assert none("a", ">1") == found


class Borders(TreeWords):
    """Writes 9 as 8, and does not tell what lies between them apart."""

    def plain(self, versions: Ranges[int]) -> Ranges[int]:
        values = tuple(8 if value == 9 else value for value in versions.values)
        return Ranges(versions.unbounded_below, values, versions.sides)

    def is_beside_the_point(self, versions: Ranges[int]) -> bool:
        return versions.values == (8, 9)


def test_borders_are_rewritten_everywhere() -> None:
    tree = step(none("a", ">9"), depends("a", "<9", "b", ">=9"), "a<9", "not b>9")

    found = shape(drop_borders(tree, Borders()))

    assert (terms("a<8", "not b>8"), none("a", ">8"), depends("a", "<8", "b", ">=8")) == found


def test_nothing_between_two_borders_goes_without_saying() -> None:
    tree = step(none("a", ">=8,<9"), absent("b"), "b")

    found = drop_borders(tree, Borders())

    assert absent("b") == found


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (step(root(), root(), "a>1"), ">1"),
        (step(root(), root(), "not a>1"), "-"),
        (step(root(), root(), "b"), "-"),
        (none("a", ">1"), ">1"),
        (none("b", ">1"), "-"),
        (depends("a", ">1", "b"), ">1"),
        (root(), "-"),
    ],
)
def test_cause_tells_the_versions_of_which_it_speaks(cause: Fact, expected: str) -> None:
    found = reported("a", cause)

    assert (Ranges.empty() if expected == "-" else versions(expected)) == found
