"""Which file of a version to use, or why none of them can be."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.index.choose import Exclusion, FileRules, Kind
from keyrack.policy.index.tags import Mismatch
from keyrack.values.artifact import Digest
from keyrack.values.points import point
from keyrack.values.settings import Selection
from tests.policy.index.listings import LIB, TAGS, listing, sdist, wheel

V1 = point("1.0")
JANUARY, FEBRUARY, MARCH = (datetime(2024, month, 1, tzinfo=UTC) for month in (1, 2, 3))
OLD, NEW = "2024-01-01T00:00:00.123Z", "2024-03-01T00:00:00Z"
ALL = Selection(all=True)
SHA = Digest("sha256", "aa")
OTHER = Digest("sha256", "bb")
PLATFORM = "cp312-cp312-manylinux_2_17_x86_64"
FOREIGN = "cp312-cp312-win_amd64"


def choice(*links, **words):
    return listing(*links, **words).choice(V1)


def installed(*links, **words):
    """The name of the file to install, or the kind of exclusion."""
    found = choice(*links, **words)
    return found.installable.link.filename if found.installable else found.exclusion.kind


def test_the_wheel_whose_tag_fits_best_is_chosen():
    assert f"lib-1.0-{PLATFORM}.whl" == installed(wheel("1.0"), wheel("1.0", PLATFORM), sdist("1.0"))


@given(st.permutations(["py3-none-any", PLATFORM, FOREIGN, "cp312-abi3-linux_x86_64"]))
def test_the_order_on_the_page_does_not_matter(tags):
    assert f"lib-1.0-{PLATFORM}.whl" == installed(*(wheel("1.0", tag) for tag in tags))


def test_of_equal_tags_the_higher_build_number_is_chosen():
    assert "lib-1.0-10-py3-none-any.whl" == installed(
        wheel("1.0"), wheel("1.0", "9-py3-none-any"), wheel("1.0", "10-py3-none-any"), wheel("1.0", "2b-py3-none-any")
    )


def test_build_numbers_are_compared_before_what_follows_them():
    assert "lib-1.0-2b-py3-none-any.whl" == installed(
        wheel("1.0", "2a-py3-none-any"), wheel("1.0", "2b-py3-none-any"), wheel("1.0", "x-py3-none-any")
    )


def test_a_source_distribution_is_taken_where_no_wheel_fits_and_the_wheel_is_read():
    found = choice(wheel("1.0", FOREIGN), sdist("1.0"))

    assert ("lib-1.0.tar.gz", f"lib-1.0-{FOREIGN}.whl", False) == (
        found.installable.link.filename, found.readable.link.filename, found.is_wheel
    )  # fmt: skip


def test_a_source_distribution_alone_is_installed_and_read():
    found = choice(sdist("1.0"))

    assert found.installable is found.readable


def test_a_wheel_that_is_chosen_says_so():
    assert choice(wheel("1.0")).is_wheel


def test_nothing_is_a_wheel_where_nothing_is_chosen():
    assert not choice(wheel("1.0", FOREIGN)).is_wheel


@pytest.mark.parametrize(
    ("tags", "mismatch"),
    [
        ((FOREIGN,), Mismatch.PLATFORM),
        (("cp39-cp39-any", FOREIGN, "pp39-pypy39_pp73-any"), Mismatch.PLATFORM),
        (("pp39-pypy39_pp73-any", "cp39-cp39-any"), Mismatch.ABI),
        (("pp39-pypy39_pp73-any",), Mismatch.PYTHON),
    ],
)
def test_the_wheel_that_came_closest_says_why_none_fits(tags, mismatch):
    assert Exclusion(Kind.TAGS, mismatch) == choice(*(wheel("1.0", tag) for tag in tags)).exclusion


@pytest.mark.parametrize("suffix", [".tar.bz2", ".tar.xz", ".tgz"])
def test_a_source_distribution_in_an_old_form_is_not_used(suffix):
    assert Kind.SDIST_NAME is installed(sdist("1.0", suffix))


def test_a_zip_is_still_a_source_distribution():
    assert "lib-1.0.zip" == installed(sdist("1.0", ".zip"))


def test_where_both_kinds_are_out_the_source_distribution_says_why():
    assert Kind.NO_BUILD is installed(wheel("1.0", FOREIGN), sdist("1.0"), no_build=ALL)


def test_wheels_are_not_used_where_binaries_are_off():
    assert "lib-1.0.tar.gz" == installed(wheel("1.0"), sdist("1.0"), no_binary=ALL)


def test_without_a_source_distribution_nothing_is_left_where_binaries_are_off():
    assert Kind.NO_BINARY is installed(wheel("1.0"), no_binary=Selection(names=frozenset({LIB})))


def test_a_yanked_file_is_not_used():
    assert Exclusion(Kind.YANKED, yank_reason="broken") == choice(wheel("1.0", yanked="broken")).exclusion


def test_a_file_yanked_without_a_reason_says_none():
    assert Exclusion(Kind.YANKED) == choice(wheel("1.0", yanked=True)).exclusion


def test_of_two_yanked_files_the_one_with_a_reason_speaks():
    files = (wheel("1.0", yanked=""), wheel("1.0", PLATFORM, yanked="broken"), wheel("1.0", FOREIGN, yanked="late"))

    assert Exclusion(Kind.YANKED, yank_reason="broken") == choice(*files).exclusion


def test_a_wheel_for_another_platform_came_closer_than_a_yanked_one():
    assert Kind.TAGS is installed(wheel("1.0", yanked=True), wheel("1.0", FOREIGN))


def test_a_release_that_was_yanked_in_part_is_used_in_part():
    assert "lib-1.0.tar.gz" == installed(wheel("1.0", yanked=""), sdist("1.0"))


def test_a_yanked_version_is_used_where_that_is_allowed():
    assert "lib-1.0-py3-none-any.whl" == installed(wheel("1.0", yanked=""), allowed_yanks={LIB: frozenset({V1})})


@pytest.mark.parametrize(
    ("cutoff", "name"), [(FEBRUARY, "lib-1.0-py3-none-any.whl"), (MARCH, f"lib-1.0-{PLATFORM}.whl")]
)
def test_files_uploaded_at_or_after_the_date_do_not_exist(cutoff, name):
    files = (wheel("1.0", upload_time=OLD), wheel("1.0", PLATFORM, upload_time="2024-02-29T23:59:59Z"))

    assert name == installed(*files, exclude_newer=cutoff)


def test_a_version_whose_files_are_all_too_new_is_hidden():
    found = choice(wheel("1.0", upload_time=NEW), sdist("1.0", upload_time=NEW), exclude_newer=FEBRUARY)

    assert (Kind.TOO_NEW, True) == (found.exclusion.kind, found.is_hidden)


def test_a_version_that_is_out_for_another_reason_is_not_hidden():
    assert not choice(wheel("1.0", yanked=True)).is_hidden


def test_a_version_that_can_be_used_is_not_hidden():
    assert not choice(wheel("1.0")).is_hidden


def test_a_file_without_a_date_is_not_used_where_dates_matter():
    assert Kind.UNDATED is installed(wheel("1.0"), exclude_newer=FEBRUARY)


def test_a_wheel_that_is_too_new_is_not_read_in_place_of_the_source_distribution():
    found = choice(wheel("1.0", upload_time=NEW), sdist("1.0", upload_time=OLD), exclude_newer=FEBRUARY)

    assert "lib-1.0.tar.gz" == found.readable.link.filename


def test_a_package_may_have_a_date_of_its_own():
    assert "lib-1.0-py3-none-any.whl" == installed(
        wheel("1.0", upload_time=NEW), exclude_newer=JANUARY, exclude_newer_package={LIB: None}
    )


def test_a_wheel_with_a_wanted_hash_is_taken_before_one_that_fits_better():
    assert "lib-1.0-py3-none-any.whl" == installed(
        wheel("1.0", PLATFORM, digests=(OTHER,)),
        wheel("1.0", digests=(SHA,)),
        digests={(LIB, V1): (SHA,)},
    )


def test_a_wheel_without_any_hash_is_taken_before_one_with_another():
    assert "lib-1.0-py3-none-any.whl" == installed(
        wheel("1.0", PLATFORM, digests=(OTHER,)), wheel("1.0"), digests={(LIB, V1): (SHA,)}
    )


def test_a_source_distribution_with_a_wanted_hash_is_taken_before_a_wheel_with_another():
    assert "lib-1.0.tar.gz" == installed(
        wheel("1.0", digests=(OTHER,)), sdist("1.0", digests=(SHA,)), digests={(LIB, V1): (SHA,)}
    )


def test_of_two_source_distributions_one_that_can_be_used_is_taken():
    assert "lib-1.0.tar.gz" == installed(sdist("1.0", ".tgz"), sdist("1.0"), sdist("1.0", ".tar.bz2"))


def test_rules_without_dates_set_no_date():
    assert FileRules(TAGS).cutoff(LIB) is None


def test_a_file_whose_date_is_nonsense_counts_as_one_without():
    assert Kind.UNDATED is installed(wheel("1.0", upload_time="next week"), exclude_newer=FEBRUARY)


def test_a_date_without_a_zone_is_in_utc():
    assert Kind.TOO_NEW is installed(wheel("1.0", upload_time="2026-02-02T00:00:00"), exclude_newer=FEBRUARY)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, Kind.TOO_NEW),
        ({"exclude_newer_index": {"a": None}}, "lib-1.0-py3-none-any.whl"),
        ({"exclude_newer": None, "exclude_newer_index": {"a": FEBRUARY}}, Kind.TOO_NEW),
        ({"exclude_newer": None, "exclude_newer_index": {"b": FEBRUARY}}, "lib-1.0-py3-none-any.whl"),
        ({"exclude_newer_index": {"a": FEBRUARY}, "exclude_newer_package": {LIB: None}}, "lib-1.0-py3-none-any.whl"),
        ({"undated": frozenset("a"), "exclude_newer_package": {LIB: FEBRUARY}}, "lib-1.0-py3-none-any.whl"),
        ({"no_binary": Selection(all=True)}, Kind.TOO_NEW),
    ],
)
def test_an_index_has_a_date_of_its_own_which_counts_less_than_that_of_a_package(words, expected):
    late = wheel("1.0", upload_time="2026-02-02T00:00:00Z")

    assert expected == installed(late, **{"exclude_newer": FEBRUARY, **words})
