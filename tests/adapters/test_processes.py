import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from keyrack.adapters.processes import Children, Outcome, Program, run, run_attached, run_text


def python(code: str, **more) -> Program:
    return Program((sys.executable, "-IS", "-c", code), **more)


def test_a_program_says_what_it_has_to_say_and_how_it_ended():
    outcome = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"))

    assert (3, ["out"], ["err"]) == (outcome.code, outcome.stdout.decode().split(), outcome.stderr.decode().split())


def test_its_input_is_what_it_is_given():
    outcome = run(python("import sys; print(sys.stdin.read()[::-1])", stdin=b"abc"))

    assert b"cba" == outcome.stdout.strip()


def test_without_input_it_reads_nothing():
    assert b"''" == run(python("import sys; print(repr(sys.stdin.read()))")).stdout.strip()


def test_its_environment_is_the_one_that_it_is_given():
    code = "import os; print(os.environ.get('KEYRACK_A'), os.environ.get('HOME'))"

    assert b"1 None" == run(python(code, environment={"KEYRACK_A": "1"})).stdout.strip()


def test_it_runs_in_the_folder_that_it_is_given(tmp_path):
    outcome = run(python("import os; print(os.getcwd())", folder=str(tmp_path)))

    assert str(tmp_path.resolve()) == outcome.stdout.decode().strip()


def test_a_program_that_is_not_there_is_an_os_error():
    with pytest.raises(OSError, match="keyrack-no-such-program"):
        run(Program(("keyrack-no-such-program",)))


def test_a_program_that_takes_too_long_is_ended():
    with pytest.raises(TimeoutError, match=r"took more than 0\.2 seconds"):
        run(python("import time; time.sleep(60)", stdin=b"x", timeout=0.2))


def test_a_program_that_is_ended_leaves_no_child_behind(tmp_path):
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(TimeoutError):
        run(python(code, timeout=1.0))

    pid = (tmp_path / "pid").read_text()

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_an_interruption_ends_the_program_too():
    ours = threading.main_thread().ident

    def interrupt():
        signal.pthread_kill(ours, signal.SIGINT)

    timer = threading.Timer(0.3, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(python("import time; time.sleep(60)"))
    timer.join()


def test_what_a_program_printed_may_be_a_password_and_is_not_shown():
    assert "Outcome(0)" == repr(Outcome(0, b"s3cr3t", b"s3cr3t"))


def test_text_comes_back_as_text():
    assert (1, "ä\n", "no\n") == run_text(
        (sys.executable, "-ISXutf8", "-c", "import sys; print('ä'); print('no', file=sys.stderr); sys.exit(1)")
    )


def test_bytes_that_are_no_text_are_marked():
    code = "import sys; sys.stdout.buffer.write(bytes([255]))"

    assert "\ufffd" == run_text((sys.executable, "-IS", "-c", code))[1]


def test_something_else_is_done_while_a_program_runs(tmp_path):
    there = tmp_path / "there"
    program = f"import os, time\nwhile not os.path.exists({str(there)!r}): time.sleep(0.01)\nprint('seen')"

    assert (0, "seen\n", "") == run_text((sys.executable, "-c", program), meanwhile=there.touch)


def heard(pipe):
    """Give what comes next: b"" where nobody holds the pipe any more, None where nothing comes for a minute."""
    ready, _, _ = select.select([pipe], [], [], 60)
    return os.read(pipe, 100) if ready else None


@pytest.fixture
def held(tmp_path):
    """A pipe that all processes of a script hold open, and its path: it ends when the last of them has."""
    path = tmp_path / "held"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield path, pipe
    os.close(pipe)


def holding(path):
    return ("sh", "-c", f"exec 3>{path}; sleep 120 & echo begun >&3; wait")


def test_a_child_says_what_it_has_to_say():
    children = Children()

    outcome = children.run(python("import sys; print(1); sys.exit(3)"))
    children.end()

    assert (3, b"1\n") == (outcome.code, outcome.stdout)


def test_a_child_that_cannot_be_started_is_told():
    children = Children()

    with pytest.raises(FileNotFoundError):
        children.run(Program(("/nowhere/at/all",)))
    children.end()


def test_after_the_end_no_child_is_started():
    children = Children()
    children.end()

    with pytest.raises(InterruptedError):
        children.run(python(""))


@pytest.mark.skipif(sys.platform == "win32", reason="has no process groups")
def test_what_a_child_has_started_ends_with_it(held):
    path, pipe = held
    children = Children()
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(children.run, Program(holding(path)))
        heard(pipe)

        children.end()

        assert (b"", -9) == (heard(pipe), job.result(60).code)


@pytest.mark.skipif(sys.platform == "win32", reason="has no process groups")
def test_where_we_are_killed_a_watchman_ends_what_we_started(held):
    path, pipe = held
    ours = f"from keyrack.adapters.processes import *; Children().run(Program({holding(path)!r}))"
    with subprocess.Popen((sys.executable, "-c", ours)) as started:
        heard(pipe)

        started.kill()

        assert b"" == heard(pipe)


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(3)", 3), ("", 0)], ids=["three", "nothing"])
def test_a_program_in_our_place_ends_as_it_ends(code, expected):
    assert expected == run_attached(python(code))


def test_a_program_in_our_place_has_our_streams(capfd):
    run_attached(python("import sys; print('out'); print('err', file=sys.stderr)"))

    assert ("out\n", "err\n") == tuple(capfd.readouterr())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_program_that_a_signal_ends_gives_the_code_of_shells():
    assert 128 + signal.SIGTERM == run_attached(python("import os, signal; os.kill(os.getpid(), signal.SIGTERM)"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGUSR1"])
def test_a_signal_to_us_reaches_the_program_in_our_place(name):
    before = signal.getsignal(getattr(signal, name))
    code = (
        f"import os, signal, sys; signal.signal(signal.{name}, lambda *_: sys.exit(7));"
        f"os.kill(os.getppid(), signal.{name}); signal.pause()"
    )

    assert 7 == run_attached(python(code))
    assert before == signal.getsignal(getattr(signal, name))


def test_a_program_that_is_not_there_cannot_take_our_place():
    with pytest.raises(FileNotFoundError):
        run_attached(Program(("/nowhere/at/all",)))
