import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    beyond_python,
    both,
    diagram,
    either,
    extras_in,
    given,
    holds,
    implies,
    is_disjoint,
    only_extras,
    opposite,
    order,
    python_range,
    text,
    to_marker,
    with_extras,
    within_python,
    without_extras,
)
from keyrack.values.points import point
from tests.policy.markers.worlds import EXTRAS, WORLDS, markers, truth

RANGES = ("", ">=3.9", ">3.9.0,<3.12", "<=3.9.2", "==3.9.*", ">=3.9.2,!=3.10.*", ">=4")


def read(marker):
    return diagram(Marker(marker))


def table(here):
    return tuple(holds(here, environment, extras) for environment, extras in WORLDS)


@drawn(markers)
def test_a_diagram_holds_where_its_marker_does(marker):
    assert truth(marker) == table(read(marker))


@drawn(markers, markers)
def test_markers_are_one_object_exactly_where_they_say_the_same(first, second):
    assert (truth(first) == truth(second)) is (read(first) is read(second))


@drawn(markers, markers)
def test_both_and_either_say_so_in_every_world(first, second):
    one, other = read(first), read(second)
    pairs = list(zip(truth(first), truth(second), strict=True))

    assert tuple(a and b for a, b in pairs) == table(both(one, other))
    assert tuple(a or b for a, b in pairs) == table(either(one, other))


@drawn(markers, markers)
def test_what_is_not_both_is_not_one_or_not_the_other(first, second):
    one, other = read(first), read(second)

    assert opposite(both(one, other)) is either(opposite(one), opposite(other))
    assert one is opposite(opposite(one))


@drawn(markers, markers)
def test_disjoint_and_implied_are_read_off_the_truth(first, second):
    pairs = list(zip(truth(first), truth(second), strict=True))

    assert (not any(a and b for a, b in pairs)) == is_disjoint(read(first), read(second))
    assert all(b or not a for a, b in pairs) == implies(read(first), read(second))


@drawn(markers)
def test_a_text_reads_back_as_the_same_object(marker):
    here = read(marker)

    assert here is diagram(to_marker(here))


@drawn(markers, st.sampled_from(RANGES))
def test_within_a_range_of_pythons_a_marker_says_the_same(marker, pythons):
    inside = within_python(read(marker), SpecifierSet(pythons))
    bounds = python_range(beyond_python(TRUE, SpecifierSet(pythons)))

    for (environment, extras), expected in zip(WORLDS, truth(marker), strict=True):
        if bounds.contains(point(environment["python_full_version"])):
            assert expected == holds(inside, environment, extras)


@drawn(markers, st.sampled_from(RANGES))
def test_beyond_a_range_of_pythons_a_marker_does_not_hold(marker, pythons):
    whole = beyond_python(within_python(read(marker), SpecifierSet(pythons)), SpecifierSet(pythons))

    assert whole is beyond_python(read(marker), SpecifierSet(pythons))


@drawn(markers, markers)
def test_where_the_assumption_holds_the_simpler_marker_says_the_same(marker, assumed):
    simpler = given(read(marker), read(assumed))

    for (environment, extras), expected, assumption in zip(WORLDS, truth(marker), truth(assumed), strict=True):
        if assumption:
            assert expected == holds(simpler, environment, extras)


@drawn(markers)
def test_without_extras_a_marker_holds_where_it_can_with_some(marker):
    here = read(marker)
    plain = without_extras(here)

    assert frozenset() == extras_in(plain)
    for environment, _ in WORLDS:
        assert any(holds(here, environment, extras) for extras in EXTRAS) == holds(plain, environment)


@drawn(markers)
def test_only_extras_holds_where_some_environment_does(marker):
    here = read(marker)
    choices = only_extras(here)

    for extras in EXTRAS:
        can = any(holds(here, environment, extras) for environment, _ in WORLDS)
        assert can == holds(choices, {}, extras)


@drawn(markers, st.sampled_from(EXTRAS), st.sampled_from(EXTRAS))
def test_with_extras_given_and_denied_nothing_asks_for_them(marker, asked, denied):
    here = read(marker)
    left = with_extras(with_extras(here, denied, asked=False), asked)

    assert not extras_in(left) & (asked | denied)
    for environment, extras in WORLDS:
        assert holds(here, environment, (extras - denied) | (asked - denied)) == holds(left, environment, extras)


@drawn(markers)
def test_a_marker_holds_only_for_pythons_within_its_bounds(marker):
    here = read(marker)
    bounds = python_range(here)

    for environment, extras in WORLDS:
        if holds(here, environment, extras):
            assert bounds.contains(point(environment["python_full_version"]))


@drawn(st.lists(markers, max_size=5))
def test_an_order_of_markers_tells_all_of_them_apart(drawn_markers):
    diagrams = {read(marker) for marker in drawn_markers}

    assert len(diagrams) == len({order(here) for here in diagrams})
    assert sorted(map(order, diagrams)) == sorted(map(order, reversed(list(diagrams))))


def test_no_marker_always_holds():
    assert TRUE is diagram(None)
    assert to_marker(TRUE) is None


def test_what_never_holds_is_written_as_uv_does():
    assert "python_version < '0'" == text(FALSE)
    assert FALSE is read(text(FALSE))


@pytest.mark.parametrize(
    ("marker", "environment"),
    [
        ("python_full_version >= '3.13'", {"python_full_version": "3.13.0rc1"}),
        ("python_full_version < '1'", {"python_full_version": "unknown"}),
        ("implementation_version > '3.13'", {"implementation_version": "3.13.1"}),
        ("sys_platform == ''", {}),
        ("sys_platform in 'linux darwin'", {"sys_platform": "darwin"}),
        ("'dar' in sys_platform", {"sys_platform": "darwin"}),
        ("platform_release >= '20'", {"sys_platform": "darwin", "platform_release": "100.1"}),
        ("platform_release < '20'", {"sys_platform": "linux", "platform_release": "100.1"}),
    ],
    ids=str,
)
def test_a_marker_holds_for_the_environment(marker, environment):
    assert holds(read(marker), environment)


def test_a_release_that_is_no_version_compares_with_none():
    assert not holds(read("platform_release != '20'"), {"sys_platform": "darwin", "platform_release": "custom"})


@pytest.mark.parametrize(("marker", "holding"), [("'a' in extras", "ab"), ("'g' in dependency_groups", "gh")], ids=str)
def test_lists_of_extras_and_groups_are_asked_one_by_one(marker, holding):
    here = read(marker)

    assert holds(here, {}, frozenset(holding), frozenset(holding))
    assert not holds(here, {}, frozenset("x"), frozenset("x"))


def test_a_version_compares_as_a_release_whatever_packaging_says_of_it():
    assert Version("3.13.0rc1") < Version("3.13")
    assert read("python_full_version >= '3.13.0rc1'") is read("python_full_version >= '3.13'")
