"""Metadata of many versions at once, when one after another has been tried in vain."""

import pytest

from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.prefetch import BatchPrefetch
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.artifact import Link, Page
from keyrack.values.index import IndexId
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.settings import ResolutionMode
from keyrack.values.url import parse_url
from tests.policy.resolve.asking import Told, question

LIB = package_name("lib")


class Catalogue:
    """Lists what it is given, and remembers what was expected of it."""

    def __init__(self, links):
        self.found = FoundPages((Page(IndexId("a"), parse_url("https://pkgs.example/lib/").url, tuple(links)),))
        self.expected = []

    def pages(self, name, pinned=None):
        return self.found

    def expect_metadata(self, file):
        self.expected.append(file.filename.split("-")[1])


def links(*numbers, href="/f", suffix="-py3-none-any.whl", **words):
    return [Link(f"lib-{number}.0{suffix}", href, **{"core_metadata": (), **words}) for number in numbers]


def tried(count, listed, *, allowed=None, told=None, texts=("lib",), **words):
    """What is asked for when `count` versions have been tried, from 200 down, and the next is tried."""
    catalogue = Catalogue(listed)
    knowledge = Knowledge(question(*texts, **words), catalogue)
    knowledge.listings_of(LIB)
    prefetch = BatchPrefetch(knowledge, catalogue, told or Told())
    for number in range(count + 1):
        catalogue.expected.clear()
        prefetch.tried(
            LIB, point(f"{200 - number}.0"), allowed or Ranges.strictly_lower_than(point(f"{200 - number}.0"))
        )
    return catalogue.expected


@pytest.mark.parametrize(
    ("count", "most"), [(4, 0), (5, 5), (6, 0), (9, 0), (10, 10), (20, 20), (30, 0), (40, 40), (60, 50)]
)
def test_the_more_was_tried_the_more_is_asked_for(count, most):
    expected = [f"{number}.0" for number in range(199 - count, 199 - count - most, -1)]

    assert expected == tried(count, links(*range(201)))


def test_versions_next_in_line_are_asked_for_where_the_range_has_no_more():
    # Four of five: to leave the range takes a place in the line, as with uv.
    assert ["94.0", "93.0", "92.0", "91.0"] == tried(5, links(*range(201)), allowed=Ranges.singleton(point("94.0")))


@pytest.mark.parametrize(
    ("texts", "words", "expected"),
    [
        (("lib>=93",), {}, ["94.0", "93.0"]),
        (("lib>=90", "lib!=92"), {"constraints": ("lib>=91",)}, ["94.0", "93.0", "91.0"]),
        (("lib>=93",), {"overrides": ("lib",)}, ["94.0", "93.0", "92.0", "91.0"]),
        (("lib>=93; python_version > '3'",), {}, ["94.0", "93.0", "92.0", "91.0"]),
    ],
    ids=["required", "constrained", "overridden", "not-everywhere"],
)
def test_the_line_ends_where_the_users_own_range_does(texts, words, expected):
    found = tried(5, links(*range(201)), allowed=Ranges.singleton(point("94.0")), texts=texts, **words)

    assert expected == found


def test_the_line_goes_upwards_where_the_lowest_versions_are_wanted():
    asked = tried(5, links(*range(201)), allowed=Ranges.singleton(point("95.0")), resolution=ResolutionMode.LOWEST)

    assert ["95.0", "96.0", "97.0"] == asked[:3]


def test_the_line_ends_where_there_are_no_more_versions():
    assert ["1.0"] == tried(5, links(1))


def test_an_index_without_sidecars_is_not_asked_for_whole_wheels():
    told = Told()

    assert [] == tried(5, links(*range(101), core_metadata=None), told=told)
    assert "DEBUG Abandoning prefetch for lib due to missing registry capabilities" in told.lines


@pytest.mark.parametrize(
    "listed",
    [
        links(*range(101), suffix=".tar.gz"),
        links(*range(101), suffix="-cp312-cp312-win_amd64.whl"),
        links(*range(101), requires_python=">=3.20"),
        links(*range(101), href="ftp://x"),
    ],
)
def test_what_would_not_be_used_is_not_asked_for(listed):
    told = Told()

    assert [] == tried(5, listed, told=told)
    assert "DEBUG No `lib` versions to prefetch" in told.lines


@pytest.mark.parametrize(
    ("listed", "line"), [(links(1), "Prefetched 1 `lib` version"), (links(1, 2), "Prefetched 2 `lib` versions")]
)
def test_how_many_were_asked_for_is_told(listed, line):
    told = Told()
    tried(5, listed, told=told)

    assert f"DEBUG {line}" in told.lines


def test_what_was_tried_is_summed_up_the_most_first():
    prefetch = BatchPrefetch(Knowledge(question(), Catalogue([])), Catalogue([]), Told())
    for name, version in (("b", "1"), ("a", "1"), ("c", "1"), ("c", "2"), ("c", "2")):
        prefetch.tried(package_name(name), point(version), Ranges.full())

    assert "Tried 4 versions: c 2, a 1, b 1" == prefetch.summary()
