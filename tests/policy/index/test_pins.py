import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.policy.index.pins import BadSource, NoTrees, Pinning, UndeclaredIndex, Where, nameable
from keyrack.values.index import IndexId
from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import extra_name, group_name, index_name, package_name
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement
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


class Workspace:
    """A workspace of folders; those in `plain` are no packages."""

    def __init__(self, members, plain=()):
        """Members are paths by name; those of other workspaces stand under their root."""
        self._members = members
        self._plain = plain

    def members(self, root):
        return self._members.get(root, {})

    def is_package(self, path):
        return path not in self._plain


def placed(kind, from_source=None, *, trees=None, **more):
    """Give the source of `six`, pinned by one entry."""
    entry = SourceEntry(package_name("six"), kind, source=from_source, **more)
    (found,) = Pinning((entry,), {}, trees or NoTrees()).pinned(SIX, Where()).requirements
    return found.source


GIT = FromGit(parse_url("https://git.example/six").url, "v1")
ARCHIVE = FromUrl(parse_url("https://c.example/six-1.zip").url)


@pytest.mark.parametrize(
    ("kind", "named", "trees", "expected"),
    [
        ("git", GIT, None, GIT),
        ("url", ARCHIVE, None, ARCHIVE),
        ("path", FromTree("/six"), None, FromTree("/six", editable=False, virtual=False)),
        ("path", FromTree("/six", editable=True), None, FromTree("/six", editable=True)),
        ("path", FromTree("/six", virtual=True), None, FromTree("/six", editable=False, virtual=True)),
        ("path", FromTree("/six"), Workspace({}, ("/six",)), FromTree("/six", editable=False, virtual=True)),
    ],
)
def test_a_source_names_a_place(kind, named, trees, expected):
    assert expected == placed(kind, named, trees=trees)


def test_what_has_a_place_has_one_version_whatever_its_range():
    entry = SourceEntry(package_name("six"), "git", source=GIT)

    (found,) = Pinning((entry,), {}).pinned(SIX, Where()).requirements

    assert SpecifierSet() == found.specifier


@pytest.mark.parametrize(
    ("editable", "plain", "expected"),
    [
        (None, (), FromTree("/ws/six", editable=True, virtual=False)),
        (True, (), FromTree("/ws/six", editable=True, virtual=False)),
        (False, (), FromTree("/ws/six", editable=False, virtual=False)),
        (None, ("/ws/six",), FromTree("/ws/six", editable=False, virtual=True)),
    ],
)
def test_a_member_of_the_workspace_is_editable_unless_told_otherwise(editable, plain, expected):
    workspace = Workspace({"": {"six": "/ws/six"}}, plain)

    assert expected == placed("workspace", trees=workspace, editable=editable)


def test_a_member_may_be_of_another_workspace():
    workspace = Workspace({"": {}, "/other": {"six": "/other/six"}})

    assert placed("workspace", trees=workspace, workspace="/other").path == "/other/six"


def test_who_is_no_member_cannot_come_from_the_workspace():
    with pytest.raises(BadSource) as caught:
        placed("workspace")

    assert caught.value.causes[0].endswith("but is not a workspace member")


def test_a_member_needs_a_source():
    with pytest.raises(BadSource) as caught:
        Pinning((), {}, Workspace({"": {"six": "/ws/six"}})).pinned(SIX, Where())

    assert "is missing an entry in `tool.uv.sources`" in caught.value.causes[0]


def test_a_member_comes_from_nowhere_else():
    with pytest.raises(BadSource) as caught:
        placed("git", GIT, trees=Workspace({"": {"six": "/ws/six"}}))

    assert "but references a Git in `tool.uv.sources`" in caught.value.causes[0]


def test_a_project_may_name_itself():
    itself = Pinning((), {}, Workspace({"": {"six": "/ws/six"}}), package_name("six"))

    assert (SIX,) == itself.pinned(SIX, Where()).requirements


def test_a_source_that_says_nothing_is_refused():
    with pytest.raises(BadSource):
        placed("url")


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
