"""Runs of `pip compile` against a registry of the lab: is the same asked for again, and what is said then?"""

import io
import os
import shutil
import venv

import pytest

from keyrack.adapters.terminal import Terminal
from keyrack.cli.main import Program
from keyrack.values.volume import Volume
from lab.registries.simple import Manner, public
from lab.wheels import wheel

LIB, MORE = wheel("lib", "1.0", requires=["more"]), wheel("more", "2.0")
FRESH = Manner(max_age=600)


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "v"
    venv.create(folder, symlinks=True)
    return folder


class Compiling:
    """Compiles `requirements.in` in a folder where everything is old."""

    def __init__(self, folder):
        self.folder = folder
        self.url = ""
        self.python = str(folder / "v" / "bin" / "python")
        self.wrote("lib")

    def wrote(self, text, name="requirements.in", *, young=False):
        path = self.folder / name
        path.write_text(text)
        if not young:
            os.utime(path, (10**9, 10**9))

    def __call__(self, *words, file="requirements.in", terminal=False, **variables):
        self.out, self.err = io.StringIO(), io.StringIO()
        self.out.isatty = lambda: terminal
        surrounding = {
            "HOME": str(self.folder),
            "PATH": "",
            "UV_CACHE_DIR": str(self.folder / "cache"),
            "UV_NO_SYSTEM_CONFIG": "1",
            "UV_DEFAULT_INDEX": self.url,
            **variables,
        }

        def open_terminal(given, _variables):
            return Terminal(self.out, self.err, volume=Volume(-given.get("quiet", 0)), colors=(False, False))

        named = ("--python", self.python) if self.python else ()
        command = ("pip", "compile", "--no-header", *named, file, *words)
        code = Program(surrounding, open_terminal, str(self.folder)).run(command)
        assert 0 == code, self.err.getvalue()
        return self.out.getvalue()

    def is_remembered(self):
        """Say whether anything is, for whatever question."""
        place = self.folder / "cache/settled-v1/_"
        return place.is_dir() and any(place.iterdir())


@pytest.fixture
def compiling(tmp_path, empty_environment):
    shutil.copytree(empty_environment, tmp_path / "v", symlinks=True)
    for place in (*tmp_path.rglob("*"), tmp_path):
        os.utime(place, (10**9, 10**9), follow_symlinks=False)
    with public(LIB, MORE, wheel("more", "3.0"), manner=FRESH) as index:
        made = Compiling(tmp_path)
        made.url = index.index_url()
        made.index = index
        made.wrote("lib\nmore<3")
        yield made


def forget_pages(folder):
    """Take away what a real run would need: whoever still answers has remembered."""
    shutil.rmtree(folder / "cache" / "metadata-v1")


def test_the_same_again_is_remembered_word_for_word(compiling):
    first = compiling()
    forget_pages(compiling.folder)
    asked = len(compiling.index.requests())
    second = compiling()

    assert asked == len(compiling.index.requests())
    assert "lib==1.0" in first
    assert first == second
    assert "Resolved 2 packages in" in compiling.err.getvalue()


def test_who_wants_it_quiet_has_it_quiet_again(compiling):
    first = compiling("--quiet")

    assert first == compiling("--quiet")
    assert "" == compiling.err.getvalue()


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        pytest.param(("--output-file", "requirements.txt"), {}, id="into a file"),
        pytest.param(("--quiet", "--quiet"), {}, id="in silence"),
        pytest.param(("--refresh",), {}, id="asked to ask"),
        pytest.param(("--no-cache",), {}, id="without a cache"),
        pytest.param(("--find-links", "."), {}, id="with a folder of files"),
        pytest.param(("--keyring-provider", "subprocess"), {}, id="with a keyring"),
    ],
)
def test_what_may_rest_on_more_is_not_remembered(compiling, words, variables):
    compiling(*words, **variables)

    assert not compiling.is_remembered()


def test_what_was_written_a_moment_ago_is_not_remembered(compiling):
    compiling.wrote("lib", young=True)
    compiling()

    assert not compiling.is_remembered()


def test_a_project_is_not_remembered(compiling):
    compiling.wrote('[project]\nname = "p"\nversion = "1"\ndependencies = ["lib"]\n', "pyproject.toml")
    compiling(file="pyproject.toml")

    assert not compiling.is_remembered()


def test_what_a_server_forbids_to_keep_is_not_remembered(compiling):
    with public(LIB, MORE, manner=Manner(max_age=None)) as index:
        compiling.url = index.index_url()
        compiling()

    assert not compiling.is_remembered()


def test_other_requirements_are_compiled(compiling):
    compiling()
    compiling.wrote("more")

    assert "more==3.0" in compiling()


def test_an_included_file_counts_too(compiling):
    compiling.wrote("-r others.txt")
    compiling.wrote("more<3", "others.txt")
    first = compiling()
    compiling.wrote("more", "others.txt")

    assert "more==2.0" in first
    assert "more==3.0" in compiling()


def test_settings_that_come_later_count(compiling):
    compiling()
    compiling.wrote('constraint-dependencies = ["lib<1"]\n[pip]\nno-deps = true\n', "uv.toml")
    compiling.wrote("more")

    assert "more==3.0" in compiling()


def test_a_page_that_was_fetched_anew_is_read(compiling):
    compiling()
    compiling("--refresh")
    forget_pages(compiling.folder)
    asked = len(compiling.index.requests())
    compiling()

    assert asked < len(compiling.index.requests())


def test_people_see_it_in_colours_and_so_it_is_compiled(compiling):
    first = compiling()

    assert first == compiling(terminal=True)


def test_the_active_environment_needs_no_name(compiling):
    compiling.python = ""
    compiling(VIRTUAL_ENV=str(compiling.folder / "v"))

    assert compiling.is_remembered()
