"""`keyrack version`: a project's version, read and raised."""

import json

import pytest
from inline_snapshot import snapshot

PROJECT = '# mine\n[project]\nversion = "1.2" # now\nname = "My_App"\n'


@pytest.fixture
def file(run):
    path = run.folder / "pyproject.toml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "my-app 1.2\n"),
        (["--short"], "1.2\n"),
        (["--bump", "minor", "--dry-run"], "my-app 1.2 => 1.3\n"),
        (["--bump", "rc", "--bump", "patch=4", "--short", "--dry-run"], "1.2.4rc1\n"),
        (["2.0", "--dry-run"], "my-app 1.2 => 2.0\n"),
    ],
    ids=["read", "short", "bump", "two", "value"],
)
def test_a_version_is_told(run, words, said):
    assert (0, said, "") == run("version", *words)


@pytest.mark.usefixtures("file")
def test_a_version_as_json(run):
    assert {"package_name": "my-app", "version": "1.2", "commit_info": None} == json.loads(
        run("version", "--output-format", "json").out
    )


def test_a_version_is_written_and_nothing_else(run, file):
    run("version", "--bump", "major", "--frozen")

    assert PROJECT.replace("1.2", "2.0") == file.read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(run, file):
    run("version", "--bump", "major", "--dry-run")

    assert PROJECT == file.read_text(encoding="utf-8")


def test_the_project_can_be_named(run, file):
    assert "my-app 1.2\n" == run("version", "--project", str(run.folder)).out


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--bump", "rc"], "error: 1.2 => 1.2rc1 didn't increase the version"),
        (["minor"], "error: Invalid version `minor`, did you mean to pass `--bump minor`?"),
        (["x"], "error: Not a valid version: 'x'"),
        (["--bump", "nope"], "error: invalid bump component `nope`"),
        (["--bump", "rc=x"], "error: invalid bump component `rc=x`"),
        (["--bump", "minor", "3"], "error: the argument '[VALUE]' cannot be used with '--bump <BUMP>'"),
    ],
    ids=["less", "part", "text", "unknown", "number", "both"],
)
def test_what_is_no_later_version_is_refused(run, file, words, said):
    told = run("version", "--frozen", *words)

    assert 2 == told.code
    assert told.err.startswith(said)
    assert PROJECT == file.read_text(encoding="utf-8")


def test_without_a_project_there_is_no_version(run):
    assert str(run("version")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: No `pyproject.toml` found in current directory or any parent directory

hint: If you meant to view keyrack's version, use `keyrack self version` instead
""")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a"\ndynamic = ["version"]', "We cannot get or set dynamic project versions in: pyproject.toml"),
        ('name = "a"', "There is no `project.version` field in: pyproject.toml"),
    ],
    ids=["dynamic", "none"],
)
def test_a_version_that_is_not_written_cannot_be_told(run, text, said):
    (run.folder / "pyproject.toml").write_text(f"[project]\n{text}\n", encoding="utf-8")

    assert (2, "", f"error: {said}\n") == run("version")


def test_a_raised_version_stands_in_the_lock_too(run, file):
    file.write_text(PROJECT + 'requires-python = ">=3.11"\n', encoding="utf-8")
    run.variables |= {"VIRTUAL_ENV": "", "UV_PYTHON": str(run.folder / "v" / "bin" / "python"), "UV_OFFLINE": "1"}

    told = run("version", "--bump", "minor")

    assert (0, "my-app 1.2 => 1.3\n") == (told.code, told.out)
    assert 'version = "1.3"' in (run.folder / "uv.lock").read_text(encoding="utf-8")
    assert (run.folder / ".venv").is_dir()


def test_a_version_that_cannot_be_locked_stays(run, file):
    text = PROJECT + 'requires-python = ">=3.11"\ndependencies = ["nowhere"]\n'
    file.write_text(text, encoding="utf-8")
    run.variables |= {"VIRTUAL_ENV": "", "UV_PYTHON": str(run.folder / "v" / "bin" / "python"), "UV_OFFLINE": "1"}

    assert 1 == run("version", "--bump", "minor").code
    assert text == file.read_text(encoding="utf-8")
    assert not (run.folder / "uv.lock").exists()


def test_a_member_can_be_named(run, file):
    file.write_text(PROJECT + '\n[tool.uv.workspace]\nmembers = ["lib"]\n', encoding="utf-8")
    (run.folder / "lib").mkdir()
    (run.folder / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "7"\n', encoding="utf-8")

    assert "lib 7\n" == run("version", "--package", "lib").out
