"""Whether what lies on this disk is still what was installed from it."""

import hashlib

import pytest
from packaging.version import Version

from keyrack.adapters.freshness import freshness_of
from keyrack.formats.freshness_json import NAME, write_freshness
from keyrack.operations.fresh import is_fresh_now, local_place
from keyrack.values.artifact import Digest
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.names import package_name
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.source_url import file_url
from keyrack.values.url import parse_url


@pytest.fixture
def install(tmp_path):
    """Give what is installed from a path, with what it looked like."""

    def made(path, look=True, **words):
        folder = tmp_path / "lib-1.dist-info"
        folder.mkdir()
        if look:
            (folder / NAME).write_bytes(write_freshness(freshness_of(str(path), {})))
        source = DirectUrl(file_url(str(path)), **words)
        return Installed(package_name("lib"), Version("1"), str(tmp_path), str(folder), source)

    return made


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "lib-1.zip"
    path.write_bytes(b"an archive")
    return path


def fresh(one, path):
    return is_fresh_now(one, str(path), {})


def digests(path):
    return (Digest("sha256", hashlib.sha256(path.read_bytes()).hexdigest()),)


def test_a_tree_that_looks_the_same_is_fresh(install, tree):
    assert fresh(install(tree, is_tree=True), tree)


def test_a_tree_that_changed_is_not(install, tree):
    one = install(tree, is_tree=True)
    (tree / "src").mkdir()  # times may be too coarse to tell

    assert not fresh(one, tree)


def test_another_way_to_the_same_tree_is_the_same(install, tree, tmp_path):
    (tmp_path / "link").symlink_to(tree)

    assert fresh(install(tree, is_tree=True), tmp_path / "link")


def test_another_tree_is_another(install, tree, tmp_path):
    assert not fresh(install(tree, is_tree=True), tmp_path)


def test_a_tree_of_another_installer_is_never_sure(install, tree):
    assert not fresh(install(tree, look=False, is_tree=True), tree)


def test_an_archive_of_another_time_is_the_same_if_its_bytes_are(install, archive):
    one = install(archive, look=False, digests=digests(archive))

    assert fresh(one, archive)


def test_an_archive_with_other_bytes_is_another(install, archive):
    one = install(archive, look=False, digests=digests(archive))
    archive.write_bytes(b"another one")

    assert not fresh(one, archive)


def test_what_is_gone_is_not_fresh(install, archive):
    one = install(archive, digests=digests(archive))
    archive.unlink()

    assert not fresh(one, archive)


def test_what_came_from_elsewhere_is_nothing_of_this_disk(archive):
    url = parse_url("https://pkgs.example/lib-1.zip").url
    one = Installed(package_name("lib"), Version("1"), "/site", "/site/lib-1.dist-info", DirectUrl(url))

    assert not fresh(one, archive)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (FromTree("/src/a"), "/src/a"),
        (FromUrl(parse_url("file:///src/a%20b.zip").url), "/src/a b.zip"),
        (FromUrl(parse_url("https://pkgs.example/a.zip").url), ""),
        (FromGit(parse_url("file:///src/a").url), ""),
        (FromIndex(), ""),
    ],
)
def test_trees_and_archives_of_this_disk_have_a_path(source, path):
    assert path == local_place(source)
