"""The versions that an index lists, in order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from keyrack.policy.index.listing import Listing
from keyrack.values.names import package_name
from keyrack.values.points import point
from tests.policy.index.listings import LIB, listing, page, rules, sdist, wheel


def texts(found):
    return [version.text for version in found.versions]


def names(choice):
    return [listed.link.filename for listed in choice.files]


def test_versions_are_sorted_as_versions_not_as_texts():
    found = listing(wheel("1.10"), wheel("1.9"), wheel("1.9rc1"), sdist("1.9.post1"))

    assert ["1.9rc1", "1.9", "1.9.post1", "1.10"] == texts(found)


@given(st.lists(st.sampled_from(["1.0", "1.1", "2.0a1", "2.0", "1!0.1", "0.9.dev1", "1.0+x"]), unique=True))
def test_the_order_of_links_does_not_matter(versions):
    expected = [str(version) for version in sorted(map(Version, versions))]

    assert expected == texts(listing(*map(wheel, versions)))


def test_files_of_one_version_stand_together_however_it_is_spelled():
    found = listing(wheel("1.0"), sdist("1.0.0"), wheel("1"))

    assert ["lib-1.0-py3-none-any.whl", "lib-1-py3-none-any.whl", "lib-1.0.0.tar.gz"] == names(
        found.choice(point("1.0"))
    )


@pytest.mark.parametrize(
    "filename",
    [
        "lib-1.0.exe",
        "lib-1.0-py3-none-any.whl.asc",
        "other-1.0-py3-none-any.whl",
        "lib-1.0-py3-none.whl",
        "lib-1.0-1-2-py3-none-any.whl",
        "-1.0-py3-none-any.whl",
        "other-1.0.tar.gz",
        "lib-2004d-py3-none-any.whl",
        "lib-.tar.gz",
    ],
)
def test_what_is_no_file_of_the_package_is_left_out(filename):
    assert ["2.0"] == texts(listing(wheel("2.0"), filename, sdist("2.0")))


@pytest.mark.parametrize(
    "filename",
    [
        "My_Lib-1.0-py3-none-any.whl",
        "my.lib-1.0-py3-none-any.whl",
        "my_lib-1.0.tar.gz",
        "my-lib-1.0.zip",
        "My--Lib-1.0.tar.bz2",
    ],
)
def test_a_package_may_be_spelled_in_its_own_ways(filename):
    found = listing("my_lib-0.9-py3-none-any.whl", "my-lib-0.9.tar.gz", filename, name=package_name("my-lib"))

    assert ["0.9", "1.0"] == texts(found)


def test_source_distributions_after_the_first_are_read_by_its_spelling():
    found = listing("my-lib-1.0.tar.gz", "my-lib-1.1.tar.gz", "my-lib-1.2-1.tar.gz", name=package_name("my-lib"))

    assert ["1.0", "1.1", "1.2.post1"] == texts(found)


def test_files_of_several_pages_stand_together_and_remember_their_index():
    found = Listing(LIB, [page(wheel("1.0"), origin="a"), page(sdist("1.0"), origin="b")], rules())

    assert ["a", "b"] == [listed.page.origin for listed in found.choice(point("1.0")).files]


def test_a_listing_knows_which_versions_it_has():
    found = listing(wheel("1.0"))

    assert (True, False) == (point("1.0.0") in found, point("2.0") in found)


def test_a_version_is_weighed_once():
    found = listing(wheel("1.0"))

    assert found.choice(point("1.0")) is found.choice(point("1.0"))


@pytest.mark.parametrize(("versions", "has"), [(("1.0", "1.0+cpu"), True), (("1.0", "1.1"), False)])
def test_a_listing_knows_whether_it_has_local_versions(versions, has):
    assert has is listing(*map(wheel, versions)).has_local


def test_all_versions_are_visible_where_no_date_is_set():
    assert ["1.0", "2.0"] == [version.text for version in listing(wheel("1.0"), wheel("2.0")).visible()]


def test_versions_after_the_date_are_not_visible():
    found = listing(
        wheel("1.0", upload_time="2024-01-01T00:00:00Z"),
        wheel("2.0", upload_time="2024-03-01T00:00:00Z"),
        exclude_newer=datetime(2024, 2, 1, tzinfo=UTC),
    )

    assert ["1.0"] == [version.text for version in found.visible()]


FEBRUARY = datetime(2024, 2, 1, tzinfo=UTC)
MARCH = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"available_until": FEBRUARY}, ["1.0", "3.0"]),
        ({"available_until": FEBRUARY, "exclude_newer": MARCH}, ["1.0", "2.0", "3.0"]),
        ({"available_until": MARCH, "exclude_newer": FEBRUARY}, ["1.0", "2.0", "3.0"]),
        ({"available_until": FEBRUARY, "exclude_newer_package": {LIB: None}}, ["1.0", "3.0"]),
        ({"available_until": FEBRUARY, "undated": frozenset("a")}, ["1.0", "2.0", "2.5", "3.0"]),
    ],
    ids=["alone", "before-a-limit", "after-a-limit", "without-the-limit", "on-a-flat-index"],
)
def test_what_is_uploaded_after_the_end_of_a_test_is_not_listed(words, expected):
    found = listing(
        wheel("1.0", upload_time="2024-01-01T00:00:00Z"),
        wheel("2.0", upload_time="2024-02-01T00:00:00Z"),
        wheel("2.5", upload_time="2024-03-01T00:00:00Z"),
        sdist("1.0", upload_time="2024-04-01T00:00:00Z"),
        wheel("3.0"),
        **words,
    )

    assert expected == texts(found)


def test_files_without_a_date_are_told_where_one_is_needed_and_they_were_looked_at():
    found = listing(wheel("1.0"), wheel("2.0"), wheel("3.0", upload_time="2024-01-01T00:00:00Z"), exclude_newer=MARCH)
    for text in ("1.0", "3.0"):
        found.choice(point(text))

    assert [("lib-1.0-py3-none-any.whl", MARCH)] == list(found.undated())


def test_files_without_a_date_are_not_told_where_none_is_needed():
    found = listing(wheel("1.0"))
    found.choice(point("1.0"))

    assert [] == list(found.undated())
