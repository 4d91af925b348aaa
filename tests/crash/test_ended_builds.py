"""The real program, ended while it builds: nothing that it has started may go on, and nothing of it stays."""

import os
import select
import signal
import subprocess
import sys

import pytest

from lab.sdists import sdist

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
HANGING = """
import os, subprocess

def build_wheel(*_more):
    pipe = os.open({pipe!r}, os.O_WRONLY)
    subprocess.Popen(["sleep", "120"], pass_fds=[pipe])
    os.write(pipe, b"begun\\n")
    subprocess.run(["sleep", "120"], pass_fds=[pipe])
"""


def heard(pipe):
    """Give what comes next: b"" where nobody holds the pipe any more, None where nothing comes for a minute."""
    ready, _, _ = select.select([pipe], [], [], 60)
    return os.read(pipe, 100) if ready else None


@pytest.fixture
def held(tmp_path):
    """A pipe that a build and all that it has started hold open: it ends when the last of them has."""
    path = str(tmp_path / "held")
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    made = sdist("hanging", "1.0", extra_members={"backend.py": HANGING.format(pipe=path)})
    (tmp_path / made.filename).write_bytes(made.body)
    yield pipe
    os.close(pipe)


@pytest.fixture
def building(tmp_path, held):
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    variables = {
        **kept,
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_NO_SYSTEM_CONFIG": "1",
    }
    words = ("pip", "install", "--python", sys.executable, "--target", "here", "--no-index", "./hanging-1.0.tar.gz")
    with subprocess.Popen(
        (sys.executable, "-m", "keyrack", *words), cwd=tmp_path, env=variables, stderr=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_a_build_that_is_interrupted_ends_with_all_that_it_has_started(building, held, tmp_path, number, expected):
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("this signal is ignored where the tests run")
    heard(held)

    building.send_signal(number)

    assert (b"", expected) == (heard(held), building.wait(60))
    assert ([], []) == (os.listdir(tmp_path / "cache" / "tmp"), [*tmp_path.glob("here/hanging*")])


def test_a_build_ends_with_us_when_we_are_killed(building, held):
    heard(held)

    building.kill()

    assert b"" == heard(held)
