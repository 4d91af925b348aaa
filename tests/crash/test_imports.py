"""Nothing is imported once a change has begun: keyrack may be what is replaced, and a new file may be anybody's."""

import json
import os
import shutil
import subprocess
import sys
import venv

import pytest

from lab.wheels import wheel

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")

OLD = wheel(
    "lib-a",
    "1.0",
    files={"lib_a/__init__.py": "1", "lib_a/gone.py": "", "lib_a-1.0.data/data/share/a": "1"},
    console={"run-a": "lib_a:main"},
)
NEW = wheel(
    "lib-a",
    "2.0",
    files={"lib_a/__init__.py": "2", "lib_a-2.0.data/scripts/b": "#!python\n"},
    console={"run-a": "lib_a:main"},
    requires=["not-there"],
)
OTHER = wheel("lib-b", "1.0", files={"lib_b.py": "", "lib_b_sub/x.py": "", "lib_a/shared.py": "b"})
WORDS = {
    "install": ((), ("install", "--no-index", "--no-deps", OLD.filename, OTHER.filename)),
    "upgrade": ((OLD,), ("install", "--no-index", "--no-deps", NEW.filename, OTHER.filename)),
    "reinstall": ((OLD,), ("install", "--no-index", "--reinstall", OLD.filename)),
    "strictly": ((OLD,), ("install", "--no-index", "--no-deps", "--strict", NEW.filename)),
    "compiled": ((), ("install", "--no-index", "--compile-bytecode", OLD.filename)),
    "as JSON": ((OLD,), ("install", "--no-index", "--no-deps", "--output-format", "json", NEW.filename)),
    "loudly": ((OLD,), ("install", "--no-index", "--no-deps", "-v", "--color", "always", NEW.filename)),
    "without a cache": ((), ("install", "--no-index", "--no-cache", OLD.filename)),
    "uninstall": ((OLD, OTHER), ("uninstall", "lib-a", "lib-b")),
}
"""For each kind of change: what is there before, and the words."""
AT_ONE = ("no space", "not allowed", "interrupt", "a fault of ours")
"""How one operation of a change can end it."""
AT_EACH = ("other disk", "no links")
"""What all operations of a kind can meet."""
FOREIGN = 'lib_a/__init__.py,,\n"lib_c-1.0.dist-info/a ""b"", c",,\nlib_c-1.0.dist-info/RECORD,,\n'
"""A RECORD that takes a reader of CSV, of a distribution that lists a file of ours."""
SCRIPT = r"""
import errno, json, os, signal, sys
from keyrack.cli.main import main

plan = json.loads(sys.argv[1])
words = ["pip", *plan["words"]]
CHANGES = {"os.link": 1, "os.mkdir": 0, "os.remove": 0, "os.rename": 0, "os.rmdir": 0, "os.symlink": 1}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
state = {"writing": False, "changes": 0, "late": []}


def hear(event, args):
    if event == "import" and state["writing"]:
        state["late"].append(args[0])
    place = 0 if event == "open" and (args[2] or 0) & WRITING else CHANGES.get(event)
    if place is None or not isinstance(args[place], str):
        return
    if not args[place].startswith(os.environ["VIRTUAL_ENV"]) or args[place].endswith("/.lock"):
        return
    state["writing"] = True
    state["changes"] += 1
    if plan["ending"] == "no links" and event == "os.link":
        raise OSError(errno.EPERM, "Operation not permitted")
    if plan["ending"] == "other disk" and event == "os.rename":
        raise OSError(errno.EXDEV, "Invalid cross-device link")
    if state["changes"] == plan["at"]:
        end(plan["ending"])


def end(how):
    if how == "no space":
        raise OSError(errno.ENOSPC, "No space left on device")
    if how == "not allowed":
        raise PermissionError(errno.EACCES, "Permission denied")
    if how == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if how == "killed":
        os._exit(137)
    if how == "a fault of ours":
        raise ValueError("unforeseen")


def tell():
    os.write(plan["pipe"], json.dumps(state).encode())


sys.addaudithook(hear)
leave = os._exit
os._exit = lambda code: (tell(), leave(code))
sys.argv = ["keyrack", *words]
code = main()
tell()
leave(code)
"""


class Runs:
    """Runs the program on fresh environments below a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}
        venv.create(folder / "empty", symlinks=True)
        for one in (OLD, NEW, OTHER):
            (folder / one.filename).write_bytes(one.body)

    def run(self, role, ending="", at=0, *, fresh=True):
        """Run the program; give how many changes it made, and what it imported meanwhile."""
        before, words = WORDS[role]
        if fresh:
            self.fresh(before)
        return self._start(words, ending, at)

    def fresh(self, before):
        place = self.folder / "v"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.made.get(before, self.folder / "empty"), place, symlinks=True)
        if before in self.made:
            return
        site = next((place / "lib").glob("python3*")) / "site-packages"
        (site / "lib_c-1.0.dist-info").mkdir()
        (site / "lib_c-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: lib-c\nVersion: 1.0\n")
        (site / "lib_c-1.0.dist-info" / "RECORD").write_text(FOREIGN)
        if before:
            words = ["install", "--no-index", "--no-deps", *(one.filename for one in before)]
            assert 0 == self._start(words, "", 0)["code"]
        self.made[before] = self.folder / f"with-{len(self.made)}"
        shutil.copytree(place, self.made[before], symlinks=True)

    def _start(self, words, ending, at):
        reading, writing = os.pipe()
        plan = json.dumps({"words": words, "ending": ending, "at": at, "pipe": writing})
        variables = {
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            "HOME": str(self.folder),
            "PATH": "",
            "PYTHONDONTWRITEBYTECODE": "1",
            "UV_CACHE_DIR": str(self.folder / "cache"),
            "UV_LINK_MODE": "hardlink",
            "UV_NO_SYSTEM_CONFIG": "1",
            "VIRTUAL_ENV": str(self.folder / "v"),
        }
        command = (sys.executable, "-c", SCRIPT, plan)
        done = subprocess.run(
            command, cwd=self.folder, env=variables, pass_fds=(writing,), capture_output=True, text=True
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        assert told, done.stderr
        return {**json.loads(told), "said": done.stderr, "code": done.returncode}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return Runs(tmp_path_factory.mktemp("imports"))


@pytest.mark.parametrize("role", WORDS)
def test_a_change_that_goes_well_imports_nothing_after_its_first_write(runs, role):
    told = runs.run(role)

    assert (0, []) == (told["code"], told["late"]), told["said"]


@pytest.mark.parametrize("role", ["install", "upgrade", "uninstall"])
def test_a_change_that_fails_imports_nothing_after_its_first_write(runs, role):
    changes = runs.run(role)["changes"]
    plans = [(ending, at) for ending in AT_ONE for at in (3, changes // 2, changes - 4)]

    late = {plan: runs.run(role, *plan)["late"] for plan in (*plans, *((ending, 0) for ending in AT_EACH))}

    assert {plan: [] for plan in late} == late


def test_putting_right_what_a_killed_run_left_comes_after_all_imports(runs):
    killed = runs.run("upgrade", "killed", 20)

    told = runs.run("upgrade", fresh=False)

    assert (137, 0, []) == (killed["code"], told["code"], told["late"]), told["said"]
