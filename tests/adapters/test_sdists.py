"""Single files of source distributions."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from keyrack.adapters import sdists
from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.sdists import read_top_files
from lab.sdists import sdist

WANTED = ("PKG-INFO", "pyproject.toml")


def tar_of(*members):
    """Write a plain tar of (name, content) pairs; a content that is a TarInfo type makes such a member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            body = content if isinstance(content, str) else ""
            if not isinstance(content, str):
                member.type = content
                member.linkname = "elsewhere"
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body.encode()))
    return out.getvalue()


def zip_of(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def read(tmp_path, filename, body):
    path = tmp_path / "archive"
    path.write_bytes(body)
    return read_top_files(str(path), filename, WANTED)


BOTH = (("a-1/PKG-INFO", "Name: a"), ("a-1/src/PKG-INFO", "no"), ("a-1/pyproject.toml", "[x]"))


@pytest.mark.parametrize(
    ("filename", "body"),
    [
        ("a-1.tar.gz", gzip.compress(tar_of(*BOTH), mtime=0)),
        ("a-1.tgz", gzip.compress(tar_of(*BOTH), mtime=0)),
        ("a-1.tar.bz2", bz2.compress(tar_of(*BOTH))),
        ("a-1.tar.xz", lzma.compress(tar_of(*BOTH))),
        ("a-1.tar", tar_of(*BOTH)),
        ("a-1.zip", zip_of(*BOTH)),
    ],
)
def test_every_kind_of_archive_is_read(tmp_path, filename, body):
    assert {"PKG-INFO": b"Name: a", "pyproject.toml": b"[x]"} == read(tmp_path, filename, body)


def test_a_real_sdist_is_read(tmp_path):
    made = sdist("lib-a", "1.0")

    found = read(tmp_path, made.filename, made.body)

    assert found["PKG-INFO"].startswith(b"Metadata-Version: 2.")


@pytest.mark.parametrize("make", [tar_of, zip_of])
def test_files_elsewhere_do_not_count(tmp_path, make):
    body = make(("PKG-INFO", "no"), ("a-1/b/PKG-INFO", "no"), ("../PKG-INFO", "no"), ("a-1/setup.py", "no"))

    assert {} == read(tmp_path, "a-1.zip" if make is zip_of else "a-1.tar", body)


def test_a_leading_dot_is_no_folder(tmp_path):
    assert {"PKG-INFO": b"yes"} == read(tmp_path, "a-1.tar", tar_of(("./a-1/PKG-INFO", "yes")))


def test_the_first_of_two_files_counts(tmp_path):
    body = tar_of(("a-1/PKG-INFO", "first"), ("a-1/PKG-INFO", "second"))

    assert {"PKG-INFO": b"first"} == read(tmp_path, "a-1.tar", body)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_do_not_count(tmp_path, kind):
    assert {} == read(tmp_path, "a-1.tar", tar_of(("a-1/PKG-INFO", kind)))


@pytest.mark.parametrize(
    ("filename", "body"),
    [
        ("a-1.tar.gz", b""),
        ("a-1.tar.gz", b"no archive at all"),
        ("a-1.tar.gz", gzip.compress(tar_of(*BOTH), mtime=0)[:90]),
        ("a-1.tar.xz", lzma.compress(tar_of(*BOTH))[:90]),
        ("a-1.zip", b"no archive at all"),
        ("a-1.zip", zip_of(*BOTH)[:-9]),
    ],
)
def test_a_damaged_archive_is_an_error(tmp_path, filename, body):
    with pytest.raises(UnsafeArchive):
        read(tmp_path, filename, body)


def test_a_file_that_is_too_large_is_an_error(tmp_path):
    body = tar_of(("a-1/PKG-INFO", (sdists.LARGEST_MEMBER + 1) * "x"))

    with pytest.raises(UnsafeArchive) as raised:
        read(tmp_path, "a-1.tar", body)

    assert ("`a-1/PKG-INFO` is too large",) == raised.value.causes


def test_an_archive_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UnsafeArchive) as raised:
        read_top_files(str(tmp_path / "gone"), "a-1.zip", WANTED)

    assert "Failed to read `a-1.zip`" == raised.value.message
