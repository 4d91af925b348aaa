from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.formats.uv_lock import parse_lock
from keyrack.formats.uv_lock_text import render_lock
from keyrack.values.artifact import Digest
from keyrack.values.conflicts import ConflictItem
from keyrack.values.lock import (
    AllGroups,
    Lock,
    LockedArchive,
    LockedCutoff,
    LockedDependency,
    LockedFile,
    LockedGit,
    LockedId,
    LockedMetadata,
    LockedPackage,
    LockedRegistry,
    LockedRequirement,
    LockedTree,
    LockedUrl,
    LockManifest,
    LockOptions,
    RequiredFromIndex,
    ScopedExclude,
    ScopedOverride,
    StaticMetadata,
    TreeKind,
)
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode
from keyrack.values.url import parse_url

NAMES = st.sampled_from(["a", "b2", "idna", "typing-extensions", "x-y-z", "none"])
VERSIONS = st.sampled_from(["0.1", "1.0.post1", "2!3.4", "1.0a1.dev2", "4.5+cu118"]).map(Version)
RANGES = st.sampled_from([">=3.9", ">=3.9,<4", "==3.11.*", "!=3.8.1,>=3.7"]).map(SpecifierSet)
MARKERS = st.sampled_from(
    [
        "python_full_version < '3.11'",
        "sys_platform == 'win32' and extra != 'extra-1-a-cpu'",
        "(os_name == 'nt' and python_full_version >= '3.10') or 'linux' in sys_platform",
        'platform_version == "it\'s"',
    ]
).map(Marker)
HOSTS = st.sampled_from(["https://pkgs.example/team/simple/", "http://127.0.0.1:8080/x%20y/simple", "file:///srv/a"])
PATHS = st.sampled_from(["wheels", "../up/a b", "C:/here", 'quo"ted', "back\\slash", "bo'th\"", "."])
URLS = HOSTS.map(lambda text: parse_url(text).url)
COMMIT = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"
REPOSITORIES = st.sampled_from([f"ssh://git@git.example/r?rev=main#{COMMIT}", f"https://git.example/r.git#{COMMIT}"])
GITS = REPOSITORIES.map(lambda text: LockedGit(parse_url(text).url))
ARCHIVES = st.builds(LockedUrl, URLS, st.sampled_from(["", "sub/dir"]))
TREES = st.builds(LockedTree, PATHS, st.sampled_from(TreeKind))
ELSEWHERE = GITS | ARCHIVES | st.builds(LockedArchive, PATHS) | TREES
REGISTRIES = st.builds(LockedRegistry, URLS) | PATHS.map(lambda path: LockedRegistry(path=path))
DIGESTS = st.sampled_from(["sha256", "sha512", "md5"]).map(lambda name: Digest(name, "ab12"))
TIMES = st.sampled_from(["", "2024-05-26T22:02:15.75Z"])


def tuples(each, most=3):
    return st.lists(each, max_size=most).map(tuple)


def parts(each):
    return st.dictionaries(NAMES, tuples(each), max_size=2).map(lambda found: tuple(found.items()))


ITEMS = st.builds(ConflictItem, NAMES, NAMES) | st.builds(ConflictItem, NAMES, st.just(""), NAMES | st.just(""))
REQUIREMENTS = st.builds(
    LockedRequirement,
    NAMES,
    tuples(NAMES),
    tuples(NAMES),
    st.none() | MARKERS,
    st.builds(RequiredFromIndex, RANGES | st.just(SpecifierSet()), st.none() | URLS, st.none() | ITEMS) | ELSEWHERE,
)
CUTOFFS = st.just(LockedCutoff("2024-01-01T00:00:00Z")) | st.just(LockedCutoff(span="P30D"))
OPTIONS = st.builds(
    LockOptions,
    st.sampled_from(ResolutionMode),
    st.sampled_from(PrereleaseMode),
    st.sampled_from(ForkStrategy),
    st.sampled_from([(), (("glibc", "2.17"),)]),
    st.none() | CUTOFFS,
    st.dictionaries(NAMES, st.sampled_from(PrereleaseMode), max_size=2).map(lambda found: tuple(found.items())),
    st.dictionaries(NAMES, CUTOFFS | st.just(LockedCutoff()), max_size=2).map(lambda found: tuple(found.items())),
)
DEFAULTS = st.none() | st.just(AllGroups()) | tuples(NAMES)
GROUP_RANGES = st.dictionaries(NAMES, RANGES, max_size=2).map(lambda found: tuple(found.items()))
MANIFESTS = st.builds(
    LockManifest,
    tuples(NAMES),
    DEFAULTS,
    tuples(REQUIREMENTS),
    tuples(REQUIREMENTS),
    tuples(REQUIREMENTS | st.builds(ScopedOverride, NAMES, st.none() | VERSIONS, tuples(REQUIREMENTS))),
    tuples(NAMES | st.builds(ScopedExclude, NAMES, st.none() | VERSIONS, tuples(NAMES))),
    tuples(REQUIREMENTS),
    parts(REQUIREMENTS),
    GROUP_RANGES,
    tuples(
        st.builds(
            StaticMetadata,
            NAMES,
            st.none() | VERSIONS,
            tuples(st.sampled_from(["idna>=2", "a ; os_name == 'nt'"])),
            st.none() | RANGES,
            tuples(NAMES),
        ),
        1,
    ),
)


def files(version, suffix):
    name = st.just(f"a-{version}{suffix}")
    told = (st.none() | DIGESTS, st.none() | st.integers(0, 2**40), TIMES)
    by_url = st.builds(
        lambda host, filename, *rest: LockedFile(filename, parse_url(f"{host}/{filename}").url, "", *rest),
        st.sampled_from(["https://files.example", "http://127.0.0.1:8080/x"]),
        name,
        *told,
    )
    return by_url | st.builds(lambda filename, *rest: LockedFile(filename, None, filename, *rest), name, *told)


@st.composite
def packages(draw):
    sources = draw(st.lists(st.tuples(NAMES, VERSIONS, REGISTRIES | ELSEWHERE), max_size=4, unique_by=str))
    ids = [LockedId(*found) for found in sources]
    edges = (
        tuples(st.builds(LockedDependency, st.sampled_from(ids), tuples(NAMES), st.none() | MARKERS))
        if ids
        else st.just(())
    )
    some = st.dictionaries(NAMES, edges, max_size=2).map(lambda found: tuple(found.items()))
    return tuple(
        LockedPackage(
            own,
            draw(DEFAULTS),
            draw(tuples(MARKERS)),
            draw(edges),
            draw(st.none() | files(own.version, ".tar.gz")),
            draw(tuples(files(own.version, "-py3-none-any.whl"))),
            draw(some),
            draw(some),
            draw(GROUP_RANGES),
            draw(st.builds(LockedMetadata, tuples(REQUIREMENTS), tuples(NAMES), parts(REQUIREMENTS))),
        )
        for own in ids
    )


LOCKS = st.builds(
    Lock,
    RANGES,
    packages(),
    tuples(MARKERS),
    tuples(MARKERS),
    tuples(MARKERS),
    tuples(tuples(ITEMS)),
    OPTIONS,
    MANIFESTS,
)


def test_what_is_on_no_line_of_its_own_is_not_written():
    package = LockedPackage(
        LockedId("a", None, LockedTree(".")), metadata=LockedMetadata((LockedRequirement("b"),), ())
    )
    manifest = LockManifest(metadata=(StaticMetadata("c"),))

    text = render_lock(Lock(SpecifierSet(">=3.9"), (package,), manifest=manifest))

    assert text == render_lock(parse_lock(text, "uv.lock"))
    assert text.endswith('[package.metadata]\nrequires-dist = [{ name = "b" }]\n')


def test_a_table_of_tables_has_no_header_of_its_own():
    manifest = LockManifest(metadata=(StaticMetadata("c"),))

    text = render_lock(Lock(SpecifierSet(">=3.9"), manifest=manifest))

    assert text.endswith('requires-python = ">=3.9"\n\n[[manifest.dependency-metadata]]\nname = "c"\n')


def test_a_file_that_is_its_packages_source_is_written_by_its_hash():
    file = LockedFile("a-1.tar.gz", digest=Digest("sha256", "ab"))
    package = LockedPackage(LockedId("a", Version("1"), LockedArchive("a-1.tar.gz")), sdist=file)

    assert 'sdist = { hash = "sha256:ab" }' in render_lock(Lock(SpecifierSet(">=3.9"), (package,)))


@given(LOCKS)
def test_what_is_written_reads_the_same(lock):
    text = render_lock(lock)

    assert lock == parse_lock(text, "uv.lock")


@given(LOCKS)
def test_what_was_read_is_written_the_same(lock):
    text = render_lock(lock)

    assert text == render_lock(parse_lock(text, "uv.lock"))
