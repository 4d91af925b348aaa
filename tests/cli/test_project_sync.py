import shutil

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.wheels import wheel

A = wheel("a", "1.0", requires=["b"])
B = wheel("b", "2.0")
C = wheel("c", "3.0")
PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.8"
dependencies = ["a"]
[project.optional-dependencies]
x = ["c"]
[dependency-groups]
dev = ["c"]
"""
LOCK = """\
version = 1
revision = 5
requires-python = ">=3.8"

[[package]]
name = "a"
version = "1.0"
source = { registry = "INDEX" }
dependencies = [
    { name = "b" },
]
wheels = [
    { url = "URL/files/a/a-1.0-py3-none-any.whl", hash = "sha256:HASH_A" },
]

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "a" },
]

[package.optional-dependencies]
x = [
    { name = "c" },
]

[package.dev-dependencies]
dev = [
    { name = "c" },
]

[[package]]
name = "b"
version = "2.0"
source = { registry = "INDEX" }
wheels = [
    { url = "URL/files/b/b-2.0-py3-none-any.whl", hash = "sha256:HASH_B" },
]

[[package]]
name = "c"
version = "3.0"
source = { registry = "INDEX" }
wheels = [
    { url = "URL/files/c/c-3.0-py3-none-any.whl", hash = "sha256:HASH_C" },
]
"""


@pytest.fixture(scope="module")
def index():
    with public(A, B, C) as served:
        yield served


@pytest.fixture
def project(run, index):
    """A project with its lock; the environment that is there already is its own."""
    url = index.index_url().removesuffix("/simple/")
    text = LOCK.replace("INDEX", index.index_url()).replace("URL", url)
    for artifact in (A, B, C):
        text = text.replace(f"HASH_{artifact.name.upper()}", artifact.sha256)
    (run.folder / "uv.lock").write_text(text)
    (run.folder / "pyproject.toml").write_text(PROJECT)
    shutil.move(run.folder / "v", run.folder / ".venv")
    run.variables |= {"UV_DEFAULT_INDEX": index.index_url(), "UV_FROZEN": "1", "TMPDIR": str(run.folder)}
    run.variables.pop("VIRTUAL_ENV")
    run("sync", "--only-group", "none-such")  # asks the environment's Python about itself
    index.clear()
    return run


def names(folder):
    return sorted(path.name.partition("-")[0] for path in folder.rglob("*.dist-info") if path.name[0] in "abc")


def test_a_sync_makes_the_environment_what_the_lock_says(project):
    assert str(project("sync")) == snapshot("""\
exit 0
--- stdout
--- stderr
Prepared 3 packages in [TIME]
Installed 3 packages in [TIME]
 + a==1.0
 + b==2.0
 + c==3.0
""")


def test_no_page_of_an_index_is_asked(project, index):
    project("sync", "--inexact")

    assert ["/files/a/", "/files/b/", "/files/c/"] == sorted(
        entry.path.rpartition("/")[0] + "/" for entry in index.requests()
    )


def test_what_is_there_is_only_checked(project):
    project("sync", "--inexact")

    assert "exit 0\n--- stdout\n--- stderr\nChecked 3 packages in [TIME]\n" == str(project("sync", "--inexact"))


def test_what_the_lock_does_not_name_is_taken_out_unless_it_may_stay(project):
    project("sync", "--inexact")

    project("sync", "--inexact", "--no-dev")
    assert ["a", "b", "c"] == names(project.folder / ".venv")

    project("sync", "--no-dev")
    assert ["a", "b"] == names(project.folder / ".venv")


WORDS = {
    "without the group": (("--no-dev",), ["a", "b"]),
    "with the extra": (("--no-dev", "--extra", "x"), ["a", "b", "c"]),
    "only the group": (("--only-dev",), ["c"]),
    "but one": (("--no-install-package", "b"), ["a", "c"]),
    "a dry run": (("--dry-run",), []),
}


@pytest.mark.parametrize(("words", "expected"), WORDS.values(), ids=WORDS)
def test_what_is_meant_is_installed(project, words, expected):
    assert 0 == project("sync", *words).code
    assert expected == names(project.folder / ".venv")


def test_a_dry_run_says_what_would_be_done(project):
    assert str(project("sync", "--dry-run", "--inexact")) == snapshot("""\
exit 0
--- stdout
--- stderr
Would use project environment at: .venv
Would download 3 packages
Would install 3 packages
 + a==1.0
 + b==2.0
 + c==3.0
""")


def test_a_check_ends_with_one_where_something_would_be_done(project):
    said = project("sync", "--check", "--inexact")

    assert (1, "error: The environment is outdated; run `keyrack sync` to update the environment") == (
        said.code,
        said.err.splitlines()[-1],
    )


def test_the_result_may_be_told_to_a_program(project):
    said = project("sync", "--inexact", "--output-format", "json")

    assert '"target": "project"' in said.out
    assert '"action": "installed"' in said.out


REFUSED = {
    "an extra that is none": (
        ("--extra", "y"),
        2,
        "Extra `y` is not defined in the `optional-dependencies` table for `app`",
    ),
    "a group that is none": (
        ("--group", "y"),
        2,
        "Group `y` is not defined in the project's `dependency-groups` table",
    ),
    "a member that is none": (("--package", "y"), 2, "Could not find root package `y`"),
    "a folder that is none": (("--project", "y"), 2, "Project directory `y` does not exist"),
}


@pytest.mark.parametrize(("words", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_exist_is_told(project, words, code, message):
    said = project("sync", *words)

    assert (code, f"error: {message}\n") == (said.code, said.err)


def test_a_lock_that_is_missing_is_told(project):
    (project.folder / "uv.lock").unlink()

    said = project("sync", "--frozen", UV_FROZEN="")

    assert (1, "error: Unable to find lockfile at `uv.lock`, but `--frozen` was provided.") == (
        said.code,
        said.err.partition(" To create")[0],
    )


def test_a_lock_for_other_pythons_is_refused(project):
    lock = project.folder / "uv.lock"
    lock.write_text(lock.read_text().replace('requires-python = ">=3.8"', 'requires-python = "<3"'))

    said = project("sync")

    assert (
        "The current Python version ([PYTHON]) is not compatible with the locked Python requirement: `<3`" in said.err
    )


def test_a_lock_for_other_platforms_is_refused(project):
    lock = project.folder / "uv.lock"
    supported = "supported-markers = [\n    \"sys_platform == 'none'\",\n]\n"
    lock.write_text(lock.read_text().replace("\n\n", f"\n{supported}\n", 1))

    said = " ".join(project("sync").err.replace("  ... ", "").split())
    assert (
        "error: The current Python platform is not compatible with the lockfile's supported environments:"
        " `sys_platform == 'none'`"
    ) == said
