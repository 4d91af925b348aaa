"""Specifiers as ranges of points, as uv reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from keyrack.policy.resolve.versions import (
    SpecifierRanges,
    is_pin,
    lower_bound,
    prefix_of,
    range_text,
    release_range,
)
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.points import point

RELEASES = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
PRE = st.sampled_from(["", "a1", "b2", "rc1"])
POST = st.sampled_from(["", ".post1", ".post2"])
DEV = st.sampled_from(["", ".dev0", ".dev2"])
LOCAL = st.sampled_from(["", "+abc", "+1.2"])
PUBLIC = st.builds("".join, st.tuples(RELEASES, PRE, POST, DEV))
VERSIONS = st.builds("".join, st.tuples(RELEASES, PRE, POST, DEV, LOCAL))
ORDERED = st.builds("".join, st.tuples(st.sampled_from([">=", "<=", ">", "<"]), PUBLIC))
EXACT = st.builds("".join, st.tuples(st.sampled_from(["==", "!="]), VERSIONS))
PREFIX = st.builds("".join, st.tuples(st.sampled_from(["==", "!="]), RELEASES, st.just(".*")))
COMPATIBLE = RELEASES.filter(lambda text: "." in text).map("~={}".format)
SPECIFIERS = st.one_of(ORDERED, EXACT, PREFIX, COMPATIBLE)
SETS = st.lists(SPECIFIERS, max_size=3).map(",".join)


def ranged(text):
    return SpecifierRanges().of(SpecifierSet(text))


@given(SETS, VERSIONS)
def test_a_range_holds_what_packaging_says_that_specifiers_allow(specifiers, version):
    expected = SpecifierSet(specifiers).contains(version, prereleases=True)

    assert expected == ranged(specifiers).contains(point(version))


@pytest.mark.parametrize(
    ("specifier", "inside", "outside"),
    [
        ("==1.2.3", "1.2.3 1.2.3+x", "1.2.3.post1 1.2.4 1.2.3rc1"),
        ("==1.2.3+x", "1.2.3+x", "1.2.3 1.2.3+y"),
        (">1.2.3", "1.2.4 1.2.4.dev0", "1.2.3 1.2.3+x 1.2.3.post1"),
        (">1.2.3.post1", "1.2.3.post2", "1.2.3.post1 1.2.3.post1+x"),
        (">1.0.dev1", "1.0.dev2 1.0a1 1.0", "1.0.dev1 1.0.dev1+x"),
        ("<1.0", "0.9 0.9.post1", "1.0a1 1.0.dev0 1.0"),
        ("<1.0a2", "1.0a1 1.0.dev0", "1.0a2 1.0"),
        ("<1.0.post1", "1.0 1.0+x", "1.0.post1 1.0.post1.dev0"),
        ("<=1.0", "1.0 1.0+x 1.0a1", "1.0.post1"),
        ("~=1.4.2", "1.4.2 1.4.9", "1.5.dev0 1.4.1"),
        ("==1.4.*", "1.4.dev0 1.4 1.4.9+x", "1.5.dev0 1.3.9"),
        ("!=1.4.*", "1.3 1.5", "1.4.2"),
        ("===1.0", "1.0 1.0.0", "1.0+x"),
        ("===banana", "", "1.0"),
    ],
)
def test_a_range_draws_its_borders_where_uv_does(specifier, inside, outside):
    found = ranged(specifier)

    assert ([True] * len(inside.split()), [False] * len(outside.split())) == (
        [found.contains(point(text)) for text in inside.split()],
        [found.contains(point(text)) for text in outside.split()],
    )


def test_one_specifier_becomes_a_range_once():
    ranges = SpecifierRanges()
    ranges.of(SpecifierSet(">=1"))

    assert ranges.of(SpecifierSet(">=1,<2")) == ranged(">=1,<2")


def test_one_text_becomes_a_range_once():
    ranges = SpecifierRanges()

    assert ranges.of(SpecifierSet(">=1,<2")) is ranges.of(SpecifierSet("<2,>=1"))


@pytest.mark.parametrize(
    ("specifier", "text"),
    [
        ("", "*"),
        (">=1", ">=1"),
        (">1", ">1"),
        ("<2", "<2"),
        ("<=2", "<=2"),
        ("==1.2", "==1.2"),
        ("==1.2+x", "==1.2+x"),
        (">=1,<2", ">=1, <2"),
        ("!=1.5", "<1.5 | >1.5"),
        (">2,<1", "∅"),
    ],
)
def test_a_range_is_written_as_in_uvs_log(specifier, text):
    ranges = SpecifierRanges()

    assert text == ranges.text(ranges.of(SpecifierSet(specifier)))


def test_the_text_of_a_range_is_made_once():
    ranges = SpecifierRanges()

    assert ranges.text(ranged(">=1")) is ranges.text(ranged(">=1"))


@pytest.mark.parametrize(
    ("specifier", "pins"),
    [("==1.0", True), ("===1.0", True), ("==1.0+x", True), (">=1.0", False), ("<1", False), (">=1,<2", False),
     ("!=1.0", False), ("", False), ("==1.*", False)],
)  # fmt: skip
def test_a_pin_is_what_allows_one_version_and_its_local_ones(specifier, pins):
    assert pins is is_pin(ranged(specifier))


@given(SETS, RELEASES)
def test_python_ranges_compare_releases_only(specifiers, release):
    exact = SpecifierSet(
        ",".join(
            part
            for part in specifiers.split(",")
            if not any(mark in part for mark in ("a", "b", "rc", "post", "dev", "+"))
        )
    )

    assert exact.contains(release, prereleases=True) == release_range(exact).contains(point(release))


@pytest.mark.parametrize(
    ("specifier", "inside", "outside"),
    [
        (">=3.13.0b1", "3.13", "3.12.9"),
        (">3.8", "3.8.1", "3.8"),
        ("<3.9", "3.8.9", "3.9"),
        ("<=3.9", "3.9", "3.9.1"),
        ("==3.9", "3.9", "3.9.1"),
        ("===3.9", "3.9", "3.8"),
        ("!=3.9", "3.9.1", "3.9"),
        ("==3.9.*", "3.9.7", "3.10"),
        ("!=3.9.*", "3.10", "3.9.7"),
        ("~=3.8", "3.11", "4.0"),
        ("===banana", "", "3.9"),
    ],
)
def test_python_ranges_draw_borders_between_releases(specifier, inside, outside):
    found = release_range(SpecifierSet(specifier))

    assert all(found.contains(point(text)) for text in inside.split())
    assert not any(found.contains(point(text)) for text in outside.split())


@pytest.mark.parametrize(
    ("specifier", "bound"),
    [(">=1", ("1", True)), (">1", ("1", False)), ("<1", (None, False)), (">2,<1", (None, False))],
)
def test_a_range_begins_at_its_lower_bound(specifier, bound):
    version, included = lower_bound(release_range(SpecifierSet(specifier)))

    assert bound == (version and version.text, included)


@pytest.mark.parametrize(
    ("specifier", "prefix"),
    [("==2.4.*", "2.4"), ("==1!2.*", "1!2"), (">=2.4", None), ("<2.4", None), (">=2.4.dev0,<2.6.dev0", None),
     ("~=2.4", None), ("==2.4", None), (">=2.4.dev0,<2.5", None), (">=2.dev0,<2.1.dev0", None)],
)  # fmt: skip
def test_a_prefix_is_seen_in_the_range_that_it_makes(specifier, prefix):
    (segment,) = ranged(specifier).segments()

    assert prefix == prefix_of(segment)


def test_a_range_between_two_versions_is_no_prefix_where_its_end_belongs_to_it():
    (segment,) = Ranges.higher_than(point("1.dev0")).intersection(Ranges.lower_than(point("2.dev0"))).segments()

    assert prefix_of(segment) is None


def test_an_unbounded_interval_has_no_text_of_its_own():
    assert range_text(Ranges.full()) == "*"
