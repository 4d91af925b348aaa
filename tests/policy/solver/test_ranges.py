"""Sets of versions behave as sets of numbers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.solver.ranges import DISJOINT, OVERLAP, SUBSET, Ranges, Segment

# Bounds are even, members are all numbers: so there is always a number between two bounds, as between real versions.
BOUNDS = range(0, 20, 2)
MEMBERS = range(-1, 20)


@st.composite
def ranges(draw: st.DrawFn) -> Ranges[int]:
    """Draw any set with bounds in `BOUNDS`."""
    cuts = sorted(draw(st.sets(st.tuples(st.sampled_from(BOUNDS), st.integers(0, 1)), max_size=6)))
    return Ranges(draw(st.booleans()), tuple(value for value, _ in cuts), tuple(side for _, side in cuts))


def members(found: Ranges[int]) -> set[int]:
    """List the members among `MEMBERS`."""
    return {number for number in MEMBERS if number in found}


EVERY = set(MEMBERS)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Ranges.empty(), set()),
        (Ranges.full(), EVERY),
        (Ranges.singleton(4), {4}),
        (Ranges.higher_than(17), {17, 18, 19}),
        (Ranges.strictly_higher_than(17), {18, 19}),
        (Ranges.lower_than(1), {-1, 0, 1}),
        (Ranges.strictly_lower_than(1), {-1, 0}),
        (Ranges.between(2, 5), {2, 3, 4}),
        (Ranges.between(5, 2), set()),
        (Ranges.between(2, 2), set()),
    ],
)
def test_each_constructor_holds_what_it_says(made: Ranges[int], expected: set[int]) -> None:
    found = members(made)

    assert expected == found


@given(ranges())
def test_complement_holds_all_others(one: Ranges[int]) -> None:
    found = members(one.complement())

    assert EVERY - members(one) == found


@given(ranges())
def test_complement_of_complement_is_the_same_set(one: Ranges[int]) -> None:
    found = one.complement().complement()

    assert one == found


@given(ranges(), ranges())
def test_intersection_holds_what_both_hold(one: Ranges[int], other: Ranges[int]) -> None:
    found = members(one.intersection(other))

    assert members(one) & members(other) == found


@given(ranges(), ranges())
def test_union_holds_what_either_holds(one: Ranges[int], other: Ranges[int]) -> None:
    found = members(one.union(other))

    assert members(one) | members(other) == found


@given(ranges(), ranges())
def test_difference_holds_what_only_the_first_holds(one: Ranges[int], other: Ranges[int]) -> None:
    found = members(one.difference(other))

    assert members(one) - members(other) == found


@given(ranges(), ranges())
def test_relation_agrees_with_intersection(one: Ranges[int], other: Ranges[int]) -> None:
    both = one.intersection(other)
    expected = SUBSET if both == one else DISJOINT if both.is_empty else OVERLAP

    found = one.relation(other)

    assert expected == found


@given(ranges(), ranges())
def test_subset_and_disjoint_agree_with_intersection(one: Ranges[int], other: Ranges[int]) -> None:
    both = one.intersection(other)

    found = one.subset_of(other), one.is_disjoint(other)

    assert (both == one, both.is_empty) == found


@given(ranges(), ranges())
def test_sets_made_in_different_ways_are_equal_and_hash_alike(one: Ranges[int], other: Ranges[int]) -> None:
    first = one.union(other)
    second = one.complement().intersection(other.complement()).complement()

    found = first == second, hash(first) == hash(second), hash(first) == hash(first)

    assert (True, True, True) == found


@given(ranges())
def test_segments_make_the_set_again(one: Ranges[int]) -> None:
    found = Ranges.of_segments(list(one.segments()))

    assert one == found


@given(ranges(), st.sets(st.sampled_from(MEMBERS)))
def test_simplified_set_has_the_same_members_in_no_more_pieces(one: Ranges[int], listed: set[int]) -> None:
    versions = sorted(listed)

    simple = one.simplify(versions)
    found = [version in simple for version in versions]

    assert [version in one for version in versions] == found
    assert len(list(simple.segments())) <= max(1, len(list(one.segments())))


@given(ranges(), st.sets(st.sampled_from(MEMBERS), min_size=1))
def test_set_with_all_versions_simplifies_to_everything(one: Ranges[int], listed: set[int]) -> None:
    versions = sorted(version for version in listed if version in one)

    found = one.simplify(versions)

    assert (one if one.only is not None or not versions else Ranges.full()) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Ranges.between(2, 9), Ranges.between(2, 9)),
        (Ranges.higher_than(4), Ranges.higher_than(4)),
        (Ranges.lower_than(2).union(Ranges.higher_than(8)), Ranges.lower_than(2).union(Ranges.higher_than(8))),
        (Ranges.between(4, 5).union(Ranges.between(6, 7)), Ranges.between(4, 7)),
        (Ranges.between(3, 5).union(Ranges.singleton(12)), Ranges.between(3, 5)),
        (Ranges.lower_than(4), Ranges.lower_than(4)),
        (Ranges.singleton(7), Ranges.singleton(7)),
        (Ranges.between(11, 12), Ranges.between(11, 12)),
    ],
)
def test_simplifying_keeps_the_bounds_that_divide_versions(text: Ranges[int], expected: Ranges[int]) -> None:
    found = text.simplify([1, 4, 6, 8, 10])

    assert expected == found


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (1, Ranges.strictly_lower_than(3)),
        (3, Ranges.strictly_higher_than(1).intersection(Ranges.strictly_lower_than(6))),
        (6, Ranges.strictly_higher_than(3)),
        (4, Ranges.strictly_higher_than(3).intersection(Ranges.strictly_lower_than(6))),
        (9, Ranges.strictly_higher_than(6)),
    ],
)
def test_gap_reaches_to_the_neighbours(version: int, expected: Ranges[int]) -> None:
    found = Ranges.gap(version, [1, 3, 6])

    assert expected == found


def test_gap_around_the_only_version_is_everything() -> None:
    found = Ranges.gap(1, [1])

    assert Ranges.full() == found


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Ranges.singleton(3), 3),
        (Ranges.full(), None),
        (Ranges.between(3, 4), None),
        (Ranges.singleton(3).complement(), None),
        (Ranges.higher_than(3).intersection(Ranges.lower_than(4)), None),
    ],
)
def test_only_the_set_of_one_has_an_only_version(made: Ranges[int], expected: int | None) -> None:
    found = made.only

    assert expected == found


def test_emptiness_and_fullness_are_seen() -> None:
    found = [(one.is_empty, one.is_full) for one in (Ranges.empty(), Ranges.full(), Ranges.singleton(1))]

    assert [(True, False), (False, True), (False, False)] == found


def test_segments_tell_their_bounds() -> None:
    one = Ranges.lower_than(1).union(Ranges.between(3, 5)).union(Ranges.strictly_higher_than(7))

    found = list(one.segments())

    assert [
        Segment(None, False, 1, True),
        Segment(3, True, 5, False),
        Segment(7, False, None, False),
    ] == found


def test_set_of_versions_is_no_other_thing() -> None:
    found = Ranges.singleton(1) == "==1"

    assert not found


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Ranges.empty(), "Ranges(empty)"),
        (Ranges.full(), "Ranges(any)"),
        (Ranges.singleton(1), "Ranges(==1)"),
        (Ranges.between(1, 3).union(Ranges.strictly_higher_than(5)), "Ranges(>=1, <3 | >5)"),
        (Ranges.lower_than(1), "Ranges(<=1)"),
    ],
)
def test_set_is_shown_as_specifiers(made: Ranges[int], expected: str) -> None:
    found = repr(made)

    assert expected == found
