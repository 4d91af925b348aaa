"""One resolution for all environments: where it falls apart, and what is chosen in each part."""

import msgspec
import pytest

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.policy.resolve.fork_preferences import UniversalPreference
from keyrack.policy.resolve.hashes import Hashes, Unhashed
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.question import PreferenceSource
from keyrack.policy.resolve.universe import ROOT_VERSION
from keyrack.policy.resolve.versions import ANY
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode, Selection
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import Told, stock
from tests.policy.resolve.forking import fork_question, forks, universal, where, worlds

LINUX, MAC, WINDOWS = (f"sys_platform == '{name}'" for name in ("linux", "darwin", "win32"))


def test_without_markers_there_is_one_solution_for_everything():
    catalogue = stock({"lib 1": ["dep>=1"], "lib 2": ["dep>=2"], "dep 1": [], "dep 2": []})

    assert {"dep 2": "", "lib 2": ""} == where(fork_question("lib"), catalogue)
    assert [] == forks(fork_question("lib"), catalogue)


def test_a_marker_alone_makes_no_fork_and_stays_on_the_way():
    catalogue = stock({"lib 1": [f"dep; {WINDOWS}"], "dep 1": ["leaf"], "leaf 1": []})

    assert {"dep 1": WINDOWS, "leaf 1": WINDOWS, "lib 1": ""} == where(fork_question("lib"), catalogue)


def test_requirements_on_one_name_with_other_markers_are_solved_apart():
    catalogue = stock({"lib 1": [], "lib 2": []})
    asked = fork_question(f"lib<2; {LINUX}", f"lib>=2; {MAC}")

    assert {"lib 1": LINUX, "lib 2": MAC} == where(asked, catalogue)
    assert [LINUX, MAC, "sys_platform != 'darwin' and sys_platform != 'linux'"] == forks(asked, catalogue)


def test_the_parts_of_a_fork_with_more_upper_bounds_come_first():
    catalogue = stock({"lib 1": [], "lib 2": []})

    assert [MAC, LINUX] == forks(fork_question(f"lib>=1; {LINUX}", f"lib<2; {MAC}"), catalogue)[:2]


def test_a_later_fork_prefers_what_an_earlier_one_chose():
    catalogue = stock({"lib 1": [], "lib 2": []})
    asked = fork_question(f"lib>=1; {LINUX}", f"lib<2; {MAC}")
    preferred = UniversalPreference(point("1"), source=PreferenceSource.FORK)

    found = where(
        fork_question(f"lib>=1; {LINUX}", fork={"preferences": {package_name("lib"): (preferred,)}}), catalogue
    )

    assert {"lib 1": LINUX} == found
    assert {"lib 1", "lib 2"} == set(where(asked, catalogue))


def test_a_pre_release_of_another_fork_is_no_reason_to_take_one():
    catalogue = stock({"lib 1": [], "lib 2rc1": []})
    preferred = UniversalPreference(point("2rc1"), source=PreferenceSource.FORK)

    asked = fork_question("lib", fork={"preferences": {package_name("lib"): (preferred,)}})

    assert {"lib 1": ""} == where(asked, catalogue)


def test_a_version_that_needs_a_later_python_parts_the_fork_there():
    catalogue = stock({"lib 1": [], "lib 2": {"requires_python": ">=3.11"}})

    assert {"lib 1": "python_full_version < '3.11'", "lib 2": "python_full_version >= '3.11'"} == where(
        fork_question("lib"), catalogue
    )


def test_with_fewest_forks_a_version_that_needs_a_later_python_is_out():
    catalogue = stock({"lib 1": [], "lib 2": {"requires_python": ">=3.11"}})

    asked = fork_question("lib", fork={"strategy": ForkStrategy.FEWEST})

    assert {"lib 1": ""} == where(asked, catalogue)


class Silent(MemoryCatalogue):
    """Pages that say nothing of Pythons; the metadata does."""

    def pages(self, name, pinned=None):
        found = super().pages(name, pinned)
        pages = tuple(
            msgspec.structs.replace(
                page, links=tuple(msgspec.structs.replace(link, requires_python=None) for link in page.links)
            )
            for page in found.pages
        )
        return FoundPages(pages, offline=found.offline)


@pytest.mark.parametrize(
    ("strategy", "versions"),
    [
        (
            ForkStrategy.REQUIRES_PYTHON,
            {"lib 1": "python_full_version < '3.11'", "lib 2": "python_full_version >= '3.11'"},
        ),
        (ForkStrategy.FEWEST, {"lib 1": ""}),
    ],
    ids=["apart", "fewest"],
)
def test_metadata_may_be_the_first_to_tell_of_a_later_python(strategy, versions):
    catalogue = Silent([wheel("lib", "1"), wheel("lib", "2", requires_python=">=3.11")])

    assert versions == where(fork_question("lib", fork={"strategy": strategy}), catalogue)


def test_a_requirement_that_begins_at_a_later_python_parts_the_fork():
    catalogue = stock({"lib 1": {"requires_python": ">=3.10"}})

    assert ["python_full_version >= '3.10'", "python_full_version < '3.10'"] == forks(
        fork_question("lib; python_version >= '3.10'"), catalogue
    )


def test_requirements_for_pythons_that_are_not_supported_are_not_there():
    catalogue = stock({"lib 1": ["dep; python_version < '3.9'"]})

    assert {"lib 1": ""} == where(fork_question("lib"), catalogue)


def test_lowest_versions_are_solved_from_the_oldest_python_on():
    catalogue = stock({"lib 1": [], "lib 2": []})
    asked = fork_question(
        "lib>=2; python_version >= '3.11'", "lib; python_version < '3.11'", resolution=ResolutionMode.LOWEST
    )

    assert ["python_full_version < '3.11'", "python_full_version >= '3.11'"] == forks(asked, catalogue)


def test_lowest_direct_knows_per_fork_what_is_direct():
    catalogue = stock({"lib 1": [], "lib 2": [], "dep 1": ["lib"], "dep 2": ["lib"]})
    asked = fork_question(
        f"lib; {LINUX}",
        "dep",
        resolution=ResolutionMode.LOWEST_DIRECT,
    )

    assert {"dep 1": "", "lib 1": ""} == where(asked, catalogue)


def test_a_package_may_require_itself():
    catalogue = stock({"lib 1": ["lib>=1", "dep"], "dep 1": []})

    assert {"dep 1": "", "lib 1": ""} == where(fork_question("lib"), catalogue)


def test_constraints_narrow_where_their_markers_hold():
    catalogue = stock({"lib 1": [], "lib 2": []})
    asked = fork_question("lib", constraints=[f"lib<2; {LINUX}", "other<1"])

    assert {"lib 1": LINUX, "lib 2": "sys_platform != 'linux'"} == where(asked, catalogue)


@pytest.mark.parametrize("constraint", [f"lib<2; {WINDOWS}", "lib<2; python_version < '3.9'"])
def test_a_constraint_for_elsewhere_says_nothing(constraint):
    catalogue = stock({"lib 1": [], "lib 2": []})

    assert {"lib 2": LINUX} == where(fork_question(f"lib; {LINUX}", constraints=[constraint]), catalogue)


def test_an_override_stands_in_for_what_is_written_with_its_own_marker():
    catalogue = stock({"lib 1": [f"dep>=2; {MAC}"], "dep 1": [], "dep 2": []})
    asked = fork_question("lib", overrides=[f"dep<2; {LINUX}"])

    assert {"dep 1": LINUX, "lib 1": ""} == where(asked, catalogue)


def test_an_override_of_what_an_extra_adds_is_added_by_the_extra():
    catalogue = stock({"lib 1": {"extras": {"fast": ["dep>=2"]}}, "dep 1": [], "dep 2": []})
    asked = fork_question("lib", overrides=["dep<2"])

    assert ["lib 1"] == list(where(asked, catalogue))
    assert ["dep 1", "lib 1"] == list(where(fork_question("lib[fast]", overrides=["dep<2"]), catalogue))


def test_excluded_packages_are_not_there():
    catalogue = stock({"lib 1": ["dep"]})

    assert ["lib 1"] == list(where(fork_question("lib", excludes=frozenset((package_name("dep"),))), catalogue))


def test_without_dependencies_only_what_was_asked_for_is_chosen():
    catalogue = stock({"lib 1": ["dep"]})

    assert ["lib 1"] == list(where(fork_question("lib", with_dependencies=False), catalogue))


def test_environments_are_forks_to_begin_with_and_nothing_else_is_solved():
    catalogue = stock({"lib 1": [f"dep; {WINDOWS}"], "dep 1": []})

    assert {"lib 1": f"{MAC} or {LINUX}"} == where(fork_question("lib"), catalogue, forks=(LINUX, MAC))


def test_forks_of_a_lock_begin_with_the_newest_python_or_with_the_oldest():
    catalogue = stock({"lib 1": []})
    begin = ("python_version < '3.11'", "python_version >= '3.11'")

    assert [
        ["python_full_version >= '3.11'", "python_full_version < '3.11'"],
        ["python_full_version < '3.11'", "python_full_version >= '3.11'"],
    ] == [forks(fork_question("lib"), catalogue, forks=begin, newest_first=newest) for newest in (True, False)]


def test_hashes_that_are_required_and_missing_are_an_error():
    catalogue = stock({"lib 1": []})

    with pytest.raises(Unhashed):
        universal(fork_question("lib", hashes=Hashes(are_required=True)), catalogue)


def test_unbuilt_versions_are_passed_over():
    catalogue = MemoryCatalogue(
        [wheel("lib", "1"), sdist("lib", "2")], unbuilt=frozenset((sdist("lib", "2").filename,))
    )

    assert ["lib 1"] == list(where(fork_question("lib"), catalogue))


def test_a_version_that_requires_the_impossible_is_passed_over():
    catalogue = stock({"lib 1": [], "lib 2": ["dep[x]>2,<1"], "dep 1": []})

    assert ["lib 1"] == list(where(fork_question("lib"), catalogue))


def test_bad_metadata_is_told_in_the_log():
    catalogue = MemoryCatalogue([wheel("lib", "1"), wheel("lib", "2", requires=["?"])])
    told = Told()

    universal(fork_question("lib"), catalogue, told)

    assert [line for line in told.lines if line.startswith("WARN lib has invalid metadata")]


def test_an_error_tells_how_the_package_came_to_be_needed():
    class Failing(MemoryCatalogue):
        def pages(self, name, pinned=None):
            if name == "dep":
                raise KeyrackError("no answer")
            return super().pages(name, pinned)

        def expect(self, name, pinned=None, then=None):
            pass

    catalogue = Failing([wheel("lib", "1", requires=["dep"])])

    with pytest.raises(KeyrackError) as failure:
        universal(fork_question("lib"), catalogue)

    assert ("`dep` was included because `lib` (v1) depends on `dep`",) == failure.value.hints


def test_the_log_tells_of_forks_as_uv_does():
    catalogue = stock({"lib 1": [], "lib 2": {"requires_python": ">=3.11"}})
    told = Told()

    universal(fork_question("lib", fork={"members": frozenset((package_name("lib"),))}), catalogue, told)

    assert [
        "DEBUG Adding direct dependency: lib*",
        "DEBUG Searching for a compatible version of lib (*)",
        "DEBUG Forking Python requirement `>=3.9` on `>=3.11` for lib==2 (split (markers: python_full_version >= '3.9'"
        " and python_full_version < '3.11'), split (markers: python_full_version >= '3.11'))",
        "DEBUG Solving split (markers: python_full_version >= '3.11') (requires-python: >=3.11)",
    ] == told.lines[:4]


def test_many_tried_versions_of_one_name_are_fetched_ahead():
    versions = {f"lib {number}": ["dep<1"] for number in range(1, 9)}
    catalogue = stock({**versions, "lib 0": [], "dep 1": []})
    told = Told()

    universal(fork_question("lib"), catalogue, told)

    assert [line for line in told.lines if "Prefetched" in line]


def test_conflicts_between_packages_are_counted():
    many = {f"a {n}": [f"c=={n}"] for n in range(1, 12)} | {f"b {n}": [f"c=={n + 20}"] for n in range(1, 12)}
    catalogue = stock({**many, "b 0": [], **{f"c {n}": [] for n in range(1, 12)}})

    assert {"a 11": "", "b 0": "", "c 11": ""} == where(fork_question("a", "b"), catalogue)


def test_pre_releases_follow_their_mode_per_fork():
    catalogue = stock({"lib 1": [], "lib 2rc1": []})
    asked = fork_question(f"lib>=2rc1; {LINUX}", f"lib; {MAC}", prerelease=PrereleaseMode.EXPLICIT)

    assert {"lib 1": MAC, "lib 2rc1": LINUX} == where(asked, catalogue)


def test_a_package_that_does_not_exist_is_absent():
    catalogue = stock({"lib 2": ["missing"], "lib 1": []})

    assert ["lib 1"] == list(where(fork_question("lib"), catalogue))


def test_builds_may_be_off():
    catalogue = MemoryCatalogue([wheel("lib", "1"), sdist("lib", "2")])

    assert ["lib 1"] == list(where(fork_question("lib", rules={"no_build": Selection(all=True)}), catalogue))


def test_without_ranks_packages_would_go_in_the_order_of_urgency():
    (universe,) = worlds(fork_question("lib"), stock({"lib 1": []}))
    universe.dependencies(ROOT, ROOT_VERSION)
    lib = Package(package_name("lib"))

    assert (lib, None) == (universe.next_package({lib: ANY}), universe.conflicted(lib, lib))


def test_an_override_of_what_one_of_several_extras_adds_is_there_with_any_of_them():
    catalogue = stock({"lib 1": ["dep; extra == 'a' or extra == 'b'"], "dep 1": []})

    assert ["dep 1", "lib 1"] == list(where(fork_question("lib", overrides=["dep"]), catalogue))


def test_requirements_that_are_not_for_the_fork_are_not_there_however_many_the_name_has():
    catalogue = stock({"lib 1": [], "lib 2": []})
    asked = fork_question(f"lib<2; {LINUX}", "lib; python_version >= '3.9'")

    assert {"lib 1": LINUX} == where(asked, catalogue, forks=(LINUX,))


def test_an_error_that_tells_the_way_already_tells_it_once():
    class Failing(MemoryCatalogue):
        def pages(self, name, pinned=None):
            if name == "dep":
                raise KeyrackError("no", hints=("`dep` was included because `lib` (v1) depends on `dep`",))
            return super().pages(name, pinned)

        def expect(self, name, pinned=None, then=None):
            pass

    with pytest.raises(KeyrackError) as failure:
        universal(fork_question("lib"), Failing([wheel("lib", "1", requires=["dep"])]))

    assert 1 == len(failure.value.hints)
