import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.formats.uv_lock_text import render_lock
from keyrack.policy.lock.make import LocalFacts, Making, id_order, make_lock, shortened
from keyrack.policy.lock.required import Placing
from keyrack.policy.markers.algebra import TRUE, diagram
from keyrack.values.artifact import Digest, File
from keyrack.values.graph import Edge, UniversalPin, UniversalResolution
from keyrack.values.index import Index, Indexes, IndexId, index_id
from keyrack.values.lock import (
    LockedArchive,
    LockedGit,
    LockedId,
    LockedMetadata,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.metadata import Metadata
from keyrack.values.names import IndexName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.url import parse_url

INDEX = parse_url("https://pkgs.example/simple/").url
WHEELS = parse_url("file:///srv/app/wheels").url
PLACING = Placing(
    "/srv/app",
    Indexes(
        (
            Index(index_id(INDEX, IndexName("main")), INDEX, IndexName("main")),
            Index(index_id(WHEELS, IndexName("flat")), WHEELS, IndexName("flat")),
        )
    ),
)
COMMIT = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"
LINUX, WINDOWS = "sys_platform == 'linux'", "sys_platform == 'win32'"


def says(words):
    return diagram(Marker(words))


def pin(name, *edges, version="1", source=None, marker=TRUE, files=(), extras=(), groups=()):
    source = FromIndex(IndexId("main")) if source is None else source
    return UniversalPin(
        name, Version(version), source, marker, Metadata(name, Version(version)), (), files, extras, groups, edges
    )


def file(name, place="https://files.example/", *digests, size=None, uploaded=None):
    return File(name, parse_url(f"{place}{name}").url, "main", digests, size=size, upload_time=uploaded)


def making(**words):
    base = {"facts": lambda _pin: LocalFacts(), "digest_of": lambda _pin: Digest("sha256", "ab")}
    return Making(SpecifierSet(">=3.9"), PLACING, **{**base, **words})


def packages(*pins, forks=(), **words):
    lock = make_lock(UniversalResolution(pins, (), forks), making(**words))
    return {str(package.id): package for package in lock.packages}


def edges(found):
    return [
        (str(edge.id), edge.extras, "" if edge.marker is None else str(edge.marker).replace('"', "'")) for edge in found
    ]


def test_packages_come_in_order_of_name_and_version():
    assert ["a==1", "a==2", "b==1"] == list(packages(pin("b"), pin("a", version="2"), pin("a")))


SOURCES = {
    "an index": (FromIndex(IndexId("main")), LockedRegistry(INDEX)),
    "a local index": (FromIndex(IndexId("flat")), LockedRegistry(path="wheels")),
    "no known index": (FromIndex(IndexId("gone")), LockedRegistry()),
    "an archive of the web": (
        FromUrl(parse_url("https://pkgs.example/a-1.zip#x").url, subdirectory="s"),
        LockedUrl(parse_url("https://pkgs.example/a-1.zip").url, "s"),
    ),
    "an archive on this disk": (FromUrl(parse_url("file:///srv/a-1.zip").url), LockedArchive("../a-1.zip")),
    "a tree": (FromTree("/srv/app"), LockedTree(".")),
    "a repository": (
        FromGit(parse_url("https://git.example/r").url, "main", commit=COMMIT),
        LockedGit(parse_url(f"https://git.example/r?rev=main#{COMMIT}").url),
    ),
}


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_a_package_has_its_source(source, expected):
    assert expected == packages(pin("a", source=source))["a==1"].id.source


def test_a_tree_whose_version_is_dynamic_has_none():
    found = packages(pin("a", source=FromTree("/srv/app")), facts=lambda _pin: LocalFacts(is_dynamic=True))

    assert ["a"] == list(found)


def test_what_no_index_serves_has_what_is_known_of_it():
    facts = LocalFacts(LockedMetadata(provides_extras=("x",)), default_groups=("dev",))

    found = packages(pin("a", source=FromTree("/srv/app")), pin("b"), facts=lambda _pin: facts)

    assert ((facts.metadata, ("dev",)), LockedMetadata()) == (
        (found["a==1"].metadata, found["a==1"].default_groups),
        found["b==1"].metadata,
    )


def test_files_are_listed_by_name_and_their_links_lose_what_may_be_a_secret():
    files = (
        file("a-1-py3-none-any.whl", "https://files.example/x?sig=geheim#y=", uploaded="2024-05-26T22:02:15.750123Z"),
        file("a-1-cp312-cp312-any.whl", size=7),
        file("a-1.zip"),
        file("a-1.tar.gz", "https://files.example/", Digest("md5", "a"), Digest("sha512", "b"), Digest("sha1", "c")),
    )

    found = packages(pin("a", files=files))["a==1"]

    assert ["a-1-cp312-cp312-any.whl", "a-1-py3-none-any.whl"] == [wheel.filename for wheel in found.wheels]
    assert ("https://files.example/x", "2024-05-26T22:02:15.75Z", 7) == (
        found.wheels[1].url.exact,
        found.wheels[1].upload_time,
        found.wheels[0].size,
    )
    assert ("a-1.tar.gz", Digest("sha512", "b")) == (found.sdist.filename, found.sdist.digest)


def test_files_of_a_local_index_have_their_path_in_it():
    found = packages(
        pin("a", source=FromIndex(IndexId("flat")), files=(file("a-1-py3-none-any.whl", WHEELS.exact + "/sub/"),))
    )

    assert ("sub/a-1-py3-none-any.whl", None) == (found["a==1"].wheels[0].path, found["a==1"].wheels[0].url)


def test_wheels_that_nobody_can_use_are_left_out():
    names = ("a-1-cp39-cp39-win_amd64.whl", "a-1-cp39-cp39-manylinux_2_17_x86_64.whl", "a-1-cp27-none-any.whl")
    files = tuple(map(file, names))

    def listed(marker, **words):
        found = packages(pin("a", files=files, marker=marker), fits=lambda name: "cp27" not in name, **words)
        return [wheel.filename for wheel in found["a==1"].wheels]

    assert sorted(names[:2]) == listed(TRUE)
    assert [names[0]] == listed(says(WINDOWS))
    assert [names[1]] == listed(TRUE, supported=(says(LINUX),))


ARCHIVES = {
    "a wheel of the web": ("https://pkgs.example/a-1-py3-none-any.whl", False, True),
    "an sdist of the web": ("https://pkgs.example/a-1.zip", True, False),
    "a wheel on this disk": ("file:///srv/app/a-1-py3-none-any.whl", False, False),
    "an sdist on this disk": ("file:///srv/app/a-1.zip", True, False),
}


@pytest.mark.parametrize(("url", "is_sdist", "has_url"), ARCHIVES.values(), ids=ARCHIVES)
def test_a_package_that_is_one_file_has_its_hash(url, is_sdist, has_url):
    found = packages(pin("a", source=FromUrl(parse_url(url).url)))["a==1"]

    one = found.sdist if is_sdist else found.wheels[0]
    assert (url.rpartition("/")[2], Digest("sha256", "ab"), has_url) == (one.filename, one.digest, one.url is not None)


def test_trees_have_no_files():
    found = packages(pin("a", source=FromTree("/srv/app"), files=(file("a-1.zip"),)))["a==1"]

    assert (None, ()) == (found.sdist, found.wheels)


def test_edges_are_merged_by_their_marker_and_name_only_extras_that_add_something():
    app = pin(
        "app", Edge(1, TRUE), Edge(1, TRUE, to_extra="x"), Edge(1, TRUE, to_extra="empty"), Edge(2, says(WINDOWS))
    )
    needed = pin("a", Edge(2, TRUE, extra="x"), extras=(("empty", TRUE), ("x", TRUE)))

    found = packages(app, needed, pin("b"))

    assert [("a==1", ("x",), ""), ("b==1", (), WINDOWS)] == edges(found["app==1"].dependencies)
    assert [("x", [("b==1", (), "")])] == [(extra, edges(some)) for extra, some in found["a==1"].optional]


def test_groups_have_their_edges():
    app = pin("app", Edge(1, TRUE, group="dev"), groups=(("dev", TRUE), ("empty", TRUE)))

    assert [("dev", [("a==1", (), "")])] == [
        (group, edges(some)) for group, some in packages(app, pin("a"))["app==1"].groups
    ]


def test_a_marker_does_not_say_what_holds_wherever_its_package_is_needed():
    app = pin("app", Edge(1, says(f"python_version < '3.12' and {WINDOWS}")), marker=says(WINDOWS))

    assert [("a==1", (), "python_full_version < '3.12'")] == edges(packages(app, pin("a"))["app==1"].dependencies)


def test_a_marker_does_not_say_what_the_lock_is_for():
    app = pin("app", Edge(1, says("python_version >= '3.9'")), Edge(2, says(LINUX)))
    forks = (says(f"{LINUX} and python_version < '3.11'"), says(f"{LINUX} and python_version >= '3.11'"))

    found = packages(app, pin("a"), pin("b"), forks=forks)

    assert [("a==1", (), ""), ("b==1", (), "")] == edges(found["app==1"].dependencies)


def test_forks_are_told_and_those_of_a_name_that_has_several_versions():
    forks = (says(LINUX), says(WINDOWS))
    pins = (pin("a", marker=says(LINUX)), pin("a", version="2", marker=says(WINDOWS)), pin("b"))

    lock = make_lock(UniversalResolution(pins, (), forks), making())

    assert (Marker(LINUX), Marker(WINDOWS)) == lock.resolution_markers
    assert [(Marker(LINUX),), (Marker(WINDOWS),), ()] == [package.resolution_markers for package in lock.packages]


def test_forks_that_differ_by_what_conflicts_alone_are_told_with_it():
    cpu, gpu = "extra == 'extra-3-app-cpu'", "extra == 'extra-3-app-gpu'"
    forks = (says(f"{LINUX} and {cpu}"), says(f"{LINUX} and {gpu}"), says("python_version < '3'"))

    lock = make_lock(UniversalResolution((), (), forks[:2]), making())

    assert (Marker(LINUX),) == lock.resolution_markers
    overlapping = (says(f"{LINUX} and {cpu}"), says(gpu))
    lock = make_lock(UniversalResolution((), (), overlapping), making())
    assert [f"{LINUX} and {cpu}", gpu] == [str(one).replace('"', "'") for one in lock.resolution_markers]


def test_what_the_lock_says_beside_is_kept():
    lock = make_lock(
        UniversalResolution((), ()),
        making(supported=(says(LINUX), says("python_version >= '3'")), required=(says(WINDOWS),)),
    )

    assert ((Marker(LINUX),), (Marker(WINDOWS),)) == (lock.supported_markers, lock.required_markers)
    assert 'requires-python = ">=3.9"' in render_lock(lock)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2024-05-26T22:02:15.750000Z", "2024-05-26T22:02:15.75Z"),
        ("2024-05-26T22:02:15.000900Z", "2024-05-26T22:02:15Z"),
        ("2024-05-26T22:02:15", "2024-05-26T22:02:15Z"),
        ("2024-05-26T22:02:15+02:00", "2024-05-26T20:02:15Z"),
        ("yesterday", ""),
    ],
)
def test_times_have_milliseconds_at_most(told, expected):
    assert expected == shortened(told)


def test_sources_have_an_order():
    version = Version("1")
    sources = [
        LockedRegistry(INDEX),
        LockedRegistry(path="w"),
        LockedGit(INDEX),
        LockedUrl(INDEX),
        LockedArchive("a"),
        LockedTree("z"),
        LockedTree("a", TreeKind.EDITABLE),
        LockedTree("a", TreeKind.VIRTUAL),
    ]

    assert sources == [
        own.source for own in sorted((LockedId("a", version, one) for one in reversed(sources)), key=id_order)
    ]
    dynamic = LockedId("a", None, LockedTree("z"))
    assert [dynamic, LockedId("a", version, sources[0])] == sorted(
        [LockedId("a", version, sources[0]), dynamic], key=id_order
    )
