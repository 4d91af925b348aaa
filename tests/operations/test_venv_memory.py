"""Runs of `venv` in a folder where everything is old: is the same environment made again, and by whom?"""

import io
import os
import shutil
import sys

import pytest

from keyrack.adapters.terminal import Terminal
from keyrack.cli.main import Program
from keyrack.values.volume import Volume

PYTHON = os.path.realpath(sys.executable)


class Making:
    """Makes `v` in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *words, path="v", python=PYTHON, **variables):
        self.err = io.StringIO()
        surrounding = {
            "HOME": str(self.folder),
            "PATH": "",
            "UV_CACHE_DIR": str(self.folder / "cache"),
            "UV_NO_SYSTEM_CONFIG": "1",
            **variables,
        }

        def open_terminal(given, _variables):
            return Terminal(io.StringIO(), self.err, volume=Volume(-given.get("quiet", 0)), colors=(False, False))

        named = ("--python", python) if python else ()
        self.code = Program(surrounding, open_terminal, str(self.folder)).run(("venv", *named, *words, path))
        return self.err.getvalue()

    def again(self, *words, **variables):
        """Make it anew, at the same place."""
        shutil.rmtree(self.folder / "v")
        return self(*words, **variables)

    def is_remembered(self):
        place = self.folder / "cache/settled-v1/_"
        return place.is_dir() and any(place.iterdir())


def seen(folder):
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in folder.rglob("*")
    }


def wrote(path, text):
    path.write_text(text)
    os.utime(path, (10**9, 10**9))


@pytest.fixture
def making(tmp_path):
    os.utime(tmp_path, (10**9, 10**9))
    return Making(tmp_path)


@pytest.fixture
def made_again(making, tmp_path):
    """Say whether the second environment comes from memory: then nobody asks for the Python again."""

    def ask(*words, **variables):
        making(*words, **variables)
        if not making.is_remembered():
            return False
        shutil.rmtree(tmp_path / "cache" / "interpreters-v1")
        making.again(*words, **variables)
        return not (tmp_path / "cache" / "interpreters-v1").exists()

    return ask


def test_the_same_environment_is_made_from_memory(made_again):
    assert made_again()


def test_it_is_the_same_to_the_last_byte(making, tmp_path):
    first = making()
    before = seen(tmp_path / "v")
    second = making.again()

    assert before == seen(tmp_path / "v")
    assert first == second


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--clear",), id="clear"),
        pytest.param(("--allow-existing",), id="allow-existing"),
        pytest.param(("--quiet",), id="quiet"),
        pytest.param(("--no-cache",), id="no-cache"),
    ],
)
def test_other_words_are_not_remembered(made_again, words):
    assert not made_again(*words)


def test_what_was_written_a_moment_ago_is_not_remembered(making, tmp_path):
    (tmp_path / "uv.toml").write_text("[pip]\n")
    making()

    assert not making.is_remembered()


def test_settings_that_come_later_count(making, tmp_path):
    making()
    wrote(tmp_path / "uv.toml", 'unknown-setting = "x"\n[pip]\nno-deps = 7\n')
    making.again()

    assert 2 == making.code


def test_a_place_that_is_taken_is_refused_as_ever(making, tmp_path):
    making()
    said = making()

    assert 2 == making.code
    assert "already exists" in said


def test_a_python_is_searched_for_again_when_another_one_comes(making, tmp_path):
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "python3").symlink_to(PYTHON)
    for path in (folder, tmp_path):
        os.utime(path, (10**9, 10**9))
    making(python="", PATH=str(folder))
    remembered = making.is_remembered()
    wrote(tmp_path / ".python-version", "2.7\n")
    making.again(python="", PATH=str(folder))

    assert remembered
    assert 2 == making.code
