from pathlib import Path

import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.uv_lock import UnknownLockVersion, parse_lock
from keyrack.formats.uv_lock_text import render_lock
from keyrack.values.lock import (
    AllGroups,
    LockedArchive,
    LockedCutoff,
    LockedGit,
    LockedId,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode
from keyrack.values.url import parse_url

GOLDEN = Path(__file__).parents[1] / "golden" / "uv_lock"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.lock"))


def text(name):
    return (GOLDEN / f"{name}.lock").read_text()


def refusal(found):
    with pytest.raises(InvalidText) as raised:
        parse_lock(found, "uv.lock")
    assert raised.value.message == "Failed to parse `uv.lock`"
    return raised.value.causes[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_that_uv_made_is_written_again_byte_for_byte(name):
    assert text(name) == render_lock(parse_lock(text(name), "uv.lock"))


def test_the_options_are_read():
    options = parse_lock(text("settings"), "uv.lock").options

    assert options.resolution is ResolutionMode.LOWEST_DIRECT
    assert options.prerelease is PrereleaseMode.ALLOW
    assert options.fork_strategy is ForkStrategy.FEWEST


def test_cutoffs_are_read():
    options = parse_lock(text("workspace"), "uv.lock").options

    assert LockedCutoff(span="P30D") == options.exclude_newer
    assert (
        ("colorama", LockedCutoff(span="P7D")),
        ("idna", LockedCutoff()),
        ("iniconfig", LockedCutoff("2030-01-01T00:00:00Z")),
    ) == options.exclude_newer_package


def test_an_instant_for_all_packages_is_read():
    lock = parse_lock(
        'version = 1\nrequires-python = ">=3.9"\n[options]\nexclude-newer = "2024-01-01T00:00:00Z"\n', "uv.lock"
    )

    assert LockedCutoff("2024-01-01T00:00:00Z") == lock.options.exclude_newer


def test_each_kind_of_source_is_read():
    found = {package.id.name: package.id.source for package in parse_lock(text("sources"), "uv.lock").packages}

    commit = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"
    repository = f"file:///srv/gitdep?subdirectory=sub&tag=v0.3.0#{commit}"
    assert {
        "flatwheel": LockedRegistry(path="wheels"),
        "gitdep": LockedGit(parse_url(repository).url),
        "idna": LockedRegistry(parse_url("https://pkgs.example/simple/").url),
        "iniconfig": LockedRegistry(parse_url("https://pkgs.example/simple/").url),
        "onfile": LockedArchive("onfile-1.1.0-py3-none-any.whl"),
        "onsd": LockedArchive("onsd-1.0.tar.gz"),
        "pathpkg": LockedTree("libs/pathpkg", TreeKind.EDITABLE),
        "root": LockedTree(".", TreeKind.VIRTUAL),
        "urlpkg": LockedUrl(parse_url("https://pkgs.example/files/urlpkg/urlpkg-2.0.0-py3-none-any.whl").url),
        "urlsd": LockedUrl(parse_url("https://pkgs.example/files/urlsd/urlsd-1.0.tar.gz").url),
        "virt": LockedTree("libs/virt"),
    } == found


def test_an_sdist_that_is_its_packages_source_has_the_name_of_that():
    packages = {package.id.name: package for package in parse_lock(text("sources"), "uv.lock").packages}

    assert ["onsd-1.0.tar.gz", "urlsd-1.0.tar.gz"] == [packages[name].sdist.filename for name in ("onsd", "urlsd")]


def test_an_edge_that_names_no_version_leads_to_the_only_package_of_its_name():
    lock = parse_lock(text("script"), "uv.lock")

    edge = lock.packages[0].dependencies[0]

    assert LockedId(lock.packages[1].id.name, Version("2.0"), lock.packages[1].id.source) == edge.id


def test_default_groups_may_be_all_or_none():
    all_groups = parse_lock(text("settings").replace('["dev", "docs"]', '"all"'), "uv.lock")
    workspace = parse_lock(text("workspace"), "uv.lock")

    assert AllGroups() == next(each for each in all_groups.packages if each.id.name == "demo-app").default_groups
    assert () == next(each for each in workspace.packages if each.id.name == "b").default_groups


def test_a_higher_revision_is_read_and_its_keys_are_passed_over():
    newer = text("script").replace("revision = 5", 'revision = 9\nnovel = "x"')

    assert 9 == parse_lock(newer, "uv.lock").revision


def test_the_first_revision_is_read_and_written_as_the_last():
    older = text("script").replace("revision = 5\n", "").replace("[[package]]", "[[distribution]]")

    lock = parse_lock(older, "uv.lock")

    assert (0, text("script")) == (lock.revision, render_lock(lock))


def test_older_names_of_keys_are_read():
    older = text("workspace").replace("[package.dev-dependencies]", "[package.dependency-groups]")
    older = older.replace("[package.metadata.requires-dev]", "[package.metadata.dependency-groups]")
    older = older.replace("upload-time", "upload_time").replace('idna = "allow"', 'idna = "if-necessary-or-explicit"')

    found = parse_lock(older, "uv.lock")

    known = parse_lock(text("workspace"), "uv.lock")
    assert known.packages == found.packages
    assert (("idna", PrereleaseMode.IF_NECESSARY),) == found.options.prerelease_package


def test_a_higher_version_is_refused():
    with pytest.raises(UnknownLockVersion) as raised:
        parse_lock(text("script").replace("version = 1\n", "version = 2\n", 1), "uv.lock")

    assert (
        "The lockfile at `uv.lock` uses an unsupported schema version (v2, but only v1 is supported)"
        == raised.value.message
    )


def test_a_higher_version_that_cannot_be_read_is_refused_with_the_reason():
    broken = text("script").replace("version = 1\n", "version = 2\n", 1).replace('name = "anyio"\n', "nam = 1\n")

    with pytest.raises(UnknownLockVersion) as raised:
        parse_lock(broken, "uv.lock")

    assert (
        "Failed to parse `uv.lock`, which uses an unsupported schema version (v2, but only v1 is supported)"
        == raised.value.message
    )
    assert "missing field `name`" in raised.value.causes[0]


LOCK = """\
version = 1
revision = 5
requires-python = ">=3.11"

[manifest]
requirements = [
    { name = "anyio" },
    { name = "idna", marker = "sys_platform == 'win32'", specifier = "<3" },
]

[[package]]
name = "anyio"
version = "4.4.0"
source = { registry = "https://pkgs.example/simple/" }
dependencies = [
    { name = "idna" },
]
sdist = { url = "https://pkgs.example/files/anyio-4.4.0.tar.gz", hash = "sha256:5aad" }
wheels = [
    { url = "https://pkgs.example/files/anyio-4.4.0-py3-none-any.whl", hash = "sha256:dec2", size = 966 },
]

[[package]]
name = "idna"
version = "2.0"
source = { registry = "https://pkgs.example/simple/" }
"""


def test_a_wheel_of_another_version_is_read_where_that_is_wanted():
    lock = parse_lock(LOCK.replace("anyio-4.4.0-py3", "anyio-4.4.1-py3"), "uv.lock", check_wheels=False)

    assert "anyio-4.4.1-py3-none-any.whl" == lock.packages[0].wheels[0].filename


def test_a_wheel_may_have_a_local_version_more_than_its_package():
    lock = parse_lock(LOCK.replace("anyio-4.4.0-py3", "anyio-4.4.0+local-py3"), "uv.lock")

    assert "anyio-4.4.0+local-py3-none-any.whl" == lock.packages[0].wheels[0].filename


def test_an_edge_to_one_of_two_trees_without_version_is_read():
    two = LOCK + '\n[[package]]\nname = "idna"\nsource = { directory = "libs/idna" }\n'
    whole = two.replace('{ name = "idna" },', '{ name = "idna", source = { directory = "libs/idna" } },')

    lock = parse_lock(whole, "uv.lock")

    edge = lock.packages[0].dependencies[0]
    assert whole == render_lock(lock)
    assert LockedId(edge.id.name, None, LockedTree("libs/idna")) == edge.id


def test_an_edge_to_one_of_two_versions_without_version_is_refused():
    two = LOCK + '\n[[package]]\nname = "idna"\nversion = "3"\nsource = { registry = "https://pkgs.example/simple/" }\n'
    whole = two.replace(
        '{ name = "idna" },', '{ name = "idna", source = { registry = "https://pkgs.example/simple/" } },'
    )

    assert "Dependency `idna` has missing `version` field" in refusal(whole)


def test_credentials_of_a_link_stay_out_of_what_is_written():
    told = LOCK.replace(
        "https://pkgs.example/files/anyio-4.4.0.tar.gz", "https://u:geheim@pkgs.example/files/anyio-4.4.0.tar.gz"
    )
    told += '\n[[package]]\nname = "z"\nversion = "1"\nsource = { url = "https://u:geheim@pkgs.example/z-1.zip" }\n'

    lock = parse_lock(told, "uv.lock")

    assert "u" == lock.packages[0].sdist.credentials.username
    assert "geheim" not in render_lock(lock)
    assert "geheim" not in repr(lock)
