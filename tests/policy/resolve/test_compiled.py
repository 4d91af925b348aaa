from datetime import UTC, datetime

import msgspec
import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.formats.marker_text import parse_marker
from keyrack.policy.index.choose import FileRules
from keyrack.policy.markers.algebra import TRUE, diagram
from keyrack.policy.resolve.compiled import (
    Node,
    Shape,
    compiled_lines,
    file_digests,
    is_hidden,
    nodes_of,
    universal_nodes,
    universal_warnings,
    visible_files,
)
from keyrack.values.artifact import Digest, File
from keyrack.values.graph import Edge, Resolution, UniversalPin, UniversalResolution
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.url import parse_url
from tests.policy.resolve.asking import TARGET, graph, question, stock

V1 = Version("1.0")
A, B = PackageName("a"), PackageName("b")
X = ExtraName("x")
INDEX = IndexId("index-1")
MARCH = datetime(2024, 3, 1, tzinfo=UTC)


def marker(text):
    return diagram(parse_marker(text))


def file(name="a-1.0.tar.gz", upload_time=None, digests=(), origin=INDEX):
    url = parse_url(f"https://pkgs.example/{name}").url
    return File(name, url, origin, digests=digests, upload_time=upload_time)


def lines(*nodes, **words):
    return compiled_lines(nodes, Shape(**words))


def test_every_pin_and_every_extra_of_it_is_a_node():
    found = graph(question("lib[x]"), stock({"lib 1.0": {"extras": {"x": ["dep"]}}, "dep 1.0": []}))

    nodes = nodes_of(found)

    assert [("dep", "", {"lib"}, 0), ("lib", "", set(), 1), ("lib", "x", set(), 1)] == [
        (node.name, node.extra, set(node.parents), node.place) for node in nodes
    ]


def test_extras_are_joined_with_their_package():
    nodes = Node(A, V1, FromIndex()), Node(A, V1, FromIndex(), X, parents=frozenset([B]))

    (plain,), (named,) = lines(*nodes, sources={}), lines(*nodes, sources={}, with_extras=True)

    assert ((), ("b",)) == (plain.extras, plain.dependents)
    assert ((X,), ("b",)) == (named.extras, named.dependents)


def test_an_extra_that_is_needed_elsewhere_has_a_line_of_its_own():
    nodes = Node(A, V1, FromIndex()), Node(A, V1, FromIndex(), X, "os_name == 'nt'")

    found = lines(*nodes, with_extras=True, with_markers=True)

    assert [((), ""), ((X,), "os_name == 'nt'")] == [(line.extras, line.marker) for line in found]


def test_markers_are_told_where_they_are_asked_for():
    node = Node(A, V1, FromIndex(), marker="os_name == 'nt'")

    assert ["", "os_name == 'nt'"] == [lines(node, with_markers=asked)[0].marker for asked in (False, True)]


def test_who_asked_is_told_unless_nobody_wants_to_know():
    node = Node(A, V1, FromIndex(), parents=frozenset([B]))

    told, untold = lines(node, sources={A: ("-r r.in",)})[0], lines(node)[0]

    assert (("-r r.in",), ("b",)) == (told.sources, told.dependents)
    assert ((), ()) == (untold.sources, untold.dependents)


def test_what_is_left_out_has_no_line():
    assert () == lines(Node(A, V1, FromIndex()), omit=frozenset([A]))


def test_versions_of_one_package_have_a_line_each():
    found = lines(Node(A, Version("2.0"), FromIndex(), marker="m"), Node(A, V1, FromIndex()))

    assert ["1.0", "2.0"] == [str(line.version) for line in found]


def test_editable_trees_come_first_and_all_else_by_name():
    sources = [
        FromGit(parse_url("https://pkgs.example/d.git").url, "main"),
        FromUrl(parse_url("https://pkgs.example/c.zip").url),
        FromTree("/work/b"),
        FromIndex(),
        FromTree("/work/z", editable=True),
    ]
    names = ["d", "c", "b", "a", "e"]

    found = lines(*(Node(PackageName(name), V1, source) for name, source in zip(names, sources, strict=True)))

    assert ["e", "a", "b", "c", "d"] == [line.name for line in found]


def test_nodes_of_all_environments_have_markers_without_the_range_of_pythons():
    metadata = Metadata(A, V1)
    needed = UniversalPin(
        A,
        V1,
        FromIndex(),
        marker("python_version >= '3.9' and os_name == 'nt'"),
        metadata,
        (0,),
        extras=((X, TRUE),),
        edges=(Edge(0, TRUE),),
    )
    parent = UniversalPin(B, V1, FromIndex(), TRUE, metadata, (0,), edges=(Edge(0, TRUE, to_extra=X), Edge(0, TRUE)))

    nodes = universal_nodes(UniversalResolution((needed, parent)), SpecifierSet(">=3.9"))

    assert [("a", "", "os_name == 'nt'", {"b"}, 0), ("a", "x", "", {"b"}, 0), ("b", "", "", set(), 1)] == [
        (node.name, node.extra, node.marker, set(node.parents), node.place) for node in nodes
    ]


def test_hashes_are_sorted_by_algorithm_then_value_and_stand_once():
    one = (Digest("sha512", "aa"), Digest("sha256", "bb"), Digest("sha1", "cc"))
    other = (Digest("sha256", "aa"), Digest("sha256", "bb"))

    found = file_digests([file(digests=one), file(digests=other)])

    assert ["sha256:aa", "sha256:bb", "sha512:aa"] == [str(digest) for digest in found]


@pytest.mark.parametrize(
    ("upload_time", "expected"),
    [("2024-02-29T23:59:59Z", False), ("2024-03-01T00:00:00Z", True), ("2024-03-01T00:00:00", True), ("no", True)],
)
def test_a_file_is_hidden_by_its_date(upload_time, expected):
    assert expected is is_hidden(file(upload_time=upload_time), MARCH)


def test_without_a_date_and_without_an_index_nothing_is_hidden():
    assert not is_hidden(file(), None)
    assert not is_hidden(file(origin=None), MARCH)


def test_files_that_a_date_hides_are_left_out():
    rules = FileRules(TARGET.tags, exclude_newer=MARCH)
    old, new = file(upload_time="2024-01-01T00:00:00Z"), file(upload_time="2025-01-01T00:00:00Z")

    assert (old,) == visible_files([old, new], A, rules)


def test_an_empty_resolution_has_no_nodes():
    assert [] == nodes_of(Resolution(()))


@pytest.mark.parametrize(
    ("yanks", "expected"),
    [
        ([], ()),
        ([False, "it bites"], ()),
        ([True, ""], ("`a==1.0` is yanked",)),
        ([True, "it bites"], ('`a==1.0` is yanked (reason: "it bites")',)),
    ],
    ids=["no files", "one is left", "without a reason", "with a reason"],
)
def test_a_version_that_was_taken_back_is_told_of(yanks, expected):
    files = tuple(msgspec.structs.replace(file(), yanked=yanked) for yanked in yanks)
    pin = UniversalPin(A, V1, FromIndex(), TRUE, Metadata(A, V1), (), files)

    assert expected == universal_warnings(UniversalResolution((pin,)))


def test_extras_that_do_not_exist_are_told_of():
    metadata = Metadata(A, V1, extras=(X,))
    pin = UniversalPin(A, V1, FromIndex(), TRUE, metadata, (), extras=((X, TRUE), (ExtraName("y"), TRUE)))

    assert ("The package `a==1.0` does not have an extra named `y`",) == universal_warnings(UniversalResolution((pin,)))
