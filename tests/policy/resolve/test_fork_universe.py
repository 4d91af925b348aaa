"""One resolution for all environments: where it falls apart, and what is chosen in each part."""

import msgspec
import pytest
from packaging.version import Version

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.policy.resolve.direct import ConflictingUrls, DisallowedUrl
from keyrack.policy.resolve.fork_places import ConflictingIndexes
from keyrack.policy.resolve.fork_preferences import UniversalPreference
from keyrack.policy.resolve.hashes import Hashes, Unhashed
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.question import PreferenceSource
from keyrack.policy.resolve.universe import ROOT_VERSION
from keyrack.policy.resolve.versions import ANY
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.conflicts import ConflictItem
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import extra_name, group_name, package_name
from keyrack.values.points import point
from keyrack.values.requirement import FromIndex, FromTree, Requirement
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode, Selection
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import Told, parsed, stock
from tests.policy.resolve.forking import fork_question, fork_refusal, forks, universal, where, worlds

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


def test_extras_are_nodes_of_their_own():
    catalogue = stock(
        {"lib 1": {"requires": ["base"], "extras": {"fast": [f"dep; {LINUX}"]}}, "base 1": [], "dep 1": []}
    )

    found = universal(fork_question(f"lib[fast]; {MAC} or {LINUX}"), catalogue)

    (lib,) = [pin for pin in found.pins if pin.name == "lib"]
    targets = [(found.pins[edge.pin].name, edge.extra, edge.to_extra) for edge in lib.edges]
    assert [("base", "", ""), ("dep", "fast", "")] == targets
    assert [extra_name("fast")] == [name for name, _ in lib.extras]
    assert [("lib", ""), ("lib", "fast")] == [(found.pins[edge.pin].name, edge.to_extra) for edge in found.roots]


def test_requirements_on_own_extras_are_those_of_the_extras():
    catalogue = stock(
        {
            "lib 1": {"extras": {"all": ["lib[a]", f"lib[b]>=1; {LINUX}"], "a": ["dep"], "b": ["leaf", "lib[a]"]}},
            "dep 1": [],
            "leaf 1": [],
        }
    )

    assert {"dep 1": "", "leaf 1": LINUX, "lib 1": ""} == where(fork_question("lib[all]"), catalogue)


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


CPU, GPU = (ConflictItem(package_name("lib"), extra_name(name)) for name in ("cpu", "gpu"))


def test_conflicting_extras_are_solved_apart():
    catalogue = stock({"lib 1": {"extras": {"cpu": ["dep<2"], "gpu": ["dep>=2"]}}, "dep 1": [], "dep 2": []})
    asked = fork_question("lib[cpu,gpu]", fork={"conflicts": ((CPU, GPU),)})

    cpu, gpu = "extra == 'extra-3-lib-cpu'", "extra == 'extra-3-lib-gpu'"
    assert [
        f"{cpu.replace('==', '!=')} and {gpu}",
        f"{cpu} and {gpu.replace('==', '!=')}",
        f"{cpu.replace('==', '!=')} and {gpu.replace('==', '!=')}",
    ] == forks(asked, catalogue)
    assert {"dep 1", "dep 2", "lib 1"} == set(where(asked, catalogue))


def test_conflicts_of_what_nobody_asks_for_part_nothing():
    catalogue = stock({"lib 1": {"extras": {"cpu": [], "gpu": []}}})

    assert [] == forks(fork_question("lib", fork={"conflicts": ((CPU, GPU),)}), catalogue)


def test_a_local_version_gives_way_where_only_the_public_one_has_wheels():
    catalogue = MemoryCatalogue(
        [
            wheel("lib", "1", tags="py3-none-any"),
            wheel("lib", "1+cpu", tags="py3-none-manylinux_2_17_x86_64"),
        ]
    )
    cpu = "platform_machine == 'x86_64' and sys_platform == 'linux'"

    assert {
        "lib 1": "platform_machine != 'x86_64' or sys_platform != 'linux'",
        "lib 1+cpu": cpu,
    } == where(fork_question("lib", pythons=">=3.9,<4"), catalogue)


@pytest.mark.parametrize(
    ("root", "version"),
    [
        (f"lib; {WINDOWS}", "lib 1"),
        ("lib; sys_platform == 'linux' and platform_machine == 'x86_64'", "lib 1+cpu"),
        ("lib==1+cpu", "lib 1+cpu"),
    ],
)
def test_a_local_version_is_weighed_within_the_fork_alone(root, version):
    catalogue = MemoryCatalogue(
        [
            wheel("lib", "1", tags="py3-none-any"),
            wheel("lib", "1+cpu", tags="py3-none-manylinux_2_17_x86_64"),
        ]
    )
    begin = (root.partition("; ")[2] or "python_version >= '3'",)

    assert [version] == list(where(fork_question(root, pythons=">=3.9,<4"), catalogue, forks=begin))


def test_a_local_version_with_as_many_wheels_stays():
    catalogue = MemoryCatalogue([wheel("lib", "1"), wheel("lib", "1+cpu")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib"), catalogue)


def test_a_local_version_stays_where_the_public_one_cannot_be_used():
    catalogue = MemoryCatalogue([wheel("lib", "1", yanked="why"), wheel("lib", "1+cpu", tags="py3-none-win32")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib"), catalogue)


def served(*tags, required=(LINUX,), root="lib", **words):
    catalogue = MemoryCatalogue([
        wheel("lib", "1"), sdist("lib", "1"), *(wheel("lib", "2", tags=each) for each in tags)
    ])  # fmt: skip
    return where(fork_question(root, required=required), catalogue, **words)


def test_an_environment_that_must_be_served_is_a_fork_of_its_own_where_it_is_not():
    assert {"lib 1": "sys_platform != 'win32'", "lib 2": WINDOWS} == served("py3-none-win_amd64")


def test_an_environment_that_is_served_makes_no_fork():
    assert {"lib 2": ""} == served("py3-none-win_amd64", "py3-none-manylinux_2_17_x86_64")


def test_an_environment_in_which_nothing_is_needed_need_not_be_served():
    assert {"lib 2": MAC} == served("py3-none-win_amd64", root=f"lib; {MAC}")


def test_a_version_that_cannot_serve_the_fork_at_all_is_out():
    assert {"lib 1": LINUX} == served("py3-none-win_amd64", forks=(LINUX,))


def test_a_wheel_for_later_pythons_alone_is_nothing_for_a_fork_of_older_ones():
    catalogue = MemoryCatalogue([wheel("lib", "1"), sdist("lib", "1"), wheel("lib", "2", tags="cp312-abi3-any")])

    assert {"lib 1": "python_full_version < '3.11'", "lib 2": "python_full_version >= '3.11'"} == where(
        fork_question("lib"), catalogue, forks=("python_version < '3.11'", "python_version >= '3.11'")
    )


def test_a_source_distribution_is_for_all_pythons():
    catalogue = MemoryCatalogue([wheel("lib", "2", tags="cp312-abi3-any"), sdist("lib", "2")])

    assert {"lib 2": "python_full_version < '3.11'"} == where(
        fork_question("lib"), catalogue, forks=("python_version < '3.11'",)
    )


def test_a_version_without_any_file_for_the_pythons_is_out():
    catalogue = MemoryCatalogue([wheel("lib", "1"), wheel("lib", "2", tags="cp38-cp38-any")])

    assert {"lib 1": ""} == where(fork_question("lib"), catalogue)


def url(name, version, where="", extras=""):
    return f"{name}{extras} @ https://files.example/{name}-{version}-py3-none-any.whl" + (
        f" ; {where}" if where else ""
    )


class Direct(MemoryCatalogue):
    """Files of a place beside the index."""

    def __init__(self, files, *artifacts):
        super().__init__(artifacts)
        self._metadata |= {f"None {file.filename}": file.metadata for file in files}


def test_a_package_may_come_from_a_url_in_one_fork_and_from_an_index_in_another():
    catalogue = Direct([wheel("lib", "2")], wheel("lib", "1"))

    found = universal(fork_question(url("lib", "2", LINUX), f"lib; {MAC}"), catalogue)

    assert [("1", True), ("2", False)] == [(str(pin.version), isinstance(pin.source, FromIndex)) for pin in found.pins]


def test_two_urls_in_one_environment_are_an_error():
    catalogue = Direct([wheel("lib", "1"), wheel("lib", "2")])

    with pytest.raises(ConflictingUrls, match="conflicting URLs for package `lib` in all marker environments"):
        universal(fork_question(url("lib", "1"), url("lib", "2")), catalogue)


def test_two_urls_in_one_fork_are_an_error_of_that_fork():
    catalogue = Direct([wheel("lib", "1"), wheel("lib", "2")])

    with pytest.raises(ConflictingUrls, match="in split `sys_platform == 'linux'`"):
        universal(fork_question(url("lib", "1"), url("lib", "2")), catalogue, forks=(LINUX,))


def test_two_urls_in_two_forks_are_two_versions():
    catalogue = Direct([wheel("lib", "1"), wheel("lib", "2")])

    assert {"lib 1": LINUX, "lib 2": MAC} == where(
        fork_question(url("lib", "1", LINUX), url("lib", "2", MAC)), catalogue
    )


def test_a_package_from_a_url_may_name_others():
    catalogue = Direct([wheel("lib", "1", requires=[url("dep", "1")]), wheel("dep", "1")])

    assert ["dep 1", "lib 1"] == list(where(fork_question(url("lib", "1")), catalogue))


def test_an_index_may_not_send_its_readers_to_a_url():
    catalogue = Direct([wheel("dep", "1")], wheel("lib", "1", requires=[url("dep", "1")]))

    with pytest.raises(DisallowedUrl):
        universal(fork_question("lib"), catalogue)


def test_what_a_url_gives_must_be_in_range():
    catalogue = Direct([wheel("lib", "1")], wheel("dep", "1", requires=["lib>=2"]), wheel("dep", "0"))

    assert ["dep 0", "lib 1"] == list(where(fork_question(url("lib", "1"), "dep"), catalogue))


def test_what_a_url_gives_must_be_for_the_pythons():
    catalogue = Direct([wheel("lib", "1", requires_python=">=3.12")])

    assert ["lib 1"] == list(where(fork_question(url("lib", "1"), pythons=">=3.12"), catalogue))


def test_metadata_of_a_url_that_cannot_be_read_is_met_again_by_the_solver():
    with pytest.raises(KeyrackError):
        universal(fork_question(url("lib", "1")), Direct([]))


def pinned(text, index):
    (requirement,) = parsed(text)
    return msgspec.structs.replace(requirement, source=FromIndex(IndexId(index)))


def test_a_package_may_be_pinned_to_another_index_in_each_fork():
    catalogue = MemoryCatalogue([wheel("lib", "1")], [wheel("lib", "2")])
    asked = fork_question(pinned(f"lib; {LINUX}", "index-0"), pinned(f"lib; {MAC}", "index-1"))

    assert {"lib 1": LINUX, "lib 2": MAC} == where(asked, catalogue)


def test_two_indexes_in_one_environment_are_an_error():
    catalogue = MemoryCatalogue([wheel("lib", "1")], [wheel("lib", "2")])
    asked = fork_question(pinned("lib", "index-0"), pinned("lib>=1", "index-1"))

    with pytest.raises(ConflictingIndexes, match="conflicting indexes for package `lib` in all marker environments"):
        universal(asked, catalogue)


def test_a_pin_that_is_met_later_moves_the_package():
    catalogue = MemoryCatalogue([wheel("lib", "2"), wheel("dep", "1", requires=["lib"])], [wheel("lib", "1")])
    asked = fork_question("dep", pinned("lib; extra == 'never'", "index-1"))

    assert ["dep 1", "lib 1"] == list(where(asked, catalogue))


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


TREE = FromTree("/somewhere/app")


def project(catalogue, name="app", groups=None, requires=(), **words):
    """A tree that the catalogue knows."""
    app = package_name(name)
    named = {group_name(group): parsed(*texts) for group, texts in (groups or {}).items()}
    catalogue.sources[TREE] = Metadata(app, Version("1"), parsed(*requires), groups=named, **words)
    return Requirement(app, source=TREE)


def test_groups_of_a_tree_are_nodes_of_their_own():
    catalogue = stock({"lib 1": [], "tool 1": [], "dep 1": []})
    app = project(catalogue, requires=["lib"], groups={"dev": ["tool", "app"], "docs": [f"dep; {LINUX}"]})
    groups = frozenset(map(group_name, ("dev", "docs")))

    found = universal(fork_question(app, msgspec.structs.replace(app, groups=groups)), catalogue)

    (pin,) = [pin for pin in found.pins if pin.name == "app"]
    targets = [(found.pins[edge.pin].name, edge.group) for edge in pin.edges]
    assert [("app", "dev"), ("dep", "docs"), ("lib", ""), ("tool", "dev")] == targets
    assert ["dev", "docs"] == [name for name, _ in pin.groups]
    assert [("", ""), ("", "dev"), ("", "docs")] == [(edge.to_extra, edge.to_group) for edge in found.roots]
    assert ((), TREE) == (pin.files, pin.source)


def test_a_group_is_needed_without_its_package():
    catalogue = stock({"tool 1": [], "lib 1": []})
    app = project(catalogue, requires=["lib"], groups={"dev": ["tool"]})

    asked = fork_question(msgspec.structs.replace(app, groups=frozenset((group_name("dev"),))))

    assert ["app 1", "tool 1"] == list(where(asked, catalogue))


DEV = ConflictItem(package_name("app"), group=group_name("dev"))
APP = ConflictItem(package_name("app"))
FAST = ConflictItem(package_name("app"), extra_name("fast"))


def conflicting(*conflicts, base="lib<2"):
    catalogue = stock({"lib 1": [], "lib 2": [], "lib 3": []})
    app = project(
        catalogue,
        requires=[base, "lib==3; extra == 'fast'"],
        groups={"dev": ["lib==2"]},
        extras=(extra_name("fast"),),
    )
    more = [msgspec.structs.replace(app, groups=frozenset((group_name("dev"),)))]
    if FAST in conflicts[0]:
        more.append(msgspec.structs.replace(app, extras=frozenset((extra_name("fast"),))))
    return universal(fork_question(app, *more, fork={"conflicts": conflicts}), catalogue)


def test_a_group_may_conflict_with_its_project():
    found = conflicting((APP, DEV))

    assert {"1", "2"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}
    assert 3 == len(found.forks)


def test_sets_of_conflicts_are_parted_one_within_the_other():
    found = conflicting((DEV, FAST), (APP, DEV), base="lib>=1")

    assert {"2", "3"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}
    assert 3 == len(found.forks)


def test_a_set_with_an_item_in_another_set_is_parted_although_one_item_alone_is_left():
    found = conflicting((DEV, FAST), (APP, DEV), (APP, FAST), base="lib>=1")

    assert {"2", "3"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}


def test_a_wheel_from_a_url_must_serve_what_must_be_served():
    name = "lib-1-py3-none-win_amd64.whl"
    catalogue = Direct([wheel("lib", "1", tags="py3-none-win_amd64")])
    catalogue._metadata[f"None {name}"] = wheel("lib", "1").metadata
    asked = fork_question(f"lib @ https://files.example/{name}", required=(LINUX,))

    text = fork_refusal(asked, catalogue)[1]

    assert text.startswith("Because only lib==1 is available and lib==1 has no Linux-compatible wheels")


def test_a_wheel_from_a_url_need_not_serve_where_it_is_not_needed():
    name = "lib-1-py3-none-win_amd64.whl"
    catalogue = Direct([])
    catalogue._metadata[f"None {name}"] = wheel("lib", "1").metadata
    asked = fork_question(f"lib @ https://files.example/{name} ; {MAC}", required=(LINUX, WINDOWS))

    assert {"lib 1": MAC} == where(asked, catalogue)


def test_a_wheel_from_a_url_must_be_for_the_pythons():
    name = "lib-1-cp38-cp38-any.whl"
    catalogue = Direct([])
    catalogue._metadata[f"None {name}"] = wheel("lib", "1").metadata

    text = fork_refusal(fork_question(f"lib @ https://files.example/{name}"), catalogue)[1]

    assert text.startswith(
        "Because only lib==1 is available and lib==1 has no wheels with a matching Python version tag"
    )


def test_a_url_for_later_pythons_is_no_reason_to_part_a_fork():
    catalogue = Direct([wheel("lib", "1", requires_python=">=3.12")])

    text = fork_refusal(fork_question(url("lib", "1")), catalogue)[1]

    assert text.startswith("Because the requested Python version (>=3.9) does not satisfy Python>=3.12")


def test_a_url_that_only_a_build_would_read_is_absent():
    filename = "lib-1-py3-none-any.whl"
    catalogue = Direct([])
    catalogue._unbuilt = frozenset((filename,))

    text = fork_refusal(fork_question(url("lib", "1")), catalogue)[1]

    assert text.startswith("Because lib")


def test_metadata_is_forgotten_where_a_package_moves_to_another_index():
    catalogue = MemoryCatalogue(
        [wheel("lib", "1", requires=["dep"]), wheel("dep", "1")],
        [wheel("lib", "1")],
    )
    (universe,) = worlds(fork_question("lib", pinned("lib; extra == 'never'", "index-1")), catalogue)
    lib = Package(package_name("lib"))
    universe.knowledge.listings_of(lib.name)
    universe.priorities.discover(lib, is_url=False, is_pinned=False)
    version = universe.choose_version(lib, ANY)
    before = universe.dependencies(lib, version)

    universe.dependencies(ROOT, ROOT_VERSION)
    after = universe.dependencies(lib, universe.choose_version(lib, ANY.intersection(Ranges.higher_than(version))))

    assert (["dep"], []) == tuple([package.name for package in each.dependencies] for each in (before, after))


def test_a_node_that_is_needed_nowhere_is_left_out():
    catalogue = stock({"lib 1": [f"dep; {LINUX}"], "dep 1": [], "tool 1": [], "tool 2": []})
    asked = fork_question("lib", f"tool<2; {MAC}", f"tool>=2; {WINDOWS}")

    assert {"dep 1": LINUX, "lib 1": "", "tool 1": MAC, "tool 2": WINDOWS} == where(asked, catalogue)


def test_a_version_that_only_a_fork_without_need_of_it_chose_is_left_out():
    catalogue = stock({
        "lib 1": [f"dep; {LINUX}", "late"], "late 1": [f"tool!=2; {LINUX}", f"tool>=2,<3; {MAC}"],
        "tool 1": ["dep==1"], "tool 2": [], "dep 1": ["leaf"], "dep 2": ["leaf"], "leaf 1": [],
    })  # fmt: skip

    found = where(fork_question("lib"), catalogue)

    assert ["dep 1", "late 1", "leaf 1", "lib 1", "tool 1", "tool 2"] == list(found)
    assert LINUX == found["dep 1"] == found["leaf 1"]


def test_what_is_needed_in_several_ways_is_needed_wherever_one_of_them_leads():
    catalogue = MemoryCatalogue([
        wheel("lib", "1", requires=[f"a; {LINUX}", f"b; {LINUX}", f"dep; {MAC}"]), wheel("a", "1", requires=["dep"]),
        wheel("b", "1", requires=["dep"]), wheel("dep", "1"), sdist("dep", "1"),
        wheel("dep", "2", tags="py3-none-win_amd64"),
    ])  # fmt: skip

    assert ["a 1", "b 1", "dep 1", "lib 1"] == list(where(fork_question("lib", required=(LINUX, MAC)), catalogue))


def test_a_cycle_ends():
    catalogue = stock({"lib 1": [f"dep; {LINUX}"], "dep 1": ["lib", f"leaf; {LINUX} or {MAC}"], "leaf 1": ["dep"]})

    assert {"dep 1": LINUX, "leaf 1": LINUX, "lib 1": ""} == where(fork_question("lib"), catalogue)


def test_an_own_extra_that_is_asked_for_twice_in_one_way_is_followed_once():
    catalogue = stock({
        "lib 1": {"extras": {"all": ["lib[a]", "lib[b]"], "a": ["lib[c]"], "b": ["lib[c]"], "c": ["dep"]}}, "dep 1": [],
    })  # fmt: skip

    assert {"dep 1": "", "lib 1": ""} == where(fork_question("lib[all]"), catalogue)


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


def test_a_source_distribution_alone_serves_every_environment():
    catalogue = MemoryCatalogue([sdist("lib", "1"), sdist("lib", "1+cpu")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib", required=(LINUX,)), catalogue)
