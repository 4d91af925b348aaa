"""`python find`, `list`, `pin` and `dir`, with one Python on the search path."""

import json
import os
import sys

import pytest


@pytest.fixture
def python(run, tmp_path):
    """Put a link to a real Python on the search path, alone."""
    folder = tmp_path / "pythons"
    folder.mkdir()
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))
    run.variables["PATH"] = run.variables["UV_PYTHON_SEARCH_PATH"] = str(folder)
    return str(folder / "python3")


VERSION = "[PYTHON]"
REAL = os.path.realpath(sys.executable).replace(".".join(map(str, sys.version_info[:3])), VERSION)
MINOR = ".".join(map(str, sys.version_info[:2]))


def test_the_version_of_the_python_that_would_be_taken(run, python):
    assert (0, f"{VERSION}\n") == run("python", "find", "--show-version")[:2]


def test_links_are_followed_where_that_is_asked_for(run, python):
    assert f"{REAL}\n" == run("python", "find", "--resolve-links", MINOR).out


def test_a_python_that_is_nowhere_cannot_be_found(run, python):
    found = run("python", "find", "3.99")

    assert 2 == found.code
    assert "No interpreter found for Python 3.99 in virtual environments, managed installations, or search path" in (
        found.err
    )


def test_a_list_tells_where_a_link_leads(run, python):
    listed = run("python", "list", "--only-installed").out

    assert listed.startswith(f"cpython-{VERSION}-")
    assert listed.endswith(f"-> {REAL}\n")


def test_a_list_as_json(run, python):
    (row,) = json.loads(run("python", "list", "--output-format", "json").out)

    assert (VERSION, "cpython", None) == (row["version"], row["implementation"], row["url"])


def test_what_could_be_downloaded_is_nothing(run, python):
    assert "" == run("python", "list", "--only-downloads").out


def test_a_pin_is_written_changed_shown_and_taken_back(run, python):
    told = [run("python", "pin", *words).out for words in (["3.99"], [MINOR], [], ["--rm"])]

    assert [
        "Pinned `.python-version` to `3.99`\n",
        f"Updated `.python-version` from `3.99` -> `{MINOR}`\n",
        f"{MINOR}\n",
        "Removed Python version file at `.python-version`\n",
    ] == told
    assert not (run.folder / ".python-version").exists()


def test_nothing_is_pinned_at_first(run, python):
    assert (2, 2) == (run("python", "pin").code, run("python", "pin", "--rm").code)


def test_a_pin_may_be_the_path_of_the_python(run, python):
    run("python", "pin", MINOR, "--resolved")

    assert f"{python}\n" == (run.folder / ".python-version").read_text()


def test_a_path_cannot_be_pinned_for_a_python_that_is_not_there(run, python):
    assert 2 == run("python", "pin", "3.99", "--resolved").code


def test_a_pin_for_everything_lies_with_the_settings_of_the_user(run, python):
    run.variables["XDG_CONFIG_HOME"] = str(run.folder / "settings")

    run("python", "pin", "--global", MINOR)

    assert f"{MINOR}\n" == (run.folder / "settings" / "uv" / ".python-version").read_text()


def test_a_pin_that_the_project_cannot_use_is_refused(run, python):
    (run.folder / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.99"\n')

    refused = run("python", "pin", MINOR)

    assert 2 == refused.code
    assert "is incompatible with the project `requires-python` value of `>=3.99`" in refused.err


@pytest.mark.parametrize("words", [("foo",), (MINOR, "--rm")])
def test_what_cannot_be_pinned_is_refused(run, python, words):
    assert 2 == run("python", "pin", *words).code


def test_where_pythons_would_lie(run):
    run.variables["UV_PYTHON_INSTALL_DIR"] = "/opt/pythons"

    assert "/opt/pythons\n" == run("python", "dir").out


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "managed"),
        ({"UV_PYTHON_PREFERENCE": "system"}, "pythons"),
        ({"UV_PYTHON_PREFERENCE": "only-system"}, "pythons"),
        ({"UV_PYTHON_PREFERENCE": "only-managed"}, "managed"),
        ({"UV_NO_MANAGED_PYTHON": "1"}, "pythons"),
        ({"UV_MANAGED_PYTHON": "1", "UV_PYTHON_PREFERENCE": "system"}, "managed"),
    ],
    ids=["default", "system first", "only system", "only managed", "no managed", "managed"],
)
def test_pythons_that_uv_has_installed_count(run, python, tmp_path, variables, expected):
    folder = tmp_path / "managed" / f"cpython-{MINOR}.0-here" / "bin"
    folder.mkdir(parents=True)
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))

    found = run("python", "find", "--system", UV_PYTHON_INSTALL_DIR=str(tmp_path / "managed"), **variables).out

    assert found.startswith(f"[FOLDER]/{expected}/")
