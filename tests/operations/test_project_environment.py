import os
import sys

import pytest
from packaging.specifiers import SpecifierSet

from keyrack.adapters.interpreters import query
from keyrack.adapters.processes import run_text
from keyrack.operations.project_environment import EnvironmentRequest, UnusableEnvironment, environment_of
from keyrack.operations.pythons import NoPython, Pythons
from keyrack.values.names import package_name
from keyrack.values.workspace import Member, ProjectFacts, Workspace

BASE = query(query(sys.executable, run_text).base_executable, run_text)
USING = f"Using CPython {BASE.version} interpreter at: "


class Place:
    """A project and what is said while its environment is looked for."""

    def __init__(self, root):
        self.root = root
        self.said, self.warned = [], []
        self.variables = {"PATH": os.path.dirname(BASE.executable), "XDG_CONFIG_HOME": str(root), "TMPDIR": str(root)}
        self.requires_python = None

    def environment(self, **words):
        facts = ProjectFacts(package_name("app"), requires_python=self.requires_python)
        member = Member(str(self.root), ".", facts)
        workspace = Workspace(str(self.root), facts, (member,), member)
        pythons = Pythons(self.variables, str(self.root), run_text)
        return environment_of(workspace, EnvironmentRequest(**words), pythons, self.said.append, self.warned.append)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_an_environment_is_made_where_there_is_none(place):
    found = place.environment()

    assert ("create", str(place.root / ".venv")) == (found.action, found.folder)
    assert os.path.isfile(place.root / ".venv" / "pyvenv.cfg")
    assert [line.partition(" at: ")[0] for line in place.said] == [
        f"Using CPython {BASE.version} interpreter",
        "Creating virtual environment",
    ]


def test_the_environment_that_is_there_is_used(place):
    made = place.environment()
    place.said.clear()

    found = place.environment()

    assert ("use", made.interpreter.paths, []) == (found.action, found.interpreter.paths, place.said)


def test_a_dry_run_makes_nothing(place):
    found = place.environment(dry_run=True)

    assert ("create", False) == (found.action, os.path.exists(place.root / ".venv"))
    assert not os.path.exists(found.interpreter.paths.purelib)


def test_an_environment_of_another_python_is_replaced(place):
    place.environment()
    (place.root / ".venv" / "own.txt").write_text("")
    configuration = place.root / ".venv" / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace(BASE.version, "3.1.4"))

    found = place.environment()

    assert ("replace", False) == (found.action, os.path.exists(place.root / ".venv" / "own.txt"))
    assert "Removed virtual environment at: .venv" in place.said


def test_an_environment_that_the_project_is_not_for_any_more_is_replaced(place):
    place.environment()
    configuration = place.root / ".venv" / "pyvenv.cfg"
    place.requires_python = SpecifierSet(f"=={BASE.version}")
    assert "use" == place.environment().action
    configuration.write_text(configuration.read_text().replace(f"version_info = {BASE.version}", "version_info = 3.0"))

    assert "replace" == place.environment().action


def test_a_python_that_the_project_is_not_for_is_refused(place):
    place.requires_python = SpecifierSet("<3")

    with pytest.raises(UnusableEnvironment, match=r"The requested interpreter resolved to Python .* incompatible"):
        place.environment(python=BASE.executable)


def test_a_version_file_that_the_project_is_not_for_is_told(place):
    (place.root / ".python-version").write_text(f"{BASE.version}\n")
    place.requires_python = SpecifierSet("<3")

    with pytest.raises(UnusableEnvironment, match=r"The Python request from `\.python-version` resolved to"):
        place.environment()


def test_a_python_that_is_not_there_is_told(place):
    with pytest.raises(NoPython):
        place.environment(python="3.2")


def test_the_python_that_the_environment_was_made_for_may_be_named_by_its_path(place):
    place.environment()

    assert "use" == place.environment(python=BASE.executable).action


def test_another_python_that_is_named_by_its_path_replaces_the_environment(place):
    place.environment()
    base = place.environment().interpreter.base_executable
    other = place.root / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "python").write_text(f'#!/bin/sh\nexec {base} "$@"\n')
    (other / "bin" / "python").chmod(0o755)
    configuration = place.root / ".venv" / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace(BASE.version, "3.0.0"))

    assert "replace" == place.environment(python=str(other / "bin" / "python")).action


def test_an_environment_whose_python_is_gone_is_replaced_with_a_warning(place):
    place.environment()
    for name in os.listdir(place.root / ".venv" / "bin"):
        if name.startswith("python"):
            (place.root / ".venv" / "bin" / name).unlink()
    (place.root / ".venv" / "bin" / "python").symlink_to("/nowhere/python")

    found = place.environment()

    assert "replace" == found.action
    assert [
        "Ignoring existing virtual environment linked to non-existent Python interpreter: `.venv/bin/python` ->"
        " `/nowhere/python`"
    ] == place.warned


def test_an_environment_that_does_not_run_is_replaced(place):
    bin_folder = place.root / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (place.root / ".venv" / "pyvenv.cfg").write_text("")
    (bin_folder / "python").write_text("#!/bin/sh\nexit 1\n")
    (bin_folder / "python").chmod(0o755)

    assert "replace" == place.environment().action


FOREIGN = {
    "a file": ("", "it is not a directory"),
    "a folder of somebody": ("own.txt", "it is not a valid Python environment"),
    "an installation": ("bin/python", "no `pyvenv.cfg` file was found"),
}


@pytest.mark.parametrize(("name", "words"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_environment_is_left_alone(place, name, words):
    path = place.root / ".venv" / name if name else place.root / ".venv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")

    with pytest.raises(UnusableEnvironment, match=words):
        place.environment()
    assert "mine" == path.read_text()


def test_an_empty_folder_becomes_the_environment(place):
    (place.root / ".venv").mkdir()

    assert "create" == place.environment().action


def test_a_variable_names_the_folder(place):
    place.variables["UV_PROJECT_ENVIRONMENT"] = "envs/own"

    assert str(place.root / "envs" / "own") == place.environment().folder


def test_another_environment_that_is_active_is_ignored_with_a_warning(place):
    place.variables["VIRTUAL_ENV"] = "elsewhere"

    assert str(place.root / ".venv") == place.environment().folder
    assert [
        "`VIRTUAL_ENV=elsewhere` does not match the project environment path `.venv` and will be ignored; use"
        " `--active` to target the active environment instead"
    ] == place.warned


@pytest.mark.parametrize(("active", "folder"), [(True, "elsewhere"), (False, ".venv")], ids=["active", "no active"])
def test_the_active_environment_is_used_where_that_is_said(place, active, folder):
    place.variables["VIRTUAL_ENV"] = "elsewhere"

    assert str(place.root / folder) == place.environment(active=active).folder
    assert [] == place.warned


def test_the_projects_own_environment_may_be_active(place):
    place.variables["VIRTUAL_ENV"] = str(place.root / ".venv")

    place.environment()

    assert [] == place.warned
