"""A body while it is received."""

import hashlib
import os

import pytest

from keyrack.adapters.spool import IN_MEMORY, Spool
from keyrack.values.artifact import Digest

sizes = pytest.mark.parametrize("body", [b"", b"abcdef", (IN_MEMORY + 7) * b"x" + b"end"])


def fill(spool, body):
    for start in range(0, len(body), 300_000):
        spool.write(body[start : start + 300_000])


@sizes
def test_what_came_can_be_read_at_any_place(tmp_path, body):
    with Spool(str(tmp_path)) as spool:
        fill(spool, body)

        assert (len(body), body, body[-3:]) == (
            spool.size,
            spool.read(0, len(body)),
            spool.read(len(body) - 3, len(body) + 9),
        ) or not body


@sizes
def test_what_came_is_hashed_on_the_way(tmp_path, body):
    with Spool(str(tmp_path), ("sha256", "md5")) as spool:
        fill(spool, body)

        expected = (Digest("sha256", hashlib.sha256(body).hexdigest()), Digest("md5", hashlib.md5(body).hexdigest()))
        assert expected == spool.digests()


@sizes
def test_what_came_can_be_had_as_a_file(tmp_path, body):
    with Spool(str(tmp_path)) as spool:
        fill(spool, body)
        path = spool.save()

        with open(path, "rb") as file:
            assert body == file.read()


@sizes
def test_a_body_that_starts_anew_forgets_all_before(tmp_path, body):
    with Spool(str(tmp_path)) as spool:
        fill(spool, body)
        spool.restart()
        spool.write(b"new")

        assert (3, b"new", hashlib.sha256(b"new").hexdigest()) == (
            spool.size,
            spool.read(0, 9),
            spool.digests()[0].value,
        )


@sizes
def test_reading_does_not_disturb_what_still_comes(tmp_path, body):
    with Spool(str(tmp_path)) as spool:
        fill(spool, body)
        spool.read(0, 1)
        spool.write(b"more")

        assert b"more" == spool.read(len(body), len(body) + 4)


def test_a_small_body_makes_no_file(tmp_path):
    with Spool(str(tmp_path)) as spool:
        spool.write(b"small")

        assert [] == os.listdir(tmp_path)


def test_the_file_goes_away_with_the_spool(tmp_path):
    with Spool(str(tmp_path)) as spool:
        spool.save()

    assert [] == os.listdir(tmp_path)


def test_a_file_that_somebody_moved_is_not_missed(tmp_path):
    with Spool(str(tmp_path)) as spool:
        os.rename(spool.save(), tmp_path / "moved")

    assert ["moved"] == os.listdir(tmp_path)


def test_bytes_can_come_after_the_file_was_made(tmp_path):
    with Spool(str(tmp_path)) as spool:
        spool.write(b"one")
        spool.save()
        spool.write(b"two")

        with open(spool.save(), "rb") as file:
            assert b"onetwo" == file.read()


def test_the_folder_is_made_with_the_file(tmp_path):
    with Spool(str(tmp_path / "cache" / "tmp")) as spool:
        path = spool.save()

    assert str(tmp_path / "cache" / "tmp") == os.path.dirname(path)
