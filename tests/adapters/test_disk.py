"""Files that are whole or not there; trees removed and counted."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from keyrack.adapters.disk import (
    Amount,
    beside,
    empty_tree,
    measure,
    remove_for_good,
    remove_tree,
    write_atomic,
    write_private,
)


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def umask():
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.fixture
def tree(tmp_path):
    """Three files of 6 bytes in all, in a tree of three folders, with links that lead out of it."""
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "one").write_bytes(b"1")
    (root / "a" / "two").write_bytes(b"22")
    (root / "a" / "b" / "three").write_bytes(b"333")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"kept")
    return root


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_written_whole(tmp_path, durable):
    path = tmp_path / "file"

    write_atomic(str(path), b"new", durable=durable)

    assert (b"new", ["file"]) == (path.read_bytes(), os.listdir(tmp_path))


def test_a_new_file_gets_what_the_umask_allows(tmp_path, umask):
    write_atomic(str(tmp_path / "file"), b"")

    assert 0o640 == mode_of(tmp_path / "file")


def test_an_existing_file_keeps_its_mode(tmp_path, umask):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o606)

    write_atomic(str(path), b"new")

    assert (b"new", 0o606) == (path.read_bytes(), mode_of(path))


def test_a_link_stays_a_link(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("target")

    write_atomic(str(link), b"new")

    assert (True, b"new") == (link.is_symlink(), target.read_bytes())


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path):
    path = tmp_path / "file"
    path.mkdir()

    with pytest.raises(OSError, match="file"):
        write_atomic(str(path), b"new")

    assert ["file"] == os.listdir(tmp_path)


def test_a_file_of_our_own_is_private_in_folders_of_our_own(tmp_path, umask):
    path = tmp_path / "a" / "file"

    write_private(str(path), (b"one", b"", b"two"))

    assert (b"onetwo", 0o600, 0o700) == (path.read_bytes(), mode_of(path), mode_of(path.parent))


def test_a_part_that_cannot_be_made_leaves_nothing_behind(tmp_path):
    def parts():
        yield b"one"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_private(str(tmp_path / "file"), parts())

    assert [] == os.listdir(tmp_path)


def test_a_name_beside_a_long_name_is_not_too_long(tmp_path):
    path = str(tmp_path / ("x" * 255))

    write_private(path, (b"",))

    assert os.path.dirname(path) == os.path.dirname(beside(path))
    assert [os.path.basename(path)] == os.listdir(tmp_path)


def test_a_tree_is_measured(tree):
    (tree / "link").symlink_to("../outside")
    link = os.lstat(tree / "link").st_size

    assert Amount(files=4, folders=3, size=6 + link) == measure(str(tree))


def test_what_is_not_there_measures_nothing(tmp_path):
    assert (Amount(), Amount()) == (measure(str(tmp_path / "no")), remove_tree(str(tmp_path / "no")))


def test_a_tree_is_removed_and_counted(tree):
    gone = remove_tree(str(tree))

    assert (Amount(files=3, folders=3, size=6), False) == (gone, tree.exists())


def test_links_are_removed_and_never_followed(tree):
    (tree / "a" / "link").symlink_to("../../outside")

    remove_tree(str(tree))

    assert b"kept" == (tree.parent / "outside" / "kept").read_bytes()


def test_a_read_only_tree_can_be_removed(tree):
    (tree / "a" / "b" / "three").chmod(0o444)
    (tree / "a" / "b").chmod(0o555)
    (tree / "a").chmod(0o500)

    assert 3 == remove_tree(str(tree)).files


def test_a_folder_is_emptied_and_goes_if_it_can(tree):
    assert (Amount(files=3, folders=3, size=6), False) == (empty_tree(str(tree)), tree.exists())


def test_amounts_add_up():
    assert Amount(5, 7, 9) == Amount(1, 2, 3) + Amount(4, 5, 6)


def test_a_tree_goes_for_good(tmp_path):
    (tmp_path / "t" / "a").mkdir(parents=True)
    (tmp_path / "t" / "a" / "b").touch()

    remove_for_good(str(tmp_path / "t"))

    assert not (tmp_path / "t").exists()


def test_what_is_not_there_goes_without_a_word(tmp_path):
    remove_for_good(str(tmp_path / "t"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)

        write_atomic(str(pipe), b"body")

        assert b"body" == read.result(30)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
