"""dev.py: what it says, what it hands through, and what it would install."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def dev():
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python(*words):
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_unknown_word_is_answered_with_the_words_there_are():
    ran = python("dev.py", "tets")

    assert (2, "") == (ran.returncode, ran.stdout)
    assert ran.stderr.startswith("usage: python3 dev.py WORD")


def test_every_word_is_explained(dev):
    assert [] == [word for word in dev.WORDS if f"\n  {word} " not in dev.USAGE]


def test_an_exit_code_passes_through(dev):
    assert 3 == dev.run(sys.executable, "-c", "raise SystemExit(3)")


def test_a_signal_becomes_the_exit_code_of_a_shell(dev):
    assert 128 + signal.SIGTERM == dev.run(sys.executable, "-c", "import os; os.kill(os.getpid(), 15)")


def test_the_first_failure_is_the_answer(dev):
    assert (4, 0) == (dev.first_failure([0, 4, 1]), dev.first_failure([0, 0]))


def test_ctrl_c_waits_for_the_last_words_of_the_program_and_stops():
    program = (
        "import signal\ntry:\n print('up', flush=True)\n signal.pause()\nexcept KeyboardInterrupt:\n print('saved')"
    )
    around = f"import dev, sys; dev.run(sys.executable, '-c', {program!r}); print('went on')"
    words = [sys.executable, "-c", around]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:
        assert "up\n" == child.stdout.readline()

        os.killpg(child.pid, signal.SIGINT)

        assert ("saved\n", 130) == (child.stdout.read(), child.wait())


def test_the_development_tools_are_pinned_and_the_lowest_dependencies_are_their_bounds(dev):
    tools = dev.requirements(lowest=False)
    lowest = dev.requirements(lowest=True)

    assert [] == [wanted for wanted in lowest if "==" not in wanted]
    assert tools == lowest[: len(tools)]
    assert "packaging==26.3" in lowest


def test_an_environment_is_made_anew_for_another_python(dev):
    ours = dev.here()

    assert dev.fingerprint(ours) != dev.fingerprint(ours._replace(version="3.99"))


def test_a_program_that_is_no_python_of_that_version_is_passed_over(dev):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    assert (True, False) == (dev.answers(sys.executable, version), dev.answers(sys.executable, "2.7"))


def test_an_older_python_is_greeted_and_told_what_to_try():
    older = ["python3.8", "python3.9", "python3.10"]
    found = next((name for name in older if shutil.which(name) and works(name)), None)
    if found is None:
        pytest.skip("no Python older than 3.11 on PATH")

    ran = subprocess.run([found, "dev.py", "test"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert 1 == ran.returncode
    assert ran.stderr.startswith("dev.py needs Python 3.11 or newer, and this is 3.")


def works(name):
    return subprocess.run([name, "-c", ""], capture_output=True, check=False).returncode == 0
