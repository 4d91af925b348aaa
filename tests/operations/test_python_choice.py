import pytest

from keyrack.operations.python_choice import choose_python, misfit
from keyrack.operations.pythons import Pythons
from lab.pythons import a_python

PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = "{}"\n'


@pytest.fixture
def choose(tmp_path):
    def chosen(asked=None, pins=None, requires=None, **words):
        if pins is not None:
            (tmp_path / ".python-version").write_text(pins)
        if requires is not None:
            (tmp_path / "pyproject.toml").write_text(PROJECT.format(requires))
        pythons = Pythons({"XDG_CONFIG_HOME": str(tmp_path / "none")}, str(tmp_path), lambda _words: (1, "", ""))
        return choose_python(pythons, asked, **words)

    return chosen


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "any Python"),
        ({"asked": "3.9", "pins": "3.10", "requires": ">=3.11"}, "Python 3.9"),
        ({"pins": "3.10\n3.9", "requires": ">=3.11"}, "Python 3.10"),
        ({"requires": ">=3.11"}, "Python >=3.11"),
        ({"requires": ">=3.11", "with_project": False}, "any Python"),
        ({"pins": "3.10", "with_project": False}, "Python 3.10"),
        ({"pins": "# none", "requires": ">=3.11"}, "Python >=3.11"),
    ],
)
def test_what_was_asked_for_comes_before_files_and_these_before_the_project(choose, words, expected):
    assert expected == str(choose(**words).request)


def test_lines_that_are_no_versions_earn_a_warning(choose, tmp_path):
    assert (f"Ignoring unsupported Python request `junk` in version file: {tmp_path}/.python-version",) == choose(
        pins="junk\n3.12"
    ).warnings


def test_a_project_that_cannot_be_read_earns_a_warning(choose):
    (warning,) = choose(requires="x").warnings

    assert ["Failed to parse `pyproject.toml` during environment creation:", "  `requires-python`"] == [
        line.partition(": no")[0] for line in warning.split("\n")
    ]


@pytest.mark.parametrize(
    ("words", "version", "expected"),
    [
        ({}, "3.8.1", ""),
        ({"requires": ">=3.11"}, "3.12.1", ""),
        (
            {"pins": "3.10", "requires": ">=3.11"},
            "3.10.1",
            "The Python request from `.python-version` resolved to Python 3.10.1, which is incompatible with the project's"
            " Python requirement: `>=3.11` (from `project.requires-python`)",
        ),
        (
            {"asked": "3.10", "requires": ">=3.11"},
            "3.10.1",
            "The requested interpreter resolved to Python 3.10.1, which is incompatible with the project's Python"
            " requirement: `>=3.11` (from `project.requires-python`)",
        ),
    ],
)
def test_a_python_that_the_project_is_not_for_earns_a_warning(choose, words, version, expected):
    assert expected == misfit(choose(**words), a_python(version))
