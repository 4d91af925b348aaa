import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.policy.lock.required import Placing, git_url, required, tree_kind
from keyrack.values.conflicts import ConflictItem
from keyrack.values.index import Index, Indexes, IndexId, index_id
from keyrack.values.lock import (
    LockedArchive,
    LockedGit,
    LockedRequirement,
    LockedTree,
    LockedUrl,
    RequiredFromIndex,
    TreeKind,
)
from keyrack.values.names import IndexName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement, RevisionKind
from keyrack.values.url import parse_url

INDEX = parse_url("https://pkgs.example/simple/").url
PLACING = Placing("/srv/app", Indexes((Index(index_id(INDEX, IndexName("main")), INDEX, IndexName("main")),)))
COMMIT = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"
GIT = parse_url("https://git.example/r.git").url
SOURCES = {
    "any index": (FromIndex(), RequiredFromIndex(SpecifierSet(">=1"))),
    "one index": (FromIndex(IndexId("main")), RequiredFromIndex(SpecifierSet(">=1"), INDEX)),
    "an index that is gone": (FromIndex(IndexId("other")), RequiredFromIndex(SpecifierSet(">=1"))),
    "an archive of the web": (
        FromUrl(parse_url("https://pkgs.example/a.zip#egg=a").url, subdirectory="s"),
        LockedUrl(parse_url("https://pkgs.example/a.zip").url, "s"),
    ),
    "an archive on this disk": (FromUrl(parse_url("file:///srv/a.zip").url), LockedArchive("../a.zip")),
    "a tree": (FromTree("/srv/app/libs/a"), LockedTree("libs/a")),
    "a repository": (
        FromGit(GIT, "v 1", "sub/dir", kind=RevisionKind.TAG, commit=COMMIT, lfs=True),
        LockedGit(parse_url(f"https://git.example/r.git?subdirectory=sub%2Fdir&lfs=true&tag=v+1#{COMMIT}").url),
    ),
}


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_a_requirement_is_written_with_its_source(source, expected):
    one = Requirement("a", specifier=SpecifierSet(">=1"), source=source)

    assert (LockedRequirement("a", source=expected),) == required([one], PLACING)


def test_a_repository_without_a_revision_has_no_query():
    assert GIT == git_url(FromGit(GIT))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (FromTree("/a"), TreeKind.DIRECTORY),
        (FromTree("/a", editable=True), TreeKind.EDITABLE),
        (FromTree("/a", virtual=True), TreeKind.VIRTUAL),
    ],
    ids=["installed", "editable", "virtual"],
)
def test_a_tree_is_of_a_kind(tree, expected):
    assert expected == tree_kind(tree)


def test_markers_are_canonical_and_extras_in_order():
    one = Requirement("a", frozenset({"y", "x"}), marker=Marker("python_version < '3.11'"), groups=frozenset({"g"}))

    assert (LockedRequirement("a", ("x", "y"), ("g",), Marker("python_full_version < '3.11'")),) == required(
        [one], PLACING
    )


def test_requirements_are_written_once_and_in_order():
    sources = [source for source, _ in SOURCES.values()]
    parts = [
        Requirement("b"),
        *(Requirement("a", source=source) for source in reversed(sources)),
        Requirement("a", specifier=SpecifierSet("<2")),
        Requirement("a", specifier=SpecifierSet(">=1,!=1.*")),
        Requirement("a", marker=Marker("os_name == 'nt'")),
        Requirement("a", frozenset({"x"})),
        Requirement("b"),
    ]

    found = required(parts, PLACING)

    assert ["a"] * (len(found) - 1) + ["b"] == [one.name for one in found]
    shown = [(one.extras, one.marker is None, type(one.source).__name__) for one in found[:-1]]
    assert shown[-1][0] == ("x",)
    assert [
        "RequiredFromIndex",
        "RequiredFromIndex",
        "RequiredFromIndex",
        "RequiredFromIndex",
        "LockedUrl",
        "LockedGit",
        "LockedArchive",
        "LockedTree",
    ] == [kind for extras, always, kind in shown if not extras and always]


def test_what_pins_a_requirement_to_an_index_is_told_and_sorted():
    item = ConflictItem("app", "x")
    pinned = Requirement("a", source=FromIndex(IndexId("main")))

    found = required([pinned], PLACING, lambda _one: item)

    assert RequiredFromIndex(SpecifierSet(), INDEX, item) == found[0].source
