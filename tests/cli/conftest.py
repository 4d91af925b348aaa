"""A run of the program with everything around it made for the test, and what it printed, without what differs."""

import io
import os
import re
import shutil
import sys
import venv
from textwrap import fill
from typing import NamedTuple

import pytest

from keyrack.adapters.terminal import Terminal
from keyrack.cli.main import Program
from keyrack.values.volume import Volume

PYTHON = "{}.{}.{}".format(*sys.version_info[:3])
WIDTH = 115
FILTERS = (
    (r"\b\d+m \d\ds\b|\b\d+\.\d\ds\b|\b\d+(?:\.\d\d)?ms\b", "[TIME]"),
    (r"(?<=127\.0\.0\.1:)\d+", "[PORT]"),
    (re.escape(PYTHON), "[PYTHON]"),
    (r"lib/python3\.\d+", "lib/python[MINOR]"),
)


class Printed(NamedTuple):
    """How a run ended. Its `str` is what snapshots hold."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


class Runs:
    """Runs the program in a folder of its own, with an environment that holds nothing but what is set here."""

    def __init__(self, folder):
        self.folder = folder
        self.variables = {
            "HOME": str(folder),
            "PATH": "",
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_NO_SYSTEM_CONFIG": "1",
            "VIRTUAL_ENV": str(folder / "v"),
        }

    def __call__(self, *words, color=False, **variables):
        out, err = io.StringIO(), io.StringIO()

        def open_terminal(given, _variables):
            loudness = given.get("verbose", 0) - given.get("quiet", 0)
            return Terminal(out, err, volume=Volume(max(-2, min(2, loudness))), colors=(color, color))

        code = Program({**self.variables, **variables}, open_terminal, str(self.folder)).run(words)
        return Printed(code, self.plain(out.getvalue()), self.plain(err.getvalue()))

    def plain(self, text):
        text = text.replace(str(self.folder), "[FOLDER]")
        for pattern, name in FILTERS:
            text = re.sub(pattern, name, text)
        return "".join(map(folded, text.splitlines(keepends=True)))


def folded(line):
    """Break a line that is too long for a source file; what goes on is marked."""
    if len(line) <= WIDTH:
        return line
    broken = fill(line, WIDTH - 10, subsequent_indent="  ... ", break_long_words=False, break_on_hyphens=False)
    return broken + "\n"


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "v"
    venv.create(folder, symlinks=True)
    return folder


@pytest.fixture
def run(tmp_path, empty_environment):
    shutil.copytree(empty_environment, tmp_path / "v", symlinks=True)
    return Runs(tmp_path)


@pytest.fixture
def installed(run):
    """Put distributions into the environment, and let everything there be old: only then is an answer remembered."""

    def put(*names, requires=""):
        site = next((run.folder / "v" / "lib").glob("python3*")) / "site-packages"
        for name in names:
            place = site / f"{name}-1.0.dist-info"
            place.mkdir()
            (place / "RECORD").write_text("a.py,,\n")
            (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}")
        age(run.folder)
        return site

    return put


def age(folder):
    """Let a folder and all in it look as if nobody had touched it for years."""
    for place in (*folder.rglob("*"), folder):
        os.utime(place, (10**9, 10**9), follow_symlinks=False)
