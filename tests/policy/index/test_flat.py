"""Flat places: folders and pages of files of many packages."""

from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.index.flat import by_name, page_of_folder
from keyrack.values.artifact import Link, parse_sdist_name
from keyrack.values.index import Index
from keyrack.values.names import package_name
from keyrack.values.url import parse_url

WHEELS = parse_url("file:///my%20wheels").url


def test_a_folder_lists_its_distributions_and_nothing_else():
    index = Index("wheels", WHEELS)

    page = page_of_folder(index, ["a-1+x-py3-none-any.whl", "a-1.tar.gz", "README.md"])

    expected = (Link("a-1+x-py3-none-any.whl", "a-1%2Bx-py3-none-any.whl"), Link("a-1.tar.gz", "a-1.tar.gz"))
    assert ("wheels", "file:///my%20wheels/", expected) == (page.origin, str(page.base), page.links)


def test_wheels_stand_under_their_name():
    link = Link("Foo.Bar-1-py3-none-any.whl", "x")

    assert {"foo-bar": (link,)} == by_name([link])


def test_an_sdist_stands_under_every_name_that_it_may_have():
    link = Link("a-b-1.0.tar.gz", "x")

    assert {"a": (link,), "a-b": (link,)} == by_name([link])


def test_what_is_no_distribution_stands_nowhere():
    assert {} == by_name([Link("a-1.exe", "x")])


names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,6}[A-Za-z0-9])?", fullmatch=True)


@given(names, st.sampled_from(["1.0", "1.0-1", "2a1"]))
def test_an_sdist_is_found_under_the_name_of_its_project(name, version):
    link = Link(f"{name}-{version}.tar.gz", "x")

    found = by_name([link])[package_name(name)]

    assert ((link,), version) == (found, parse_sdist_name(link.filename, package_name(name)).version_text)
