import tomllib

import pytest

from keyrack.formats.project_template import (
    Backend,
    NewProject,
    project_files,
    pyproject_text,
    script_block,
    script_text,
)
from keyrack.formats.script_block import parse_script

PLAIN = NewProject("my-app", ">=3.11")


def project(**changes):
    return NewProject(**{"name": "my-app", "requires_python": ">=3.11", "backend": Backend.HATCH, **changes})


def test_an_application_that_is_no_package_has_a_main_module():
    assert ["README.md", "main.py"] == list(project_files(PLAIN))
    assert "build-system" not in pyproject_text(PLAIN)


@pytest.mark.parametrize("backend", list(Backend))
@pytest.mark.parametrize("is_library", [False, True])
def test_every_backend_has_its_files(backend, is_library):
    made = project(backend=backend, is_library=is_library)

    files, text = project_files(made), tomllib.loads(pyproject_text(made))

    assert {"README.md", "src/my_app/__init__.py"} <= set(files)
    assert is_library == ("src/my_app/py.typed" in files)
    assert is_library == ("scripts" not in text["project"])
    assert text["build-system"]["requires"]
    compile(files["src/my_app/__init__.py"], "__init__.py", "exec")
    tomllib.loads(files.get("Cargo.toml", ""))


def test_a_bare_project_is_its_pyproject_alone():
    made = project(is_bare=True, author=("A", ""))

    assert {} == project_files(made)
    assert {
        "name": "my-app",
        "version": "0.1.0",
        "authors": [{"name": "A"}],
        "requires-python": ">=3.11",
        "dependencies": [],
    } == tomllib.loads(pyproject_text(made))["project"]


def test_a_description_may_hold_quotes():
    assert "'Some \"d\"'" in pyproject_text(project(description='Some "d"'))


def test_a_project_can_do_without_description_and_readme():
    made = project(description=None, has_readme=False)

    assert {"name", "version", "requires-python", "dependencies", "scripts"} == set(
        tomllib.loads(pyproject_text(made))["project"]
    )
    assert "README.md" not in project_files(made)


def test_a_module_does_not_begin_with_a_digit():
    made = project(name="1bad", backend=Backend.UV)

    assert "src/_1bad/__init__.py" in project_files(made)
    assert "_1bad" == tomllib.loads(pyproject_text(made))["tool"]["uv"]["build-backend"]["module-name"]
    assert "tool" not in tomllib.loads(pyproject_text(project(name="1bad", backend=Backend.UV, is_bare=True)))


def test_a_script_requires_nothing_yet():
    text = script_text("a.py", ">=3.9")

    assert text.startswith(script_block(">=3.9"))
    assert () == parse_script(text, "a.py", "/").requirements
    compile(text, "a.py", "exec")
