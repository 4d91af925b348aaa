import shutil

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.wheels import wheel

FILES = (wheel("a", "1.0", requires=["b"]), wheel("a", "2.0"), wheel("b", "2.0"))
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = ["a<2"]\n'


@pytest.fixture(scope="module")
def index():
    with public(*FILES) as served:
        yield served


@pytest.fixture
def project(run, index):
    (run.folder / "pyproject.toml").write_text(PROJECT)
    shutil.move(run.folder / "v", run.folder / ".venv")
    run.variables |= {"UV_DEFAULT_INDEX": index.index_url(), "TMPDIR": str(run.folder)}
    run.variables.pop("VIRTUAL_ENV")
    index.clear()
    return run


def test_a_first_lock_says_how_much_it_holds(project):
    assert str(project("lock")) == snapshot("""\
exit 0
--- stdout
--- stderr
Resolved 3 packages in [TIME]
""")
    assert (project.folder / "uv.lock").read_text().startswith('version = 1\nrevision = 5\nrequires-python = ">=3.8"\n')


def test_what_changed_is_told(project):
    project("lock")
    (project.folder / "pyproject.toml").write_text(PROJECT.replace("a<2", "a>=2"))

    assert str(project("lock")) == snapshot("""\
exit 0
--- stdout
--- stderr
Resolved 2 packages in [TIME]
Updated a v1.0 -> v2.0
Removed b v2.0
""")


def test_a_lock_that_holds_is_not_touched_and_asks_nobody(project, index):
    project("lock")
    before = (project.folder / "uv.lock").stat().st_mtime_ns
    index.clear()

    assert 0 == project("lock", "--check").code
    assert 0 == project("lock").code
    assert (before, ()) == ((project.folder / "uv.lock").stat().st_mtime_ns, index.requests())


@pytest.mark.parametrize(
    ("words", "flag"), [(("lock", "--check"), "--check"), (("sync", "--locked"), "--locked")], ids=["lock", "sync"]
)
def test_a_lock_that_does_not_hold_is_told_and_left_as_it_is(project, words, flag):
    project("lock")
    before = (project.folder / "uv.lock").read_text()
    (project.folder / "pyproject.toml").write_text(PROJECT.replace("a<2", "a>=2"))

    said = project(*words)

    assert 1 == said.code
    assert f"error: The lockfile at `uv.lock` needs to be updated, but `{flag}` was provided.\n" in said.err
    assert "hint: To update the lockfile, run `keyrack lock`." in said.err
    assert before == (project.folder / "uv.lock").read_text()


@pytest.mark.parametrize("words", [("lock", "--check"), ("sync", "--locked"), ("lock", "--frozen")], ids=" ".join)
def test_a_lock_that_must_be_there_and_is_not_is_told(project, words):
    said = project(*words)

    assert 1 == said.code
    assert "error: Unable to find lockfile at `uv.lock`, but" in said.err


def test_a_dry_run_says_what_would_change(project):
    assert str(project("lock", "--dry-run")) == snapshot("""\
exit 0
--- stdout
--- stderr
Resolved 3 packages in [TIME]
Add a v1.0
Add app v1
Add b v2.0
""")
    assert not (project.folder / "uv.lock").exists()

    project("lock")
    assert "No lockfile changes detected" in project("lock", "--dry-run").err


def test_a_lock_may_only_be_looked_at(project):
    project("lock")

    assert "was only checked for validity" in " ".join(project("lock", "--frozen").err.split())


def test_a_sync_locks_first(project):
    assert str(project("sync", "--inexact")) == snapshot("""\
exit 0
--- stdout
--- stderr
Resolved 3 packages in [TIME]
Prepared 2 packages in [TIME]
Installed 2 packages in [TIME]
 + a==1.0
 + b==2.0
""")
    assert (project.folder / "uv.lock").exists()


def test_a_sync_that_only_looks_says_what_would_become_of_the_lock(project):
    assert "Would create lockfile at: uv.lock" in project("sync", "--dry-run").err

    project("lock")
    assert "Found up-to-date lockfile at: uv.lock" in project("sync", "--dry-run").err

    (project.folder / "pyproject.toml").write_text(PROJECT.replace("a<2", "a>=2"))
    assert "Would update lockfile at: uv.lock" in project("sync", "--dry-run").err


def test_why_a_lock_is_not_kept_is_told_where_it_is_a_surprise(project):
    project("lock")

    said = project("lock", "--resolution", "lowest")

    assert "Ignoring existing lockfile due to change in resolution mode: `highest` vs. `lowest`" in said.err


def test_no_password_comes_into_a_lock(project, index):
    (project.folder / "pyproject.toml").write_text(
        PROJECT + f'[[tool.uv.index]]\nurl = "{index.index_url("", ("u", "geheim"))}"\ndefault = true\n'
    )

    assert 0 == project("lock", UV_DEFAULT_INDEX="").code
    assert "geheim" not in (project.folder / "uv.lock").read_text()


def test_what_is_doubtful_about_the_pythons_is_said(project):
    nothing, no_least = PROJECT.replace('requires-python = ">=3.8"\n', ""), PROJECT.replace(">=3.8", "<4")
    (project.folder / "pyproject.toml").write_text(nothing)
    assert "warning: No `requires-python` value found in the workspace. Defaulting to `>=3." in project("lock").err

    (project.folder / "pyproject.toml").write_text(no_least)
    assert (
        "warning: The workspace `requires-python` value (`<4`) does not contain a lower bound." in project("lock").err
    )


def test_groups_are_locked_without_a_project(project):
    (project.folder / "pyproject.toml").write_text('[dependency-groups]\ndev = ["a<2"]\n')

    assert 0 == project("lock").code
    assert '[manifest.dependency-groups]\ndev = [{ name = "a", specifier = "<2" }]' in (
        (project.folder / "uv.lock").read_text()
    )
    assert "No `project` table found in" in project("export", "--package", "app").err
