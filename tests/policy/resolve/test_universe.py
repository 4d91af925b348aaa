"""Listings and metadata as the solver's universe."""

import msgspec
import pytest

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.policy.resolve.direct import DisallowedUrl
from keyrack.policy.resolve.hashes import Hashes, HashesRequired
from keyrack.policy.resolve.knowledge import WrongPackage
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.policy.resolve.universe import Universe
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.artifact import Link, Page
from keyrack.values.index import IndexId
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.settings import ResolutionMode, Selection
from keyrack.values.url import parse_url
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import Told, graph, parsed, pins, question, stock

LIB, DEP = package_name("lib"), package_name("dep")
URL = "https://pkgs.example/lib-1.0-py3-none-any.whl"


def test_the_newest_version_of_everything_is_chosen():
    assert {"lib": "2.0", "dep": "1.5"} == pins(
        question("lib"), stock({"lib 1.0": [], "lib 2.0": ["dep<2"], "dep 1.5": [], "dep 2.0": []})
    )


def test_an_older_version_is_chosen_where_the_newest_stands_in_the_way():
    packages = {"lib 2.0": ["dep>=2"], "lib 1.0": ["dep"], "dep 1.0": [], "dep 2.0": []}

    assert {"lib": "1.0", "dep": "1.0"} == pins(question("lib", "dep<2"), stock(packages))


def test_an_extra_adds_its_requirements_to_the_same_version():
    packages = {
        "lib 2.0": {"extras": {"fast": ["dep>5"]}},
        "lib 1.0": {"extras": {"fast": ["dep"]}},
        "dep 1.0": [],
    }

    assert {"lib": "1.0", "dep": "1.0"} == pins(question("lib[fast]"), stock(packages))


def test_without_dependencies_only_what_was_asked_for_is_chosen():
    assert {"lib": "1.0"} == pins(question("lib[fast]", with_dependencies=False), stock({"lib 1.0": ["dep"]}))


def test_without_dependencies_no_metadata_is_read():
    catalogue = stock({"lib 1.0": ["dep"]})
    pins(question("lib", with_dependencies=False), catalogue)

    assert [] == catalogue.read


def test_metadata_of_a_version_is_read_once():
    catalogue = stock({"lib 1.0": {"extras": {"fast": [], "slow": []}}})
    pins(question("lib[fast,slow]"), catalogue)

    assert ["lib-1.0-py3-none-any.whl"] == catalogue.read


def test_pages_of_what_was_found_to_be_needed_are_asked_for_at_once():
    class Slow(MemoryCatalogue):
        def expect(self, name, pinned=None, then=None):
            self.asked.append(f"expect {name}")

    catalogue = Slow([wheel("lib", "1.0", requires=["dep"]), wheel("dep", "1.0")])
    pins(question("lib", "dep"), catalogue)

    assert ["expect lib", "expect dep", "lib", "dep"] == catalogue.asked


class Expecting(MemoryCatalogue):
    def __init__(self, *indexes):
        super().__init__(*indexes)
        self.expected = []

    def expect_metadata(self, file):
        self.expected.append(file.filename)


def test_the_likely_versions_metadata_is_asked_for_when_its_page_arrives():
    catalogue = Expecting([wheel("lib", "1.0"), wheel("lib", "2.0"), wheel("lib", "3.0", requires_python=">=3.20")])
    pins(question("lib<3"), catalogue)

    assert ["lib-2.0-py3-none-any.whl"] == catalogue.expected


@pytest.mark.parametrize(
    ("asked", "resolution", "expected"),
    [
        ("lib", ResolutionMode.HIGHEST, ["lib-2.0.tar.gz"]),
        ("lib", ResolutionMode.LOWEST, []),
        ("lib>0.5", ResolutionMode.LOWEST, ["lib-1.0.tar.gz"]),
    ],
    ids=["newest", "oldest of all", "oldest in range"],
)
def test_what_might_be_built_is_not_read_ahead_where_it_could_be_ancient(asked, resolution, expected):
    catalogue = Expecting([sdist("lib", "1.0"), sdist("lib", "2.0")])

    pins(question(asked, resolution=resolution), catalogue)

    assert expected == catalogue.expected


def test_pages_that_come_twice_are_listed_once():
    class Twice(MemoryCatalogue):
        def expect(self, name, pinned=None, then=None):
            then(self.pages(name, pinned))
            then(self.pages(name, pinned))

    assert {"lib": "1.0"} == pins(question("lib"), Twice([wheel("lib", "1.0")]))


def test_a_range_that_did_not_change_is_not_looked_at_again():
    class Counting(MemoryCatalogue):
        count = 0

        def expect_metadata(self, file):
            self.count += 1

    catalogue = Counting([wheel("lib", "1.0")])
    universe = Universe(question("lib"), catalogue)
    universe.dependencies(ROOT, point("0"))
    allowed = Ranges.full()
    universe.knowledge.expect(LIB, allowed)
    universe.rank(Package(LIB), allowed)
    universe.rank(Package(LIB), allowed)

    assert catalogue.count == 1


def test_a_python_that_is_too_old_is_not_asked_for_early():
    catalogue = stock({"lib 2.0": {"requires_python": ">=3.20"}, "lib 1.0": []})

    assert {"lib": "1.0"} == pins(question("lib"), catalogue)


def test_a_page_that_arrives_late_is_still_listed_once():
    class Late(MemoryCatalogue):
        """Tells of the pages only while they are waited for."""

        def expect(self, name, pinned=None, then=None):
            self.then = then

        def pages(self, name, pinned=None):
            found = super().pages(name, pinned)
            self.then(found)
            return found

    assert {"lib": "1.0"} == pins(question("lib"), Late([wheel("lib", "1.0")]))


def test_a_package_that_is_pinned_is_asked_for_on_its_index_only():
    catalogue = MemoryCatalogue([wheel("lib", "2.0")], [wheel("lib", "1.0")])

    assert {"lib": "1.0"} == pins(question("lib", pins={LIB: IndexId("index-1")}), catalogue)


def test_flat_places_are_searched_along_with_every_index():
    class WithFlat(MemoryCatalogue):
        def pages(self, name, pinned=None):
            found = super().pages(name, pinned)
            return FoundPages(found.pages[:1], found.pages[1:])

    catalogue = WithFlat([wheel("lib", "1.0")], [wheel("lib", "2.0")])

    assert {"lib": "2.0"} == pins(question("lib"), catalogue)


def test_a_flat_place_alone_is_enough():
    class Flat(MemoryCatalogue):
        def pages(self, name, pinned=None):
            return FoundPages((), super().pages(name, pinned).pages, without_index=True)

    assert {"lib": "1.0"} == pins(question("lib"), Flat([wheel("lib", "1.0")]))


def test_a_link_that_is_no_url_is_told_when_its_version_is_chosen():
    class Broken(MemoryCatalogue):
        def pages(self, name, pinned=None):
            base = parse_url("https://pkgs.example/simple/lib/").url
            return FoundPages((Page(IndexId("a"), base, (Link("lib-1.0-py3-none-any.whl", "ftp://x/lib.whl"),)),))

    with pytest.raises(KeyrackError, match="under a URL that cannot be used"):
        pins(question("lib"), Broken())


def test_a_source_distribution_with_static_metadata_resolves():
    found = graph(question("lib"), MemoryCatalogue([sdist("lib", "1.0", requires=["dep"])], [wheel("dep", "1.0")]))

    assert [("dep", True), ("lib", False)] == [(pin.name, pin.wheel is not None) for pin in found.pins]


def test_a_version_that_must_be_built_is_passed_over():
    artifacts = [sdist("lib", "2.0"), wheel("lib", "1.0")]

    assert {"lib": "1.0"} == pins(question("lib"), MemoryCatalogue(artifacts, unbuilt=frozenset({"lib-2.0.tar.gz"})))


def test_a_version_whose_metadata_is_broken_is_passed_over_with_a_warning():
    told = Told()
    artifacts = [msgspec.structs.replace(wheel("lib", "2.0"), metadata=b"Name: lib\n\n"), wheel("lib", "1.0")]

    assert {"lib": "1.0"} == pins(question("lib"), MemoryCatalogue(artifacts), told)
    assert "WARN lib has invalid metadata: The metadata is not valid: Metadata field Version not found" in told.lines


def test_a_version_whose_metadata_asks_for_a_newer_python_is_passed_over():
    newer = msgspec.structs.replace(wheel("lib", "2.0", requires_python=">=3.20"), requires_python="")

    assert {"lib": "1.0"} == pins(question("lib"), MemoryCatalogue([newer, wheel("lib", "1.0")]))


def test_a_file_that_is_another_package_ends_the_run():
    wrong = msgspec.structs.replace(wheel("other", "1.0"), filename="lib-1.0-py3-none-any.whl", name="lib")

    with pytest.raises(WrongPackage, match="Package metadata name `other` does not match given name `lib`"):
        pins(question("lib"), MemoryCatalogue([wrong]))


def test_an_error_says_how_the_package_came_to_be_needed():
    class Failing(MemoryCatalogue):
        def pages(self, name, pinned=None):
            if name == "dep":
                raise KeyrackError("no answer")
            return super().pages(name, pinned)

        def expect(self, name, pinned=None, then=None):
            pass

    with pytest.raises(KeyrackError) as caught:
        pins(question("lib"), Failing([wheel("lib", "1.0", requires=["dep>1"])]))

    assert caught.value.hints == ("`dep` was included because `lib` (v1.0) depends on `dep>1`",)


def test_an_error_about_what_the_user_asked_for_says_nothing_more():
    class Failing(MemoryCatalogue):
        def metadata(self, file):
            raise KeyrackError("no answer")

    with pytest.raises(KeyrackError) as caught:
        pins(question("lib"), Failing([wheel("lib", "1.0")]))

    assert caught.value.hints == ()


def test_an_installed_copy_is_read_from_the_environment():
    copy = Installed(LIB, point("1.0").version, "/v", "/v/lib.dist-info")
    metadata = Metadata(LIB, copy.version, parsed("dep"))
    asked = question("lib", installed={LIB: (copy,)}, metadata_of={copy: metadata}.get)

    (dep, lib) = graph(asked, stock({"lib 2.0": [], "dep 1.0": []})).pins

    assert (copy, None, (), ("lib",)) == (lib.installed, lib.wheel, lib.files, dep.required_by)


def test_an_installed_copy_that_cannot_be_read_is_passed_over():
    copy = Installed(LIB, point("1.0").version, "/v", "/v/lib.dist-info")

    assert {"lib": "2.0"} == pins(question("lib", installed={LIB: (copy,)}), stock({"lib 2.0": []}))


def test_an_indexs_package_may_not_ask_for_a_url():
    with pytest.raises(DisallowedUrl, match="Package `dep` was included as a URL dependency"):
        pins(question("lib"), stock({"lib 1.0": ["dep @ https://pkgs.example/dep-1.0-py3-none-any.whl"]}))


def test_where_hashes_are_required_an_unpinned_package_ends_the_run():
    hashes = Hashes({(LIB, point("1.0")): ()}, are_required=True)

    with pytest.raises(HashesRequired, match="provided for: `dep`"):
        pins(question("lib==1.0", hashes=hashes), stock({"lib 1.0": ["dep"], "dep 1.0": []}))


def test_a_package_that_asks_for_itself_is_one():
    assert {"lib": "1.0"} == pins(question("lib"), stock({"lib 1.0": ["lib>=1"]}))


def test_each_step_is_told_in_uvs_words():
    told = Told()
    pins(question("lib[fast]>=1"), stock({"lib 1.0": {"extras": {"fast": ["dep<2"]}}, "dep 1.0": []}), told)

    assert [
        "DEBUG Adding direct dependency: lib[fast]>=1",
        "DEBUG Searching for a compatible version of lib[fast] (>=1)",
        "DEBUG Selecting: lib==1.0 [compatible] (lib-1.0-py3-none-any.whl)",
        "DEBUG Searching for a compatible version of lib (==1.0)",
        "DEBUG Selecting: lib==1.0 [compatible] (lib-1.0-py3-none-any.whl)",
        "DEBUG Searching for a compatible version of lib[fast] (==1.0)",
        "DEBUG Selecting: lib==1.0 [compatible] (lib-1.0-py3-none-any.whl)",
        "DEBUG Adding transitive dependency for lib==1.0: dep<2",
        "DEBUG Searching for a compatible version of dep (<2)",
        "DEBUG Selecting: dep==1.0 [compatible] (dep-1.0-py3-none-any.whl)",
    ] == told.lines


def test_a_version_that_is_not_there_is_told():
    told = Told()
    with pytest.raises(Exception, match="no solution"):
        pins(question("lib"), MemoryCatalogue(), told)

    assert "DEBUG No compatible version found for: lib" in told.lines


def test_python_has_no_version_that_could_be_chosen():
    assert Universe(question(), MemoryCatalogue()).choose_version(PYTHON, Ranges.full()) is None


def test_the_interval_around_a_version_reaches_to_its_neighbours():
    universe = Universe(question("lib"), stock({"lib 1.0": [], "lib 2.0": [], "lib 3.0": []}))
    universe.choose_version(Package(LIB), Ranges.full())

    span = universe.span(Package(LIB), point("2.0"))

    assert [False, True, True, False] == [span.contains(point(text)) for text in ("1.0", "1.5", "2.5", "3.0")]


def test_a_package_that_was_not_looked_at_has_no_interval():
    assert Universe(question(), MemoryCatalogue()).span(Package(LIB), point("1.0")) is None


def test_a_solver_that_cannot_rank_may_ask_for_the_next_package():
    universe = Universe(question("dep", "lib==1"), stock({"lib 1.0": [], "dep 1.0": []}))
    universe.dependencies(ROOT, point("0"))

    assert Package(LIB) == universe.next_package({Package(DEP): Ranges.full(), Package(LIB): Ranges.full()})


def test_a_solver_that_tells_conflicts_one_by_one_is_heard_and_not_counted():
    assert Universe(question(), MemoryCatalogue()).conflicted(Package(LIB), Package(DEP)) is None


def test_an_upgrade_looks_at_the_indexes_although_there_is_a_copy():
    copy = Installed(LIB, point("1.0").version, "/v", "/v/lib.dist-info")
    asked = question("lib", installed={LIB: (copy,)}, upgrade=Selection(all=True))

    assert {"lib": "2.0"} == pins(asked, stock({"lib 2.0": []}))


def test_a_candidate_that_has_nothing_to_read_is_a_fault_that_is_named():
    universe = Universe(question("lib"), stock({"lib 1.0": {"tags": "cp312-cp312-win_amd64"}}))
    version = universe.choose_version(Package(LIB), Ranges.full())

    with pytest.raises(KeyrackError, match="There is nothing to read for `lib==1"):
        universe.knowledge.metadata_of(LIB, universe.selected(LIB, version))
