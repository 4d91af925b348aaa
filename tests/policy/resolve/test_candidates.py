"""Which version of a package to try."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from keyrack.policy.index.listing import Listing
from keyrack.policy.resolve.candidates import Candidates, Prereleases, Why
from keyrack.policy.resolve.question import Preference
from keyrack.policy.resolve.versions import SpecifierRanges
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.index import IndexId, IndexStrategy
from keyrack.values.installed import Installed
from keyrack.values.points import point
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Selection
from tests.policy.index.listings import LIB, page, rules, wheel
from tests.policy.resolve.asking import question

LINUX = "cp312-cp312-manylinux_2_17_x86_64"
WINDOWS = "cp312-cp312-win_amd64"


def listings(*indexes, **words):
    """One listing for each tuple of versions or links."""
    return [
        Listing(LIB, [page(*(wheel(one) if isinstance(one, str) else one for one in index), origin=f"index-{number}")],
                rules(**words))
        for number, index in enumerate(indexes)
    ]  # fmt: skip


def selected(specifier, *indexes, asked=None, index=None):
    allowed = SpecifierRanges().of(SpecifierSet(specifier))
    return Candidates(asked or question()).select(LIB, allowed, listings(*indexes), index)


def version(specifier, *indexes, **words):
    found = selected(specifier, *indexes, **words)
    return found and found.version.text


def installed(text, **words):
    return {LIB: (Installed(LIB, point(text).version, "/v/lib", "/v/lib/lib.dist-info", **words),)}


def preferred(*texts, index=None):
    return {LIB: tuple(Preference(point(text), index) for text in texts)}


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [("", "3.0"), ("<3", "2.0"), ("==1.0", "1.0"), (">3", None), ("!=3.0", "2.0"), ("<1", None), (">=1,<2", "1.0")],
)
def test_the_highest_version_in_range_is_tried(specifier, expected):
    assert expected == version(specifier, ("1.0", "3.0", "2.0"))


VERSIONS = ["0.9", "1.0", "1.0.post1", "1.1", "2.0", "2.0+x", "3.0"]


@given(
    st.lists(st.sampled_from(VERSIONS), unique=True, min_size=1),
    st.lists(st.tuples(st.sampled_from([">=", "<", "==", "!=", "<=", ">"]), st.sampled_from(["1.0", "1.1", "2.0"]))
             .map("".join), max_size=3).map(",".join),
    st.booleans(),
)  # fmt: skip
def test_the_walk_over_intervals_agrees_with_looking_at_every_version(versions, specifier, highest):
    allowed = SpecifierRanges().of(SpecifierSet(specifier))
    inside = [one for one in map(point, versions) if allowed.contains(one)]
    mode = ResolutionMode.HIGHEST if highest else ResolutionMode.LOWEST
    expected = (max(inside) if highest else min(inside)).text if inside else None

    assert expected == version(specifier, versions, asked=question(resolution=mode))


def test_the_lowest_version_is_tried_where_that_is_asked():
    assert version("", ("1.0", "2.0"), asked=question(resolution=ResolutionMode.LOWEST)) == "1.0"


@pytest.mark.parametrize(("direct", "expected"), [("lib", "1.0"), ("other", "2.0")])
def test_the_lowest_direct_mode_is_for_what_the_user_asks_for(direct, expected):
    asked = question(direct, resolution=ResolutionMode.LOWEST_DIRECT)

    assert expected == version("", ("1.0", "2.0"), asked=asked)


def test_a_version_that_cannot_be_used_is_given_so_that_the_solver_learns_why():
    found = selected("", (wheel("2.0", WINDOWS), "1.0"))

    assert ("2.0", False) == (found.version.text, found.choice.exclusion is None)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (PrereleaseMode.IF_NECESSARY, Prereleases.AFTER_STABLE),
        (PrereleaseMode.ALLOW, Prereleases.ALIKE),
        (PrereleaseMode.DISALLOW, Prereleases.NEVER),
        (PrereleaseMode.EXPLICIT, Prereleases.NEVER),
    ],
)
def test_a_mode_says_how_pre_releases_take_part(mode, expected):
    assert expected is Candidates(question("lib>1", prerelease=mode)).prereleases(LIB)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lib>=2.0a1", Prereleases.AFTER_STABLE),
        ("lib<2.0.dev3", Prereleases.AFTER_STABLE),
        ("lib!=2.0a1", Prereleases.NEVER),
        ("lib==2.*", Prereleases.NEVER),
    ],
)
def test_the_explicit_mode_listens_to_requirements_that_name_a_pre_release(text, expected):
    assert expected is Candidates(question(text, prerelease=PrereleaseMode.EXPLICIT)).prereleases(LIB)


def test_a_specifier_that_is_no_version_names_no_pre_release():
    odd = msgspec.structs.replace(question("lib").direct[0], specifier=SpecifierSet("===banana"))
    asked = msgspec.structs.replace(question(prerelease=PrereleaseMode.EXPLICIT), direct=(odd,))

    assert Prereleases.NEVER is Candidates(asked).prereleases(LIB)


def test_a_package_may_have_a_mode_of_its_own():
    asked = question("lib", prerelease_package={LIB: PrereleaseMode.ALLOW})

    assert Prereleases.ALIKE is Candidates(asked).prereleases(LIB)


@pytest.mark.parametrize(
    ("mode", "specifier", "expected"),
    [
        (PrereleaseMode.IF_NECESSARY, "", "1.0"),
        (PrereleaseMode.IF_NECESSARY, ">1.0", "2.0a1"),
        (PrereleaseMode.ALLOW, "", "2.0a1"),
        (PrereleaseMode.DISALLOW, ">1.0", None),
    ],
)
def test_pre_releases_are_chosen_by_the_mode(mode, specifier, expected):
    assert expected == version(specifier, ("1.0", "2.0a1"), asked=question(prerelease=mode))


def test_the_first_index_that_has_a_version_in_range_answers():
    assert version("", ("1.0",), ("2.0",)) == "1.0"


def test_a_later_index_answers_where_an_earlier_one_has_nothing_in_range():
    assert version(">1", ("1.0",), ("2.0",)) == "2.0"


def test_the_best_match_is_sought_on_all_indexes():
    asked = question(strategy=IndexStrategy.UNSAFE_BEST_MATCH)

    assert version("", ("1.0",), ("2.0",), ("1.5",), asked=asked) == "2.0"


def test_the_lowest_best_match_is_sought_on_all_indexes():
    asked = question(strategy=IndexStrategy.UNSAFE_BEST_MATCH, resolution=ResolutionMode.LOWEST)

    assert version("", ("2.0",), ("1.0",), asked=asked) == "1.0"


def test_of_equal_versions_the_earlier_indexs_is_taken():
    asked = question(strategy=IndexStrategy.UNSAFE_BEST_MATCH)

    assert selected("", ("1.0",), ("1.0",), asked=asked).choice.installable.page.origin == "index-0"


def test_of_equal_versions_the_one_that_can_be_used_is_taken():
    asked = question(strategy=IndexStrategy.UNSAFE_BEST_MATCH)

    found = selected("", (wheel("2.0", WINDOWS),), (wheel("2.0", LINUX),), asked=asked)

    assert found.choice.installable.page.origin == "index-1"


def test_the_first_match_prefers_a_pre_release_of_the_first_index_to_a_later_index():
    asked = question(strategy=IndexStrategy.UNSAFE_FIRST_MATCH)

    assert ("2.0a1", "1.0") == (
        version("", ("2.0a1",), ("1.0",), asked=asked), version("", ("2.0a1",), ("1.0",))
    )  # fmt: skip


def test_the_first_match_goes_on_to_the_next_index_where_the_first_has_none():
    asked = question(strategy=IndexStrategy.UNSAFE_FIRST_MATCH)

    assert version(">1", ("1.0",), ("2.0",), asked=asked) == "2.0"


def test_nothing_is_chosen_where_no_index_has_anything():
    asked = question(strategy=IndexStrategy.UNSAFE_FIRST_MATCH)

    assert (None, None) == (version("", (), ()), version("", (), (), asked=asked))


def test_versions_that_a_date_hides_are_passed_over():
    found = listings(
        (wheel("2.0", upload_time="2024-03-01T00:00:00Z"), wheel("1.0", upload_time="2024-01-01T00:00:00Z")),
        exclude_newer=datetime(2024, 2, 1, tzinfo=UTC),
    )

    assert Candidates(question()).best(LIB, Ranges.full(), found).version.text == "1.0"


def test_a_preferred_version_is_kept():
    found = selected("", ("1.0", "2.0"), asked=question(preferences=preferred("1.0")))

    assert ("1.0", Why.PREFERENCE) == (found.version.text, found.why)


@pytest.mark.parametrize("specifier", [">1", "!=1.0"])
def test_a_preferred_version_out_of_range_is_not_kept(specifier):
    assert version(specifier, ("1.0", "2.0"), asked=question(preferences=preferred("1.0"))) == "2.0"


def test_a_preferred_version_that_no_index_lists_is_not_kept():
    assert version("", ("1.0",), ("2.0",), asked=question(preferences=preferred("1.5"))) == "1.0"


def test_the_first_preference_that_can_be_kept_is():
    assert version("", ("1.0", "2.0", "3.0"), asked=question(preferences=preferred("2.5", "2.0", "1.0"))) == "2.0"


def test_a_preference_for_another_index_does_not_count_where_the_package_is_pinned():
    asked = question(preferences=preferred("1.0", index=IndexId("index-1")))

    assert version("", ("1.0", "2.0"), asked=asked, index=IndexId("index-0")) == "2.0"


def test_a_preferred_pre_release_is_kept_unless_pre_releases_are_disallowed():
    allowed, disallowed = (
        question(preferences=preferred("2.0a1"), prerelease=mode)
        for mode in (PrereleaseMode.IF_NECESSARY, PrereleaseMode.DISALLOW)
    )

    assert ("2.0a1", "1.0") == (
        version("", ("1.0", "2.0a1"), asked=allowed), version("", ("1.0", "2.0a1"), asked=disallowed)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "specifier", "expected"),
    [
        (("1.0", "1.0+cpu", "1.0+cuda"), "", "1.0+cuda"),
        (("1.0", "1.0+cpu", "1.1"), "<1.1", "1.0+cpu"),
        (("1.0", "1.1+cpu"), "", "1.0"),
        (("1.0", "1.0+cpu"), "!=1.0+cpu", "1.0"),
        (("1.0", "1.0.post1", "2.0+x"), "", "1.0"),
    ],
)
def test_a_local_version_of_a_preferred_one_is_preferred_still_more(versions, specifier, expected):
    assert expected == version(specifier, versions, asked=question(preferences=preferred("1.0")))


def test_a_local_version_that_is_preferred_is_kept_as_it_is():
    assert version("", ("1.0+a", "1.0+b"), asked=question(preferences=preferred("1.0+a"))) == "1.0+a"


def test_an_installed_copy_in_range_is_kept():
    found = selected("", ("1.0", "2.0"), asked=question(installed=installed("1.0")))

    assert ("1.0", Why.INSTALLED, "installed") == (found.version.text, found.why, found.filename)


def test_an_installed_copy_may_be_of_a_version_that_no_index_has():
    assert version("", ("1.0",), asked=question(installed=installed("5.0"))) == "5.0"


@pytest.mark.parametrize("words", [{"whole": False}])
def test_a_broken_copy_is_not_kept(words):
    assert version("", ("2.0",), asked=question(installed=installed("1.0", **words))) == "2.0"


def test_several_copies_must_be_put_right_so_none_is_kept():
    twice = {LIB: installed("1.0")[LIB] * 2}

    assert version("", ("2.0",), asked=question(installed=twice)) == "2.0"


def test_an_installed_copy_out_of_range_is_not_kept():
    assert version(">1", ("2.0",), asked=question(installed=installed("1.0"))) == "2.0"


@pytest.mark.parametrize("preferences", [{}, preferred("1.0")])
def test_a_package_that_is_reinstalled_is_taken_from_an_index(preferences):
    asked = question(installed=installed("1.0"), reinstall=Selection(names=frozenset({LIB})), preferences=preferences)

    assert selected("==1.0", ("1.0",), asked=asked).installed is None


@pytest.mark.parametrize(("listed", "expected"), [(("2.0",), "2.0"), (("1.0",), "1.0"), (("0.9",), "1.0"), ((), "1.0")])
def test_an_upgrade_takes_a_better_version_where_there_is_one(listed, expected):
    asked = question(installed=installed("1.0"), upgrade=Selection(all=True))

    assert expected == version("", listed, asked=asked)


def test_an_upgrade_to_the_lowest_takes_a_lower_version():
    asked = question(installed=installed("1.0"), upgrade=Selection(all=True), resolution=ResolutionMode.LOWEST)

    assert version("", ("0.9",), asked=asked) == "0.9"


def test_an_installed_copy_that_is_preferred_is_kept_as_a_preference():
    asked = question(installed=installed("1.0"), preferences=preferred("1.0"), upgrade=Selection(all=True))

    found = selected("", ("1.0", "2.0"), asked=asked)

    assert (Why.PREFERENCE, True) == (found.why, found.installed is not None)


def test_an_installed_copy_of_another_version_than_the_preferred_is_not_kept():
    asked = question(installed=installed("2.0"), preferences=preferred("1.0"))

    assert version("", ("1.0", "2.0"), asked=asked) == "1.0"


def test_a_candidate_tells_the_file_and_what_its_page_says_of_python():
    found = selected("", (wheel("1.0", requires_python=">=3.8"),))

    assert ("lib-1.0-py3-none-any.whl", ">=3.8") == (found.filename, found.requires_python)


def test_a_candidate_without_a_file_asks_for_no_python():
    found = selected("", (wheel("1.0", WINDOWS, requires_python=">=3.8"),))

    assert (None, None) == (found.requires_python, msgspec.structs.replace(found, choice=None).requires_python)
