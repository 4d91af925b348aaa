import msgspec
import pytest
from packaging.version import Version

from keyrack.formats.marker_text import parse_marker
from keyrack.policy.lock.pylock_make import Locked, Making, to_package
from keyrack.values.artifact import Digest, File
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.names import package_name
from keyrack.values.pylock import PylockDirectory, PylockVcs
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import Selection
from keyrack.values.url import parse_url

A, V1 = package_name("a"), Version("1.0")
ONE = Index(IndexId("one"), parse_url("https://pkgs.example/one/simple").url)
PUBLIC = Index(IndexId("public"), parse_url("https://public.example/simple").url)
MAKING = Making("/work", Indexes((ONE, PUBLIC)), lambda _version, _file: True, untold=PUBLIC.id)
SHA = Digest("sha256", "aa")


def file(name, origin=ONE.id, **words):
    return File(name, parse_url(f"https://pkgs.example/{words.pop('at', name)}").url, origin, **words)


WHEEL, SDIST = file("a-1.0-py3-none-any.whl"), file("a-1.0.tar.gz")


def made(source=None, files=(WHEEL, SDIST), making=MAKING, **words):
    return to_package(Locked(A, V1, source or FromIndex(), files, **words), making)


def names(package):
    return [file.filename for file in (*(package.wheels or ()), *([package.sdist] if package.sdist else []))]


def test_a_version_of_an_index_lists_its_files():
    assert ["a-1.0-py3-none-any.whl", "a-1.0.tar.gz"] == names(made())


def test_only_wheels_that_somebody_could_use_are_listed():
    other = file("a-1.0-cp39-cp39-win32.whl")
    making = msgspec.structs.replace(MAKING, fits=lambda _version, file: "win32" not in file.filename)

    assert names(made()) == names(made(files=(other, WHEEL, SDIST), making=making))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"no_binary": Selection(names=frozenset([A]))}, ["a-1.0.tar.gz"]),
        ({"no_build": Selection(all=True)}, ["a-1.0-py3-none-any.whl"]),
    ],
    ids=["no binary", "no build"],
)
def test_what_may_not_be_used_is_not_listed(words, expected):
    package = made(making=msgspec.structs.replace(MAKING, **words))

    assert expected == names(package)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (ONE.id, ONE.url),
        (PUBLIC.id, None),
        (None, None),
        (IndexId("gone"), None),
    ],
    ids=["one", "the one that all know", "none", "unknown"],
)
def test_files_say_whose_they_are_unless_everybody_knows(origin, expected):
    assert expected == made(files=(file("a-1.0-py3-none-any.whl", origin),)).index


def test_a_file_is_told_with_what_the_index_says_of_it():
    listed = file("a-1.0.tar.gz", size=7, digests=(SHA,), upload_time="2024-01-02T03:04:05.678+01:00")

    found = made(files=(listed,)).sdist

    assert ("2024-01-02T02:04:05Z", 7, (SHA,), "") == (found.upload_time, found.size, found.digests, found.name)


@pytest.mark.parametrize(
    ("upload_time", "expected"), [(None, ""), ("never", ""), ("2024-01-02T03:04:05", "2024-01-02T03:04:05Z")]
)
def test_a_time_that_is_none_is_not_told(upload_time, expected):
    assert expected == made(files=(file("a-1.0.tar.gz", upload_time=upload_time),)).sdist.upload_time


def test_a_file_whose_url_does_not_tell_its_name_is_named():
    assert "a-1.0.tar.gz" == made(files=(file("a-1.0.tar.gz", at="download"),)).sdist.name


def test_a_marker_stays():
    marker = parse_marker("os_name == 'nt'")

    assert marker == made(marker=marker).marker


def test_an_archive_of_the_web_is_told_by_its_url():
    url = parse_url("https://pkgs.example/a.zip").url

    archive = made(FromUrl(url, subdirectory="d"), digests=(SHA,)).archive

    assert (url, "", "d", (SHA,)) == (archive.url, archive.path, archive.subdirectory, archive.digests)


def test_an_archive_of_this_disk_is_told_by_its_path_from_the_lock():
    archive = made(FromUrl(parse_url("file:///else/a.zip").url)).archive

    assert (None, "../else/a.zip") == (archive.url, archive.path)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("./a.zip", "../else/a.zip"), ("/else/a.zip", "/else/a.zip"), ("file:///else/a.zip", "/else/a.zip")],
)
def test_a_path_that_was_given_from_the_root_stays_so(given, expected):
    archive = made(FromUrl(parse_url("file:///else/a.zip").url), given=given).archive

    assert expected == archive.path


def test_a_tree_is_told_by_its_path_and_has_no_version():
    package = made(FromTree("/work/tree", editable=True))

    assert (None, PylockDirectory("tree", editable=True)) == (package.version, package.directory)


def test_a_repository_is_told_with_its_commit():
    url = parse_url("https://pkgs.example/a.git").url

    assert (
        PylockVcs("1f", url=url, revision="main", subdirectory="d") == made(FromGit(url, "main", "d", commit="1f")).vcs
    )
