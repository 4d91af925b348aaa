import errno
import os

import pytest

from keyrack.adapters.journal import DONE, Journal, discard, move, read_journal, write_journal


def test_a_journal_is_read_as_it_was_written_whatever_its_paths(tmp_path):
    journal = Journal(("/a\udcff",), ("/b",), ("/c d",))
    write_journal(str(tmp_path), journal)

    assert journal == read_journal(str(tmp_path))


@pytest.mark.parametrize("text", [b"", b"abc", b"\x00\x00\x00\x00", b"12345678"])
def test_rubbish_is_no_journal(tmp_path, text):
    (tmp_path / "journal").write_bytes(text)

    assert read_journal(str(tmp_path)) is None


def test_work_that_is_done_goes_altogether(tmp_path):
    for name in ("a", f"b{DONE}"):
        (tmp_path / name / "deep").mkdir(parents=True)
        discard(str(tmp_path / name))

    assert [] == os.listdir(tmp_path)


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_things_move_across_file_systems_as_well(tmp_path, kind):
    there = "/dev/shm"
    if not os.path.isdir(there) or os.stat(there).st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("no other file system here")
    source, target = tmp_path / "source", f"{there}/keyrack-{os.urandom(6).hex()}"
    {
        "file": lambda: source.write_text("text"),
        "folder": source.mkdir,
        "link": lambda: source.symlink_to("nowhere"),
    }[kind]()

    move(str(source), target)

    try:
        assert (True, False) == (os.path.lexists(target), os.path.lexists(source))
    finally:
        os.rmdir(target) if kind == "folder" else os.unlink(target)


def test_what_cannot_move_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        move(str(tmp_path / "missing"), str(tmp_path / "target"))

    assert errno.ENOENT == caught.value.errno
