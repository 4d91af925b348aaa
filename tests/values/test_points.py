"""Points: versions in a form that C compares, and the borders between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.values.points import Border, above_local, above_post, below_release, point, point_of

PARTS = st.tuples(
    st.sampled_from(["", "1!"]),
    st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts))),
    st.sampled_from(["", "a1", "b2", "rc1", "a10"]),
    st.sampled_from(["", ".post1", ".post0", ".post20"]),
    st.sampled_from(["", ".dev0", ".dev3"]),
    st.sampled_from(["", "+abc", "+1", "+abc.2", "+2.x"]),
)
VERSIONS = PARTS.map("".join)


@given(VERSIONS, VERSIONS)
def test_points_are_ordered_as_packaging_orders_versions(one, other):
    expected = (Version(one) < Version(other), Version(one) == Version(other))

    actual = (point(one) < point(other), point(one) == point(other))

    assert expected == actual


@given(VERSIONS)
def test_a_point_knows_whether_it_is_a_pre_release_or_local(text):
    version = Version(text)

    found = point(text)

    assert (version.is_prerelease, version.local is not None) == (found.is_prerelease, found.is_local)


@given(VERSIONS)
def test_a_point_gives_its_version_back(text):
    assert Version(text) == point(text).version


@given(VERSIONS)
def test_a_points_text_is_the_normal_form(text):
    assert str(Version(text)) == str(point(text))


@pytest.mark.parametrize(
    ("written", "normal"), [("1.2.3", "1.2.3"), ("1.0", "1.0"), ("01.2", "1.2"), ("1.00.2", "1.0.2"), ("0", "0")]
)
def test_plain_releases_take_the_fast_way_to_the_same_text(written, normal):
    assert normal == point(written).text


@pytest.mark.parametrize("text", ["", "1..2", ".1", "one", "1.²", "1_0", "1.٣", "2004d"])
def test_a_text_that_is_no_version_is_refused(text):
    with pytest.raises(InvalidText, match="Not a valid version"):
        point(text)


@given(VERSIONS, VERSIONS)
def test_the_border_below_a_release_has_all_its_pre_releases_above_it(release, other):
    border = below_release(Version(Version(release).base_version))
    version = Version(other)

    is_below = Version(version.base_version) < Version(Version(release).base_version)

    assert is_below == (point(other) < border)


@given(VERSIONS, st.sampled_from(["+a", "+1", "+zzz.9"]))
def test_the_border_above_a_version_has_all_its_local_versions_below_it(text, local):
    version = Version(Version(text).public)

    assert point_of(version) < point(f"{version}{local}") < above_local(version)


@given(VERSIONS)
def test_nothing_lies_between_a_version_and_its_border_but_local_versions(text):
    version = Version(Version(text).public)
    following = point(f"{version}.dev0") if version.dev is None and version.post is None else None

    assert following is None or not (point_of(version) < following < above_local(version))


def test_the_border_above_a_version_has_its_post_releases_below_it():
    border = above_post(Version("1.0"))

    assert [True, True, True, False] == [point(text) < border for text in ("1.0", "1.0+x", "1.0.post9", "1.0.1.dev0")]


def test_a_border_is_no_version_and_says_so():
    border = below_release(Version("2.0"))

    assert (Border.BELOW, "Point(2.0, below the release and all its pre-releases)") == (border.border, repr(border))


def test_a_version_is_no_border():
    assert (Border.NONE, "Point(2.0)") == (point("2.0").border, repr(point("2.0")))
