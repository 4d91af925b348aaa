"""Locks between processes that die with their holder."""

import errno
import os
import subprocess
import sys
import threading

import pytest

from keyrack.adapters.locks import LockTimeout, lock

HOLDER = """
import sys
from keyrack.adapters.locks import lock
with lock(sys.argv[1], shared=sys.argv[2] == "shared"):
    print("held", flush=True)
    sys.stdin.read()
"""


class Holder:
    """Another process that holds a lock until it is told, or killed."""

    def __init__(self, path, kind="exclusive"):
        words = [sys.executable, "-c", HOLDER, path, kind]
        self.program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert "held\n" == self.program.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()
        self.program.stdout.close()
        self.program.stdin.close()


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "folder" / ".lock")


def taken(path, **words):
    """Say whether the lock can be had at once."""
    try:
        with lock(path, timeout=0, **words) as held:
            return held
    except LockTimeout:
        return False


@pytest.mark.parametrize(
    ("first", "second", "free"),
    [
        ("exclusive", "exclusive", False),
        ("exclusive", "shared", False),
        ("shared", "exclusive", False),
        ("shared", "shared", True),
    ],
)
def test_only_those_who_share_hold_a_lock_together(path, first, second, free):
    with Holder(path, first):
        assert free == taken(path, shared=second == "shared")


def test_a_lock_dies_with_its_holder(path):
    with Holder(path) as holder:
        holder.program.kill()
        holder.program.wait()

        assert taken(path)


def test_a_lock_keeps_threads_of_one_process_apart(path):
    with lock(path):
        assert not taken(path)


def test_a_lock_is_free_after_its_block(path):
    with lock(path):
        pass

    assert taken(path)


def test_whoever_waits_says_so_once_and_gets_the_lock(path):
    with Holder(path) as holder:
        waited = []

        def waiting():
            waited.append(True)
            holder.program.stdin.close()

        with lock(path, waiting=waiting) as held:
            assert ([True], True) == (waited, held)


def test_whoever_waits_too_long_is_told_what_to_do(path):
    with Holder(path), pytest.raises(LockTimeout) as late, lock(path, timeout=0.05):
        pass

    assert (
        f"Timeout (0.05s) when waiting for the lock at `{path}`, is another keyrack process running?"
        == late.value.message
    )
    assert ("set `UV_LOCK_TIMEOUT` to more seconds to wait longer",) == late.value.hints


def test_a_lock_whose_file_was_removed_keeps_nobody_out_for_long(path):
    got = []

    def wait():
        with lock(path, waiting=waiting.set) as held:
            got.append((held, os.path.exists(path)))

    waiting = threading.Event()
    thread = threading.Thread(target=wait)
    with lock(path):
        thread.start()
        waiting.wait()
        os.unlink(path)
    thread.join()

    assert [(True, True)] == got


def test_a_folder_that_cannot_be_made_has_no_lock(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()

    with pytest.raises(OSError, match="Not a directory") as refused, lock(str(blocked / "folder" / ".lock")):
        pass

    assert errno.ENOTDIR == refused.value.errno


READ_ONLY = """
import os
from keyrack.adapters.locks import lock
if os.getuid() == 0:
    os.setuid(65534)
for shared in (True, False):
    with lock("folder/.lock", shared=shared, timeout=0) as held:
        print(held)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize(("exists", "held"), [(True, "True"), (False, "False")])
def test_a_place_that_cannot_be_written_is_locked_only_if_it_can_be_read(tmp_path, exists, held):
    folder = tmp_path / "folder"
    folder.mkdir()
    if exists:
        (folder / ".lock").touch()
        (folder / ".lock").chmod(0o444)
    folder.chmod(0o555)
    tmp_path.chmod(0o755)

    words = [sys.executable, "-c", READ_ONLY]
    asked = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ([held, held], "") == (asked.stdout.split(), asked.stderr)
