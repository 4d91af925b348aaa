"""The real program, ended by signals at random moments while it changes an environment.

With KEYRACK_TEST_KILLS=50 each kind of change is killed 50 times.
"""

import os
import random
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

from keyrack.adapters.recovery import recover
from keyrack.adapters.removal import Ownership
from keyrack.adapters.site_packages import installed
from keyrack.adapters.unfinished import PREFIX
from lab.wheels import wheel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
TIMES = int(os.environ.get("KEYRACK_TEST_KILLS", "2"))
MANY = range(300)
WHEELS = (
    wheel("big", "1.0", files={f"big/a{at % 9}/m{at}.py": "1" for at in MANY}, console={"big": "big:main"}),
    wheel("big", "2.0", files={f"big/a{at % 7}/m{at}.py": "2" for at in MANY}, console={"big": "big:main"}),
)
ROUND = {
    "install": ("none", "1.0", ("install", "--no-index", "big-1.0-py3-none-any.whl")),
    "upgrade": ("1.0", "2.0", ("install", "--no-index", "big-2.0-py3-none-any.whl")),
    "uninstall": ("2.0", "none", ("uninstall", "big")),
}
"""For each kind of change: what is there before and after, and the words."""


class House:
    """A real environment that goes round: nothing, 1.0, 2.0, nothing."""

    def __init__(self, folder):
        self.folder = folder
        self.env = folder / "v"
        venv.create(self.env, symlinks=True)
        self.site = next((self.env / "lib").glob("python3*")) / "site-packages"
        for one in WHEELS:
            (folder / one.filename).write_bytes(one.body)
        kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
        self.variables = {
            **kept,
            "HOME": str(folder),
            "PATH": "",
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_NO_SYSTEM_CONFIG": "1",
            "VIRTUAL_ENV": str(self.env),
        }
        self.known = {"none": self.tree()}
        self.took = {}
        for role, (_, after, _) in ROUND.items():
            with self.start(role) as process:
                self.until_it_writes(process)
                began = time.monotonic()
                said = process.stderr.read()
            assert 0 == process.returncode, said
            self.took[role] = time.monotonic() - began
            self.known.setdefault(after, self.tree())

    def start(self, role):
        words = (sys.executable, "-m", "keyrack", "pip", *ROUND[role][2])
        return subprocess.Popen(words, cwd=self.folder, env=self.variables, stderr=subprocess.PIPE, text=True)

    def end(self, role):
        """Run to the end; say how it ended."""
        process = self.start(role)
        _, err = process.communicate(timeout=60)
        return process.returncode, err

    def work(self):
        return [name for name in os.listdir(self.site) if name.startswith(PREFIX)]

    def until_it_writes(self, process):
        while not self.work() and process.poll() is None:
            os.sched_yield()

    def interrupt(self, role, number):
        """Send a signal at a random moment of the writing; give how it ended, and the seconds until then."""
        process = self.start(role)
        self.until_it_writes(process)
        end = time.monotonic() + random.random() * self.took[role] * 0.8
        while time.monotonic() < end:
            os.sched_yield()
        process.send_signal(number)
        sent = time.monotonic()
        _, err = process.communicate(timeout=60)
        return process.returncode, err, time.monotonic() - sent

    def tree(self):
        found = {}
        for place in (self.site, self.env / "bin"):
            for folder, _, names in os.walk(place):
                for name in names:
                    path = Path(folder, name)
                    found[str(path.relative_to(self.env))] = path.read_bytes()
        return found

    def state(self):
        tree = self.tree()
        return [name for name, known in self.known.items() if known == tree]

    def not_whole(self):
        ownership = Ownership((str(self.env),))
        ones = installed([str(self.site)])
        return [path for one in ones for path in ownership.listed(one) if not os.path.lexists(path)]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return House(tmp_path_factory.mktemp("house"))


@pytest.mark.parametrize("turn", range(TIMES))
def test_killed_while_it_writes_the_old_or_the_new_is_there_and_the_next_run_is_clean(house, turn):
    for role, (before, after, _) in ROUND.items():
        house.interrupt(role, signal.SIGKILL)

        assert [] == house.not_whole()
        if turn % 2:
            recover(str(house.site))
            assert house.state() in ([before], [after])
        code, err = house.end(role)

        assert (0, [after], []) == (code, house.state(), house.work()), err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_while_it_writes_the_old_or_the_new_is_there_at_once(house, number):
    for role, (before, after, _) in ROUND.items():
        code, err, seconds = house.interrupt(role, number)

        expected = {"left as it was": [before], "had been changed": [after]}
        found = [state for words, state in expected.items() if words in err] or [[after]]
        assert (found[0], []) == (house.state(), house.work()), err
        assert code in ({128 + number} if "Interrupted" in err else {0, 128 + number, -number}), err
        assert "Traceback" not in err
        assert seconds < 1.5
        assert 0 == house.end(role)[0]
