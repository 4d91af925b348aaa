"""`keyrack run`: what runs writes its words to a file, and its exit code is ours."""

import json
import os
import shutil
import sys

import pytest

from lab.registries.simple import public
from lab.wheels import wheel

A = wheel("a", "1.0", files={"a.py": b"WHO = 'a'\n"})
B = wheel("b", "2.0", files={"b.py": b"WHO = 'b'\n"})
PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.8"
dependencies = ["a"]
"""
TELL = """\
import importlib.util, json, os, sys
found = [name for name in "ab" if importlib.util.find_spec(name)]
told = {"words": sys.argv[1:], "found": found, "prefix": sys.prefix, "set": os.environ.get("SET")}
told["in"] = os.environ.get("VIRTUAL_ENV")
open("told.json", "w").write(json.dumps(told))
sys.exit(7)
"""
BLOCK = """\
# /// script
# dependencies = ["b"]
# ///
"""


@pytest.fixture(scope="module")
def index():
    with public(A, B) as served:
        yield served.index_url()


@pytest.fixture
def project(run, index):
    """A project; the environment that is there already is its own."""
    (run.folder / "pyproject.toml").write_text(PROJECT)
    (run.folder / "tell.py").write_text(TELL)
    shutil.move(run.folder / "v", run.folder / ".venv")
    run.variables |= {"UV_DEFAULT_INDEX": index}
    run.variables.pop("VIRTUAL_ENV")
    return run


def told(run):
    return json.loads((run.folder / "told.json").read_text())


def test_a_script_runs_in_the_environment_with_its_words_and_its_exit_code_is_ours(project):
    said = project("run", "tell.py", "--with", "-x")

    environment = str(project.folder / ".venv")
    assert 7 == said.code
    assert "\nInstalled 1 package in [TIME]\n" in said.err
    assert (project.folder / "uv.lock").exists()
    assert {"words": ["--with", "-x"], "found": ["a"], "prefix": environment, "set": None, "in": environment} == told(
        project
    )


def test_a_module_runs(project):
    assert 7 == project("run", "--no-sync", "-m", "tell", "x").code
    assert ["x"] == told(project)["words"]


def test_without_a_sync_nothing_is_installed_or_locked(project):
    assert 7 == project("run", "--no-sync", "tell.py").code
    assert [] == told(project)["found"]
    assert not (project.folder / "uv.lock").exists()


def test_a_package_may_stand_beside_those_of_the_project(project):
    assert 7 == project("run", "--with", "b", "tell.py").code
    assert ["a", "b"] == told(project)["found"]


def test_a_script_that_says_what_it_requires_has_that_and_nothing_of_the_project(project):
    (project.folder / "tell.py").write_text(BLOCK + TELL)
    project.variables |= {"UV_PYTHON": os.path.realpath(sys.executable)}

    assert 7 == project("run", "tell.py").code
    assert ["b"] == told(project)["found"]
    assert not (project.folder / "uv.lock").exists()


def test_variables_of_a_file_are_set_unless_they_are_already(project):
    (project.folder / "e.env").write_text("SET=by the file\n")

    project("run", "--no-sync", "--env-file", "e.env", "tell.py")
    first = told(project)["set"]
    project("run", "--no-sync", "--env-file", "e.env", "tell.py", SET="before")
    second = told(project)["set"]
    project("run", "--no-sync", "--env-file", "e.env", "--no-env-file", "tell.py")

    assert ("by the file", "before", None) == (first, second, told(project)["set"])


def test_a_file_of_variables_that_is_missing_is_told(project):
    said = project("run", "--env-file", "e.env", "tell.py")

    assert (2, "error: No environment file found at: `e.env`\n") == (said.code, said.err)


def test_python_is_the_one_of_the_environment(project):
    assert 7 == project("run", "--no-sync", "--", "python", "tell.py").code
    assert str(project.folder / ".venv") == told(project)["prefix"]


def test_a_command_that_is_not_there_is_told(project):
    said = project("run", "--no-sync", "none-such", "x")

    assert (2, "error: Failed to spawn: `none-such`\n  cause: No such file or directory (os error 2)\n") == (
        said.code,
        said.err,
    )


def test_a_command_that_a_signal_ends_ends_us_with_its_code(project):
    assert 128 + 15 == project("run", "--no-sync", "--", "/bin/sh", "-c", "kill -TERM $$").code


def test_without_a_command_what_could_be_run_is_listed(project):
    said = project("run", "--no-sync")

    assert 2 == said.code
    assert "\n- python\n" in said.out


def test_outside_of_a_project_the_environment_around_is_taken(project):
    assert 7 == project("run", "--no-project", "tell.py").code
    assert [] == told(project)["found"]

    (project.folder / "pyproject.toml").unlink()
    assert 7 == project("run", "tell.py").code
    assert str(project.folder / ".venv") == told(project)["prefix"]


def test_a_run_that_runs_itself_ends(project):
    said = project("run", "--no-sync", "tell.py", UV_RUN_RECURSION_DEPTH="100")

    assert 2 == said.code
    assert "`keyrack run` was recursively invoked 101 times which exceeds the limit of 100" in said.err


def test_what_is_not_there_yet_is_told(project):
    assert "`keyrack run --isolated` is not supported yet" in project("run", "--isolated", "tell.py").err
