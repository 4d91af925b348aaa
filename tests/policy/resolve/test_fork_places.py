"""Packages that come from elsewhere in some forks: URLs, and indexes that they are pinned to."""

import msgspec
import pytest
from packaging.version import Version

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.direct import ConflictingUrls, DisallowedUrl
from keyrack.policy.resolve.fork_places import ConflictingIndexes, all_sources
from keyrack.policy.resolve.hashes import Hashes
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.universe import ROOT_VERSION
from keyrack.policy.resolve.versions import ANY
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import extra_name, package_name
from keyrack.values.requirement import FromIndex, FromTree
from lab.catalogue import MemoryCatalogue
from lab.wheels import wheel
from tests.policy.resolve.asking import parsed
from tests.policy.resolve.forking import fork_question, fork_refusal, universal, where, worlds

LINUX, MAC, WINDOWS = (f"sys_platform == '{name}'" for name in ("linux", "darwin", "win32"))


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


def trees(**requires):
    """A catalogue of trees below `/src`, and what each requires."""
    catalogue = MemoryCatalogue()
    for name, texts in requires.items():
        for editable in (None, True):
            source = FromTree(f"/src/{name}", editable=editable)
            extras = tuple({extra_name("x")} if any("extra" in text for text in texts) else ())
            catalogue.sources[source] = Metadata(package_name(name), Version("1"), parsed(*texts), None, extras)
    return catalogue


def sources(catalogue, *texts, editable=()):
    found = [
        msgspec.structs.replace(one, source=msgspec.structs.replace(one.source, editable=True))
        if at in editable
        else one
        for at, one in enumerate(parsed(*texts))
    ]
    return {name: list(map(str, places)) for name, places in all_sources(found, Hashes(), catalogue).items()}


def test_what_only_an_extra_requires_is_not_even_fetched_where_nobody_asks_for_it():
    catalogue = trees(lib=["dep @ file:///src/dep ; extra == 'x'"], dep=[])

    assert ({"lib"}, {"lib", "dep"}, {"lib", "dep"}) == (
        set(sources(catalogue, "lib @ file:///src/lib")),
        set(sources(catalogue, "lib[x] @ file:///src/lib")),
        set(sources(catalogue, "lib @ file:///src/lib", "lib[x] @ file:///src/lib")),
    )


def test_a_tree_that_one_requirement_wants_editable_is_editable_for_all():
    texts = ("lib @ file:///src/lib", "lib @ file:///src/lib", "lib @ file:///src/lib")

    assert sources(trees(lib=[]), *texts, editable=(1,)) == {"lib": [str(FromTree("/src/lib", editable=True))]}
