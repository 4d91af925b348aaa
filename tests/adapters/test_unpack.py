import io
import os
import stat
import tarfile
import zipfile

import pytest

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.unpack import Bounds, unpack
from lab.sdists import sdist


def entry(name, kind=tarfile.REGTYPE, mode=0o644, link="", pax=()):
    made = tarfile.TarInfo(name)
    made.type, made.mode, made.linkname = kind, mode, link
    made.pax_headers = dict(pax)
    return made


def tar(path, *members, mode="w:gz"):
    with tarfile.open(path, mode, format=tarfile.PAX_FORMAT) as archive:
        for member in members:
            made, content = member if isinstance(member, tuple) else (member, b"")
            made.size = len(content)
            archive.addfile(made, io.BytesIO(content))
    return str(path)


def tree(folder):
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def refused(path, folder, bounds=Bounds(), filename="a-1.tar.gz"):  # noqa: B008 - frozen
    with pytest.raises(UnsafeArchive) as raised:
        unpack(path, filename, str(folder), bounds)
    return " ".join(raised.value.causes)


@pytest.mark.parametrize(
    ("filename", "mode"),
    [("a-1.tar.gz", "w:gz"), ("a-1.tgz", "w:gz"), ("a-1.tar.bz2", "w:bz2"), ("a-1.tar.xz", "w:xz"), ("a-1.tar", "w")],
)
def test_the_one_top_folder_is_given(tmp_path, filename, mode):
    path = tar(tmp_path / filename, (entry("a-1/x/y.py"), b"1"), (entry("a-1/PKG-INFO"), b"2"), mode=mode)

    top = unpack(path, filename, str(tmp_path / "out"))

    assert (str(tmp_path / "out" / "a-1"), {"x/y.py": b"1", "PKG-INFO": b"2"}) == (top, tree(top))


def test_a_zip_is_unpacked_too(tmp_path):
    path = tmp_path / "a-1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a-1/x/y.py", b"1")

    top = unpack(str(path), "a-1.zip", str(tmp_path / "out"))

    assert (str(tmp_path / "out" / "a-1"), {"x/y.py": b"1"}) == (top, tree(top))


def test_an_archive_without_a_top_folder_is_its_own(tmp_path):
    path = tar(tmp_path / "a", (entry("./setup.py"), b"1"), (entry("x/y.py"), b"2"))

    assert str(tmp_path / "out") == unpack(path, "a-1.tar.gz", str(tmp_path / "out"))


def test_empty_folders_and_the_mark_of_programs_are_kept(tmp_path):
    path = tar(
        tmp_path / "a",
        entry(".", tarfile.DIRTYPE),
        entry("a-1/empty/", tarfile.DIRTYPE),
        (entry("a-1/run", mode=0o6755), b"x"),
        (entry("a-1/open", mode=0o666), b"x"),
    )

    top = unpack(path, "a-1.tar.gz", str(tmp_path / "out"))

    modes = [stat.S_IMODE(os.stat(os.path.join(top, name)).st_mode) for name in ("run", "open")]
    assert (True, 0o100, 0, [0, 0]) == (
        os.path.isdir(os.path.join(top, "empty")),
        modes[0] & 0o100,
        modes[1] & 0o111,
        [mode & 0o7002 for mode in modes],
    )


def test_links_to_files_of_the_archive_become_copies(tmp_path):
    path = tar(
        tmp_path / "a",
        entry("a-1/docs/LICENSE", tarfile.SYMTYPE, link="../LICENSE"),
        (entry("a-1/LICENSE"), b"free"),
        entry("a-1/COPYING", tarfile.LNKTYPE, link="a-1/LICENSE"),
    )

    top = unpack(path, "a-1.tar.gz", str(tmp_path / "out"))

    assert ({"LICENSE": b"free", "docs/LICENSE": b"free", "COPYING": b"free"}, False) == (
        tree(top),
        os.path.islink(os.path.join(top, "docs", "LICENSE")),
    )


@pytest.mark.parametrize("link", ["/etc/passwd", "../../../etc/passwd", "missing", "..", "a-1/folder"])
def test_links_to_anything_else_are_left_out(tmp_path, link):
    path = tar(tmp_path / "a", (entry("a-1/x"), b"1"), entry("a-1/link", tarfile.SYMTYPE, link=link))

    assert {"x": b"1"} == tree(unpack(path, "a-1.tar.gz", str(tmp_path / "out")))


def test_nothing_is_written_through_a_link(tmp_path):
    path = tar(tmp_path / "a", entry("a-1/out", tarfile.SYMTYPE, link=str(tmp_path)), (entry("a-1/out/evil"), b"1"))

    unpack(path, "a-1.tar.gz", str(tmp_path / "out"))

    assert not os.path.exists(tmp_path / "evil")


@pytest.mark.parametrize(
    "name", ["../evil", "a-1/../../evil", "/evil", "a-1//evil", "a-1\\evil", "c:/evil", "a-1/e\nvil", "a-1/./x"]
)
def test_a_name_that_leaves_the_folder_or_means_two_places_is_refused(tmp_path, name):
    path = tar(tmp_path / "a", (entry(name), b"1"))

    assert "is no path that stays in a folder" in refused(path, tmp_path / "out")


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE], ids=["chr", "blk", "fifo"])
def test_devices_and_pipes_are_refused(tmp_path, kind):
    path = tar(tmp_path / "a", entry("a-1/x", kind))

    assert "is neither a file nor a folder nor a link" in refused(path, tmp_path / "out")


def test_one_name_twice_is_refused(tmp_path):
    path = tar(tmp_path / "a", (entry("a-1/x"), b"1"), (entry("a-1/x"), b"2"))

    assert "`a-1/x` stands in it twice" == refused(path, tmp_path / "out")


@pytest.mark.parametrize("names", [("a-1/x", "a-1/x/y"), ("a-1/x/y", "a-1/x")], ids=["file first", "folder first"])
def test_a_file_that_is_a_folder_is_refused(tmp_path, names):
    path = tar(tmp_path / "a", *((entry(name), b"1") for name in names))

    assert "is two things at once" in refused(path, tmp_path / "out")


@pytest.mark.parametrize(
    "pax",
    [{"size": "1"}, {"size": "600"}, {"GNU.sparse.map": "0,1", "GNU.sparse.size": "4"}],
    ids=["smaller", "larger", "sparse"],
)
def test_two_sizes_of_one_file_are_refused(tmp_path, pax):
    path = tar(tmp_path / "a", (entry("a-1/x", pax=pax), b"123"), (entry("a-1/y"), b"1"))

    assert "`a-1/x` has two sizes" == refused(path, tmp_path / "out")


def test_the_same_size_told_twice_is_no_harm(tmp_path):
    path = tar(tmp_path / "a", (entry("a-1/x", pax={"size": "3"}), b"123"))

    assert {"x": b"123"} == tree(unpack(path, "a-1.tar.gz", str(tmp_path / "out")))


def test_a_bzip2_archive_that_is_none_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"BZh9" + b"\0" * 600)

    assert refused(str(path), tmp_path / "out")


@pytest.mark.parametrize(
    "bounds",
    [Bounds(members=1), Bounds(total=3), Bounds(ratio=0, free=3), Bounds(path=4)],
    ids=["members", "bytes", "ratio", "path"],
)
def test_what_no_honest_archive_reaches_is_refused(tmp_path, bounds):
    path = tar(tmp_path / "a", (entry("a-1/x"), b"12"), (entry("a-1/y"), b"12"))

    assert refused(path, tmp_path / "out", bounds)


@pytest.mark.parametrize("length", [0, 5, 40, 200])
def test_a_body_that_is_cut_off_is_refused(tmp_path, length):
    whole = sdist("a", "1", files={"a/data.bin": os.urandom(0) + bytes(range(256)) * 20}).body
    path = tmp_path / "a"
    path.write_bytes(whole[:length])

    assert refused(str(path), tmp_path / "out")


@pytest.mark.parametrize("filename", ["a-1.tar.gz", "a-1.zip"])
def test_what_is_no_archive_is_refused(tmp_path, filename):
    path = tmp_path / "a"
    path.write_bytes(b"<html>not here</html>" * 100)

    assert refused(str(path), tmp_path / "out", filename=filename)


def test_an_empty_zip_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"")

    assert "It is empty" == refused(str(path), tmp_path / "out", filename="a-1.zip")


def test_a_folder_that_is_there_is_not_unpacked_into(tmp_path):
    path = tar(tmp_path / "a", (entry("a-1/x"), b"1"))

    with pytest.raises(FileExistsError):
        unpack(path, "a-1.tar.gz", str(tmp_path))
