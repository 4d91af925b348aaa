"""What only a process of its own shows: streams, signals, a terminal, and what is imported."""

import os
import signal
import subprocess
import sys
import time

import pytest

from lab.faults import Fault
from lab.registries.simple import public
from lab.wheels import wheel

pty = pytest.importorskip("pty")  # Windows has none
PROGRAM = (sys.executable, "-m", "keyrack")
SMALL = wheel("small", "1.0")
BIG = wheel("big", "1.0", files={"big/data.bin": bytes(range(256)) * 8000}, compress=False, requires=["small"])


@pytest.fixture
def surroundings(run):
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return {**run.variables, **kept, "TERM": "xterm"}


def started(words, surroundings, **streams):
    pipe = subprocess.PIPE
    return subprocess.Popen(
        (*PROGRAM, *words), env=surroundings, text=True, **{"stdout": pipe, "stderr": pipe, **streams}
    )


def on_a_terminal(words, surroundings):
    """Run on a terminal of its own; give the exit code and all that was written there."""
    here, there = pty.openpty()
    process = started(words, surroundings, stdin=there, stdout=there, stderr=there)
    os.close(there)
    written = b""
    while True:
        try:
            piece = os.read(here, 65536)
        except OSError:  # Linux' way to say that the other end is closed
            piece = b""
        if not piece:
            os.close(here)
            return process.wait(), written.decode()
        written += piece


def test_the_version_is_ours_and_the_one_of_uv_that_is_spoken():
    printed = subprocess.run((*PROGRAM, "--version"), capture_output=True, text=True, check=True)

    name, version, *spoken = printed.stdout.split()
    assert ("keyrack", ["(speaks", "uv", "0.13.9)"], "") == (name, spoken, printed.stderr)
    assert version[0].isdigit()


def test_modules_beside_the_script_are_not_imported(surroundings, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "csv.py").write_text("raise SystemExit('taken in')")
    (tmp_path / "bin" / "msgspec.py").write_text("raise SystemExit('taken in')")
    script = tmp_path / "bin" / "keyrack"
    script.write_text("import sys\nfrom keyrack.cli.main import main\nsys.exit(main())\n")

    printed = subprocess.run((sys.executable, script, "pip", "list"), env=surroundings, capture_output=True, text=True)

    assert (0, False) == (printed.returncode, "taken in" in printed.stderr)


def test_a_reader_that_goes_away_is_no_error(surroundings):
    process = started(("pip", "install", "--help"), surroundings)
    process.stdout.close()

    assert "" == process.stderr.read()
    process.stderr.close()
    assert 141 == process.wait()


def test_a_directory_is_entered_first(surroundings, tmp_path):
    (tmp_path / "inner").mkdir()
    process = started(("cache", "dir", "--directory", "inner", "--cache-dir", "c"), surroundings, cwd=tmp_path)

    assert (f"{tmp_path}/inner/c\n", "") == process.communicate()


def test_a_directory_that_is_not_there_is_an_error(surroundings):
    process = started(("cache", "dir", "--directory", "nope"), surroundings)

    assert ("", "error: No such file or directory (os error 2)\n") == process.communicate()
    assert 2 == process.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("slow", ["*.whl", "*/small/*"])
def test_a_run_that_is_asked_to_end_does_so_at_once_and_leaves_the_environment_as_it_was(
    surroundings, run, slow, number
):
    with public(BIG, SMALL) as index:
        process = downloading(index, slow, surroundings)

        process.send_signal(number)
        before = time.monotonic()
        out, err = process.communicate(timeout=30)

    assert (128 + number, "") == (process.returncode, out)
    assert "Traceback" not in err
    assert time.monotonic() - before < 10
    assert "" == run("pip", "freeze").out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_without_a_cache_leaves_nothing_behind_when_it_is_asked_to_end(surroundings, tmp_path, number):
    (tmp_path / "temporary").mkdir()
    with public(BIG, SMALL) as index:
        process = downloading(
            index, "*.whl", {**surroundings, "TMPDIR": str(tmp_path / "temporary"), "UV_NO_CACHE": "1"}
        )

        process.send_signal(number)
        process.communicate(timeout=30)

    assert [] == list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_run_that_was_ended_leaves_in_the_cache_is_pruned(surroundings, run, number):
    with public(BIG, SMALL) as index:
        process = downloading(index, "*.whl", surroundings)

        process.send_signal(number)
        process.communicate(timeout=30)

    assert 0 == run("cache", "prune").code
    left = [path for path in (run.folder / "cache" / "wheels-v1").rglob("*") if path.name.startswith(".")]
    assert [] == left
    assert not (run.folder / "cache" / "tmp").exists()


def test_signals_that_are_ignored_from_the_start_end_nothing(surroundings):
    with public(BIG, SMALL) as index:
        index.fault(Fault(pattern="*.whl", drip=(500_000, 0.1)))
        words = ("sh", "-c", 'trap "" HUP TERM; exec "$@"', "sh", *PROGRAM, "pip", "install", "big")
        variables = {**surroundings, "UV_DEFAULT_INDEX": index.index_url(), "PATH": os.defpath}
        process = subprocess.Popen(words, env=variables, stderr=subprocess.PIPE, text=True)
        until(lambda: index.requests("*big*"))

        for number in (signal.SIGHUP, signal.SIGTERM):
            process.send_signal(number)
        err = process.communicate(timeout=60)[1]

    assert 0 == process.returncode, err


def downloading(index, slow, surroundings):
    """Start a run, and wait until it waits for a download."""
    index.fault(Fault(pattern=slow, drip=(1000, 0.2)))
    process = started(("pip", "install", "big"), {**surroundings, "UV_DEFAULT_INDEX": index.index_url()})
    until(lambda: len(index.requests("*big*")) + len(index.requests("*small*")) >= 3)
    return process


def test_a_terminal_shows_one_live_line(surroundings):
    with public(BIG, SMALL) as index:
        index.fault(Fault(pattern="*big-1.0*.whl", drip=(400_000, 0.1)))
        variables = {**surroundings, "UV_DEFAULT_INDEX": index.index_url()}
        code, written = on_a_terminal(("pip", "install", "big"), variables)

    drawn = [piece for piece in written.split("\r\x1b[2K") if piece.startswith(("Resolving", "Preparing"))]
    assert 0 == code
    assert any("Preparing packages... (" in line and "MiB big" in line for line in drawn)
    assert "\x1b[32m+\x1b[0m \x1b[1mbig\x1b[0m" in written
    assert "Downloading" not in written


@pytest.mark.parametrize("flag", ["--no-progress", "-q", "-v"])
def test_no_live_line_where_none_is_wanted(surroundings, flag):
    with public(BIG, SMALL) as index:
        variables = {**surroundings, "UV_DEFAULT_INDEX": index.index_url()}
        code, written = on_a_terminal(("pip", "install", "big", flag), variables)

    assert 0 == code
    assert "\x1b[2K" not in written


def test_a_terminal_has_colours_unless_they_are_not_wanted(surroundings):
    words = ("pip", "show", "nope")
    colored = on_a_terminal(words, surroundings)[1]
    plain = [
        on_a_terminal(words, {**surroundings, "NO_COLOR": "1"})[1],
        on_a_terminal((*words, "--color", "never"), surroundings)[1],
        on_a_terminal(words, {**surroundings, "TERM": "dumb"})[1],
    ]

    assert "\x1b[1;33mwarning\x1b[0m" in colored
    assert [False, False, False] == ["\x1b" in each for each in plain]


@pytest.mark.parametrize(("name", "value"), [("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")])
def test_colours_can_be_had_without_a_terminal(surroundings, name, value):
    process = started(("pip", "show", "nope"), {**surroundings, name: value})

    assert "\x1b[1;33mwarning\x1b[0m" in process.communicate()[1]


def until(done):
    """Wait for something that happens in another process."""
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        os.sched_yield()
