import msgspec
import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.formats.uv_lock import parse_lock
from keyrack.policy.lock.freshness import Expected, Kept, Verdict, judge, kind_of
from keyrack.policy.lock.make import LocalFacts
from keyrack.policy.markers.algebra import diagram
from keyrack.values.conflicts import ConflictItem
from keyrack.values.index import Index, Indexes, index_id
from keyrack.values.lock import (
    LockedCutoff,
    LockedMetadata,
    LockedRequirement,
    LockedTree,
    LockManifest,
    LockOptions,
    TreeKind,
)
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode
from keyrack.values.url import parse_url

INDEX = parse_url("https://pkgs.example/simple").url
INDEXES = Indexes((Index(index_id(INDEX, None), INDEX),))
LOCK = parse_lock(
    """\
version = 1
revision = 5
requires-python = ">=3.9"

[[package]]
name = "a"
version = "1"
source = { registry = "https://pkgs.example/simple/" }

[[package]]
name = "app"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "a" },
]

[package.metadata]
requires-dist = [{ name = "a" }]
""",
    "uv.lock",
)
A = PackageName("a")
FACTS = LocalFacts(LockedMetadata((LockedRequirement(PackageName("a")),)))
TREE = LockedTree(".", TreeKind.VIRTUAL)
WHOLE = Expected(
    SpecifierSet(">=3.9"),
    LockOptions(),
    LockManifest(),
    {PackageName("app"): (TREE, "1.0")},
    INDEXES,
    lambda _path: FACTS,
)
LINUX = Marker("sys_platform == 'linux'")


def verdict(lock=LOCK, **words):
    return judge(lock, msgspec.structs.replace(WHOLE, **words))


def facts(**words):
    return {"facts": lambda _path: msgspec.structs.replace(FACTS, **words)}


def test_a_lock_that_says_all_that_is_wanted_is_kept():
    assert Verdict(Kept.ALL) == verdict()


def test_how_a_python_range_is_written_does_not_matter():
    assert Kept.ALL is verdict(requires_python=SpecifierSet(">=3.9.0")).kept


CHANGES = {
    "another resolution": (
        {"options": LockOptions(resolution=ResolutionMode.LOWEST)},
        Kept.NOTHING,
        "change in resolution mode: `highest` vs. `lowest`",
    ),
    "another fork strategy": (
        {"options": LockOptions(fork_strategy=ForkStrategy.FEWEST)},
        Kept.NOTHING,
        "change in fork strategy: `requires-python` vs. `fewest`",
    ),
    "other environments": ({"supported": (diagram(LINUX),)}, Kept.VERSIONS, "supported environments"),
    "other required environments": ({"required": (diagram(LINUX),)}, Kept.VERSIONS, "required environments"),
    "another C library": ({"options": LockOptions(minimum_libc=(("glibc", "2.17"),))}, Kept.VERSIONS, "libc"),
    "other conflicts": (
        {"conflicts": ((ConflictItem(A, ExtraName("x")), ConflictItem(A, ExtraName("y"))),)},
        Kept.VERSIONS,
        "conflicting groups",
    ),
    "other Pythons": ({"requires_python": SpecifierSet(">=3.10")}, Kept.FORKS, "Python requirement"),
    "a cutoff": (
        {"options": LockOptions(exclude_newer=LockedCutoff("2024-01-01T00:00:00Z"))},
        Kept.FORKS,
        "addition of global exclude newer 2024-01-01T00:00:00Z",
    ),
    "a cutoff of one package": (
        {"options": LockOptions(exclude_newer_package=((A, LockedCutoff("2024-01-01T00:00:00Z")),))},
        Kept.FORKS,
        "change of exclude newer timestamp",
    ),
    "pre-releases": ({"options": LockOptions(prerelease=PrereleaseMode.ALLOW)}, Kept.FORKS, "pre-release mode"),
    "a constraint": (
        {"manifest": LockManifest(constraints=(LockedRequirement(PackageName("a")),))},
        Kept.FORKS,
        "mismatched constraints",
    ),
    "a member that is installed now": ({"members": {"app": (LockedTree("."), "1.0")}}, Kept.FORKS, "mismatched source"),
    "another version": ({"members": {"app": (TREE, "2.0")}}, Kept.FORKS, "mismatched version: `app`"),
    "a version that is dynamic now": ({"members": {"app": (TREE, None)}}, Kept.FORKS, "dynamic version: `app`"),
    "an index that is gone": (
        {"indexes": Indexes()},
        Kept.FORKS,
        "missing remote index: `https://pkgs.example/simple/`",
    ),
    "requirements": (facts(metadata=LockedMetadata()), Kept.FORKS, "mismatched requirements: `app`"),
    "extras": (
        facts(metadata=msgspec.structs.replace(FACTS.metadata, provides_extras=("x",))),
        Kept.FORKS,
        "mismatched extras: `app`",
    ),
    "groups": (
        facts(metadata=msgspec.structs.replace(FACTS.metadata, requires_dev=(("dev", ()),))),
        Kept.FORKS,
        "mismatched dependency groups: `app`",
    ),
    "default groups": (facts(default_groups=("docs",)), Kept.FORKS, "mismatched default groups: `app`"),
    "Pythons of a group": (
        facts(group_requires_python=(("dev", SpecifierSet(">=3.11")),)),
        Kept.FORKS,
        "mismatched group `requires-python`: `app`",
    ),
    "a tree that must be built": ({"facts": lambda _path: None}, Kept.FORKS, "dynamic metadata: `app`"),
    "an archive that changed": ({"is_unchanged": lambda _package: False}, Kept.FORKS, "changed archive: `a`"),
}


@pytest.mark.parametrize(("words", "kept", "why"), CHANGES.values(), ids=CHANGES)
def test_what_changed_decides_how_much_is_kept(words, kept, why):
    found = verdict(**words)

    assert kept is found.kept
    assert why in found.why


def test_a_lock_with_forks_keeps_its_versions_alone_for_other_pythons():
    forked = msgspec.structs.replace(LOCK, resolution_markers=(LINUX,))

    assert Kept.VERSIONS is verdict(forked, requires_python=SpecifierSet(">=3.10")).kept


def test_a_cutoff_that_is_gone_is_told():
    limited = msgspec.structs.replace(LOCK, options=LockOptions(exclude_newer=LockedCutoff(span="P7D")))

    assert ("removal of global exclude newer", True) == (
        verdict(limited).why.removeprefix("Resolving despite existing lockfile due to "),
        verdict(limited).is_told,
    )
    assert "change of" in verdict(limited, options=LockOptions(exclude_newer=LockedCutoff(span="P8D"))).why


def test_a_member_without_version_stays_without():
    dynamic = msgspec.structs.replace(
        LOCK,
        packages=tuple(
            msgspec.structs.replace(one, id=msgspec.structs.replace(one.id, version=None))
            if one.id.version == Version("1.0") and one.id.name == "app"
            else one
            for one in LOCK.packages
        ),
    )

    assert Kept.ALL is verdict(dynamic, members={"app": (TREE, None)}).kept


def test_what_is_done_with_a_member_depends_on_whether_it_is_a_package():
    assert [TreeKind.EDITABLE, TreeKind.VIRTUAL] == [kind_of(is_package=True), kind_of(is_package=False)]
