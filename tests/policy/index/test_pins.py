import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.errors import NotYet
from keyrack.policy.index.pins import Pinning, UndeclaredIndex, Where, nameable
from keyrack.values.index import IndexId
from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import extra_name, group_name, index_name, package_name
from keyrack.values.requirement import FromIndex, FromUrl, Requirement
from keyrack.values.url import parse_url


def entry(name, url):
    return IndexEntry(parse_url(url), name)


def source(name, kind, index=None, marker="", *, extra=None, group=None):
    return SourceEntry(name, kind, index, marker, extra, group)


A = entry("a", "https://a.example/simple")
B = entry("b", "https://b.example/simple")
SIX = Requirement(package_name("six"), specifier=SpecifierSet(">1"))


def known(*entries):
    return {entry.name: entry for entry in entries}


def pinning(*sources):
    return Pinning(sources, known(A, B))


def shown(found):
    return [(one.source.index, None if one.marker is None else str(one.marker)) for one in found.requirements]


def test_a_requirement_without_a_source_stays_as_it_is():
    assert (SIX,) == pinning(source("other", "index", "a")).pinned(SIX, Where()).requirements


def test_a_source_names_the_index_that_answers():
    found = pinning(source("six", "index", "a")).pinned(SIX, Where())

    assert [("a", None)] == shown(found)
    assert [SpecifierSet(">1")] == [one.specifier for one in found.requirements]


def test_an_index_that_is_pinned_to_must_be_known_to_the_run_but_not_searched():
    found = pinning(source("six", "index", "a")).pinned(SIX, Where())

    assert [("a", True)] == [(index.name, index.explicit) for index in found.indexes]


def test_an_index_takes_the_place_of_a_url():
    direct = Requirement(package_name("six"), source=FromUrl(parse_url("https://c.example/six-1-py3-none-any.whl").url))

    (found,) = pinning(source("six", "index", "b")).pinned(direct, Where()).requirements

    assert FromIndex(IndexId("b")) == found.source


def test_an_index_without_a_name_is_pinned_by_its_url():
    nameless = Pinning((source("six", "index", "a"),), {index_name("a"): entry(None, "https://a.example/simple/")})

    assert [("https://a.example/simple", None)] == shown(nameless.pinned(SIX, Where()))


def test_sources_with_markers_share_a_requirement_out():
    found = pinning(
        source("six", "index", "a", "os_name == 'nt'"), source("six", "index", "b", "os_name == 'java'")
    ).pinned(SIX, Where())

    assert [
        ("a", 'os_name == "nt"'),
        ("b", 'os_name == "java"'),
        (None, 'os_name != "nt" and os_name != "java"'),
    ] == shown(found)


def test_the_marker_of_a_requirement_holds_for_each_of_its_sources():
    marked = Requirement(package_name("six"), marker=Marker("python_version > '3'"))

    found = pinning(source("six", "index", "a", "os_name == 'nt'")).pinned(marked, Where())

    assert [
        ("a", 'python_version > "3" and os_name == "nt"'),
        (None, 'python_version > "3" and os_name != "nt"'),
    ] == shown(found)


def test_a_source_without_a_marker_leaves_nothing_over():
    marked = Requirement(package_name("six"), marker=Marker("python_version > '3'"))

    assert [("a", 'python_version > "3"')] == shown(pinning(source("six", "index", "a")).pinned(marked, Where()))


@pytest.mark.parametrize(
    ("source", "where", "expected"),
    [
        (source("six", "index", "a", extra="x"), Where(), None),
        (source("six", "index", "a", extra="x"), Where(extra=extra_name("x")), "a"),
        (source("six", "index", "a", extra="x"), Where(extra=extra_name("y")), None),
        (source("six", "index", "a", group="g"), Where(), None),
        (source("six", "index", "a", group="g"), Where(group=group_name("g")), "a"),
        (source("six", "index", "a"), Where(group=group_name("g")), "a"),
    ],
)
def test_a_source_may_be_for_one_extra_or_group(source, where, expected):
    assert [(expected, None)] == shown(pinning(source).pinned(SIX, where))


@pytest.mark.parametrize("index", ["nope", None])
def test_an_index_that_nobody_declared_is_an_error(index):
    with pytest.raises(UndeclaredIndex) as caught:
        pinning(source("six", "index", index)).pinned(SIX, Where())

    assert ("Failed to parse entry: `six`", (f"Package `six` references an undeclared index: `{index}`",)) == (
        caught.value.message,
        caught.value.causes,
    )


def test_sources_of_other_kinds_are_for_a_later_version():
    with pytest.raises(NotYet) as caught:
        pinning(source("six", "git")).pinned(SIX, Where())

    assert ("Pass `--no-sources` to take the package from an index",) == caught.value.hints


def test_the_first_index_told_has_the_name():
    other = entry("a", "https://other.example/simple")

    assert {"a": other, "b": B} == nameable([other, A, entry(None, "https://c.example")], [A, B], [])


def test_an_index_of_a_project_keeps_its_name_where_the_settings_mean_the_same_one():
    assert {"a": A} == nameable([], [A], [entry("a", "https://a.example/simple/")])


def test_an_index_of_a_project_loses_its_name_to_another_one_of_the_settings():
    files = [entry("a", "https://other.example/simple"), A, entry(None, "https://c.example")]

    assert {"a": entry(None, "https://a.example/simple")} == nameable([], [A], files)


def test_an_index_without_a_name_cannot_be_named():
    assert {} == nameable([], [entry(None, "https://a.example/simple")], [])
