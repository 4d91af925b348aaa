"""The solver's decisions as a graph."""

import msgspec
import pytest

from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.artifact import Digest
from keyrack.values.index import IndexId
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.requirement import FromIndex
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import graph, question, stock
from tests.policy.resolve.test_universe_urls import URL, ByUrl, from_url

LIB = package_name("lib")


def test_pins_stand_in_the_order_of_their_names():
    assert ["a", "b", "lib"] == [
        pin.name for pin in graph(question("lib", "b"), stock({"lib 1.0": ["a"], "a 1.0": [], "b 1.0": []})).pins
    ]


def test_a_pin_knows_who_asked_for_it():
    packages = {"lib 1.0": ["dep"], "other 1.0": ["dep", "lib"], "dep 1.0": []}

    found = graph(question("other", "dep"), stock(packages)).pins

    assert {"dep": ("", "lib", "other"), "lib": ("other",), "other": ("",)} == {
        pin.name: pin.required_by for pin in found
    }


def test_a_pin_knows_the_extras_that_were_asked_for():
    (pin,) = graph(question("lib[a,b]"), stock({"lib 1.0": {"extras": {"a": [], "b": [], "c": []}}})).pins

    assert {"a", "b"} == pin.extras


def test_what_an_extra_asks_for_is_asked_for_by_its_package():
    (dep, _) = graph(question("lib[a]"), stock({"lib 1.0": {"extras": {"a": ["dep"]}}, "dep 1.0": []})).pins

    assert ("lib",) == dep.required_by


def test_only_the_file_to_install_is_given_unless_all_are_asked_for():
    catalogue = MemoryCatalogue([wheel("lib", "1.0"), sdist("lib", "1.0"), wheel("lib", "1.0", tags="py2-none-any")])

    few, all_of_them = (
        graph(question("lib"), catalogue, with_all_files=every).pins[0].files for every in (False, True)
    )

    assert (1, 3) == (len(few), len(all_of_them))


def test_each_file_remembers_its_index():
    (pin,) = graph(question("lib", pins={LIB: IndexId("index-1")}), MemoryCatalogue([], [wheel("lib", "1.0")])).pins

    assert (IndexId("index-1"), FromIndex(IndexId("index-1"))) == (pin.wheel.origin, pin.source)


def test_a_pin_from_a_url_says_so():
    (pin,) = graph(from_url(f"lib @ {URL}"), ByUrl()).pins

    assert (URL, URL, None) == (pin.source.url.exact, pin.wheel.url.exact, pin.wheel.origin)


def test_a_source_distribution_from_a_url_is_no_wheel():
    (pin,) = graph(from_url("lib @ https://pkgs.example/lib-1.0.tar.gz"), ByUrl()).pins

    assert (None, 1) == (pin.wheel, len(pin.files))


def test_a_pin_carries_the_hashes_that_the_user_wrote():
    digest = Digest("sha256", "a" * 64)
    asked = question("lib", hashes=Hashes({(LIB, point("1.0")): (digest,)}))

    assert (digest,) == graph(asked, stock({"lib 1.0": []})).pins[0].expected


@pytest.mark.parametrize(
    ("yanked", "warning"),
    [("", "`lib==1.0` is yanked"), ("bad files", '`lib==1.0` is yanked (reason: "bad files")')],
)
def test_a_yanked_version_is_told(yanked, warning):
    rules = {"allowed_yanks": {LIB: frozenset({point("1.0")})}}

    assert (warning,) == graph(question("lib==1.0", rules=rules), stock({"lib 1.0": {"yanked": yanked}})).warnings


def test_a_version_yanked_with_nothing_but_a_flag_is_told():
    class Flagged(MemoryCatalogue):
        def pages(self, name, pinned=None):
            found = super().pages(name, pinned)
            page = found.pages[0]
            links = tuple(msgspec.structs.replace(link, yanked=True) for link in page.links)
            return msgspec.structs.replace(found, pages=(msgspec.structs.replace(page, links=links),))

    rules = {"allowed_yanks": {LIB: frozenset({point("1.0")})}}

    assert ("`lib==1.0` is yanked",) == graph(
        question("lib==1.0", rules=rules), Flagged([wheel("lib", "1.0")])
    ).warnings


def test_an_extra_that_does_not_exist_is_told():
    assert ("The package `lib==1.0` does not have an extra named `fast`",) == graph(
        question("lib[fast]"), stock({"lib 1.0": []})
    ).warnings


def test_a_newer_version_that_was_passed_over_is_told():
    artifacts = [sdist("lib", "2.0"), sdist("lib", "1.5"), wheel("lib", "1.0")]
    catalogue = MemoryCatalogue(artifacts, unbuilt=frozenset({"lib-2.0.tar.gz", "lib-1.5.tar.gz"}))

    assert (
        "`lib==2.0` was passed over for `lib==1.0`: it must be built from source, and this run builds nothing",
    ) == graph(question("lib"), catalogue).warnings


def test_extras_are_not_judged_where_metadata_was_not_read():
    assert () == graph(question("lib[fast]", with_dependencies=False), stock({"lib 1.0": []})).warnings
