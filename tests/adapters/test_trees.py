import os

import pytest

from keyrack.adapters.trees import LARGEST, put, take


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib" / "empty").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to("/usr/bin/python")
    (folder / "lib64").symlink_to("lib")
    (folder / "bin" / "activate").write_text("é\r\nline\n", encoding="utf-8", newline="")
    (folder / "a.cfg").write_text("last\n")
    return folder


def seen(folder):
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else None
        if path.is_dir()
        else path.read_bytes()
        for path in folder.rglob("*")
    }


def test_what_was_taken_is_put_as_it_was(tree, tmp_path):
    assert put(str(tmp_path / "again"), take(str(tree), "a.cfg"))

    assert seen(tree) == seen(tmp_path / "again")


def test_the_last_file_comes_last(tree):
    assert ("f", "a.cfg", "last\n") == take(str(tree), "a.cfg")[-3:]


def test_every_folder_comes_before_what_is_in_it(tree):
    names = take(str(tree), "a.cfg")[1::3]

    assert all(os.path.dirname(name) in ("", *names[:at]) for at, name in enumerate(names))


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * (LARGEST + 1)], ids=["no text", "too large"])
def test_other_things_cannot_be_taken(tree, body):
    (tree / "odd").write_bytes(body)

    assert take(str(tree), "a.cfg") is None


def test_programs_cannot_be_taken(tree):
    (tree / "program").write_text("#!/bin/sh\n")
    (tree / "program").chmod(0o755)

    assert take(str(tree), "a.cfg") is None


def test_what_is_there_is_left_alone(tree):
    before = seen(tree)

    assert not put(str(tree), ("f", "a.cfg", "other\n"))
    assert before == seen(tree)


def test_what_cannot_be_made_whole_is_not_there_at_all(tmp_path):
    path = tmp_path / "again"

    assert not put(str(path), ("d", "bin", "", "f", "bin/x", "text", "l", "y", "bin", "f", "none/z", "text"))
    assert not path.exists()


def test_who_may_read_is_decided_when_it_is_put(tmp_path):
    old = os.umask(0o077)
    try:
        put(str(tmp_path / "again"), ("f", "x", "text"))
    finally:
        os.umask(old)

    assert 0o600 == (tmp_path / "again" / "x").stat().st_mode & 0o777
