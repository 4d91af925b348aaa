import os
import sys

import pytest

from keyrack.adapters.interpreters import query
from keyrack.adapters.processes import run_text
from keyrack.formats.pyvenv_cfg import parse_pyvenv_cfg
from keyrack.operations.pythons import NoPython, Pythons
from keyrack.operations.venvs import VenvOptions, VenvRequest, create, seeds
from lab.pythons import a_python

BASE = query(query(sys.executable, run_text).base_executable, run_text)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "proj").mkdir()
    return tmp_path / "proj"


def make(folder, **words):
    around = {"PATH": os.path.dirname(BASE.executable), "XDG_CONFIG_HOME": str(folder / "none")}
    said = []
    request = VenvRequest(**{"path": ".venv", "python": BASE.executable, **words})
    outcome = create(request, Pythons(around, str(folder), run_text), said.append)
    return outcome, said


def prompt(folder, path):
    return parse_pyvenv_cfg((folder / path / "pyvenv.cfg").read_text()).get("prompt")


def test_it_says_what_it_does(folder):
    assert [
        f"Using CPython {BASE.version} interpreter at: {BASE.executable}",
        "Creating virtual environment at: .venv",
    ] == make(folder)[1]


def test_seeds_are_announced(folder):
    assert "Creating virtual environment with seed packages at: env" == make(folder, path="env", is_seeded=True)[1][-1]


def test_the_outcome_names_the_environment(folder):
    outcome = make(folder, path="env")[0]

    assert ("env", str(folder / "env/bin/python"), BASE.version) == (
        outcome.path,
        outcome.executable,
        outcome.base.version,
    )


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        (".venv", VenvOptions(), "proj"),
        ("./.venv/", VenvOptions(), "proj"),
        ("env", VenvOptions(), None),
        ("env", VenvOptions(prompt="."), "proj"),
        (".venv", VenvOptions(prompt="mine"), "mine"),
    ],
)
def test_the_usual_environment_is_called_as_its_folder(folder, path, options, expected):
    make(folder, path=path, options=options)

    assert expected == prompt(folder, path)


def test_an_environment_is_made_from_the_python_behind_another(folder):
    first, _ = make(folder, path="first")

    _, said = make(folder, path="second", python="first")

    assert f"Using CPython {BASE.version} interpreter at: {BASE.base_executable}" == said[0]
    assert f"home = {os.path.dirname(BASE.base_executable)}" in (folder / "second/pyvenv.cfg").read_text()
    assert first.base.version == BASE.version


def test_files_say_which_python_is_wanted(folder):
    (folder / ".python-version").write_text("3.99")

    with pytest.raises(NoPython) as caught:
        make(folder, python=None)

    assert "No interpreter found for Python 3.99 in search path" == caught.value.message


def test_a_python_that_the_project_is_not_for_earns_a_warning(folder):
    (folder / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.99"')

    _, said = make(folder)

    assert [False, True, False] == [line.startswith("warning: ") for line in said]


def test_a_version_file_that_cannot_be_read_earns_a_warning(folder):
    (folder / ".python-version").write_text("junk")

    _, said = make(folder, python=None)

    assert f"warning: Ignoring unsupported Python request `junk` in version file: {folder}/.python-version" == said[0]


def test_a_project_may_be_left_out(folder):
    (folder / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.99"')

    _, said = make(folder, with_project=False)

    assert [] == [line for line in said if line.startswith("warning: ")]


@pytest.mark.parametrize(
    ("version", "expected"), [("3.11.9", ("pip", "setuptools", "wheel")), ("3.12.0", ("pip",)), ("3.13.0", ("pip",))]
)
def test_older_pythons_get_more_seeds(version, expected):
    assert expected == seeds(a_python(version))
