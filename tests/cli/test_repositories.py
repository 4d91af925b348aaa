"""Repositories: what is installed from them, which commit, and what is said of it."""

import json

import pytest
from inline_snapshot import snapshot

from lab.repositories import ENVIRONMENT, HAS_GIT, Repository
from lab.sdists import sdist, unpacked

pytestmark = pytest.mark.skipif(not HAS_GIT, reason="there is no git program here")


@pytest.fixture
def repository(run):
    """A repository `git` with a tree `lib`, its commits named by `commits`."""
    run.variables |= ENVIRONMENT
    made = Repository(run.folder / "git")
    unpacked(sdist("lib", "1.0"), made.folder)
    unpacked(sdist("inner", "3.0"), made.folder / "sub")
    made.commits = [made.commit("one")]
    made.git("tag", "v1")
    return made


@pytest.fixture
def shown(repository):
    """Write what was printed with names for commits."""

    def written(printed):
        text = printed.err
        for number, commit in enumerate(repository.commits, 1):
            text = text.replace(commit, f"[COMMIT {number}]")
        return text

    return written


def place(run, rest=""):
    return f"git+file://{run.folder}/git{rest}"


def direct_url(run, name):
    path = next(run.folder.glob(f"v/lib/python3*/site-packages/{name}-*.dist-info/direct_url.json"))
    return json.loads(path.read_text())


def test_a_repository_is_installed_at_a_commit(run, repository, shown):
    assert shown(run("pip", "install", place(run))) == snapshot("""\
Using Python [PYTHON] environment at: v
   Updating file://[FOLDER]/git (HEAD)
    Updated file://[FOLDER]/git ([COMMIT 1])
Resolved 1 package in [TIME]
   Building lib @ git+file://[FOLDER]/git@[COMMIT 1]
      Built lib @ git+file://[FOLDER]/git@[COMMIT 1]
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from git+file://[FOLDER]/git@[COMMIT 1])
""")
    assert {
        "url": repository.folder.as_uri(),
        "vcs_info": {"vcs": "git", "commit_id": repository.commits[0]},
    } == direct_url(run, "lib")


def test_what_is_at_that_commit_already_is_left_alone(run, repository, shown):
    run("pip", "install", place(run))

    assert shown(run("pip", "install", f"lib @ {place(run, '@v1')}")) == snapshot("""\
Using Python [PYTHON] environment at: v
   Updating file://[FOLDER]/git (v1)
    Updated file://[FOLDER]/git ([COMMIT 1])
Resolved 1 package in [TIME]
Checked 1 package in [TIME]
""")


def test_a_branch_that_moved_is_installed_anew(run, repository, shown):
    run("pip", "install", place(run, "@main"))
    repository.commits.append(repository.commit("two"))

    assert shown(run("pip", "install", place(run, "@main"))) == snapshot("""\
Using Python [PYTHON] environment at: v
   Updating file://[FOLDER]/git (main)
    Updated file://[FOLDER]/git ([COMMIT 2])
Resolved 1 package in [TIME]
   Building lib @ git+file://[FOLDER]/git@[COMMIT 2]
      Built lib @ git+file://[FOLDER]/git@[COMMIT 2]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 - lib==1.0 (from git+file://[FOLDER]/git@[COMMIT 1])
 + lib==1.0 (from git+file://[FOLDER]/git@[COMMIT 2])
""")


def test_a_whole_commit_needs_no_fetch_when_it_is_known(run, repository, shown):
    run("pip", "install", place(run))
    commit = repository.commits[0]

    assert [
        shown(run("pip", "install", "--offline", place(run, f"@{commit}"))),
        shown(run("pip", "install", "--dry-run", place(run, f"@{commit}"))).splitlines()[1],
    ] == [
        shown(run("pip", "install", f"lib @ {place(run, f'@{commit}')}")),
        "Checked 1 package in [TIME]",
    ]
    assert shown(run("pip", "install", "--offline", f"lib @ {place(run, f'@{commit}')}")) == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")


def test_a_folder_of_a_repository_is_installed(run, repository, shown):
    assert shown(run("pip", "install", place(run, "@v1#subdirectory=sub"))) == snapshot("""\
Using Python [PYTHON] environment at: v
   Updating file://[FOLDER]/git (v1)
    Updated file://[FOLDER]/git ([COMMIT 1])
Resolved 1 package in [TIME]
   Building inner @ git+file://[FOLDER]/git@[COMMIT 1]#subdirectory=sub
      Built inner @ git+file://[FOLDER]/git@[COMMIT 1]#subdirectory=sub
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + inner==3.0 (from git+file://[FOLDER]/git@[COMMIT 1]#subdirectory=sub)
""")
    assert ("sub", "v1") == (
        direct_url(run, "inner")["subdirectory"],
        direct_url(run, "inner")["vcs_info"]["requested_revision"],
    )
    assert run("pip", "freeze").out.replace(repository.commits[0], "[COMMIT 1]") == snapshot(
        "inner @ git+file://[FOLDER]/git@[COMMIT 1]#subdirectory=sub\n"
    )


@pytest.mark.parametrize("rest", ["#subdirectory=nope", "#subdirectory=../x", "#subdirectory=out"])
def test_a_folder_that_is_not_in_the_repository_is_told(run, repository, rest):
    (repository.folder / "out").symlink_to(run.folder)
    repository.commit("two")

    found = run("pip", "install", place(run, rest))

    assert (1, True) == (found.code, "has no subdirectory `" in found.err)


def test_a_revision_that_is_not_there_is_told(run, repository):
    assert run("pip", "install", place(run, "@nope")).err == snapshot("""\
Using Python [PYTHON] environment at: v
   Updating file://[FOLDER]/git (nope)
error: Git operation failed
  cause: Failed to fetch branch or tag `nope` of `file://[FOLDER]/git`
  cause: git ended with status 128, and said:
         fatal: couldn't find remote ref refs/tags/nope
""")


def test_two_revisions_of_one_repository_conflict_where_they_are_two_commits(run, repository, shown):
    repository.commits.append(repository.commit("two"))
    assert shown(run("pip", "install", f"lib @ {place(run)}", f"lib @ {place(run, '@v1')}")).splitlines()[
        -3:
    ] == snapshot(
        [
            "error: Requirements contain conflicting URLs for package `lib`:",
            "- git+file://[FOLDER]/git",
            "- git+file://[FOLDER]/git@v1",
        ]
    )


def test_a_repository_cannot_be_editable(run):
    assert run("pip", "install", "-e", "git+https://git.example/a").err == snapshot("""\
error: Unsupported editable requirement: `git+https://git.example/a`
  cause: Git sources cannot be editable

hint: Editable requirements must refer to a local directory
""")


def test_a_tree_of_a_repository_may_require_another_one_of_it(run, repository, shown):
    with (repository.folder / "pyproject.toml").open("a") as file:
        file.write('[project]\nname = "lib"\nversion = "1.0"\ndependencies = ["inner"]\n')
        file.write('[tool.uv.sources]\ninner = { path = "sub" }\n')
    (repository.folder / "PKG-INFO").unlink()
    repository.commits.append(repository.commit("two"))

    assert [
        " + inner==3.0 (from git+file://[FOLDER]/git@[COMMIT 2]#subdirectory=sub)",
        " + lib==1.0 (from git+file://[FOLDER]/git@[COMMIT 2])",
    ] == shown(run("pip", "install", "--no-index", place(run))).splitlines()[-2:]


def test_a_tree_outside_of_the_repository_is_refused(run, repository):
    with (repository.folder / "pyproject.toml").open("a") as file:
        file.write('[project]\nname = "lib"\nversion = "1.0"\ndependencies = ["inner"]\n')
        file.write('[tool.uv.sources]\ninner = { path = "../other" }\n')
    (repository.folder / "PKG-INFO").unlink()
    repository.commit("two")

    assert "references local directory outside the repository" in run("pip", "install", "--no-index", place(run)).err


def test_a_password_in_the_url_of_a_repository_is_nowhere(run):
    run.variables |= ENVIRONMENT | {"GIT_ALLOW_PROTOCOL": "https"}

    printed = run("pip", "install", "-vv", "lib @ git+https://me:hunter2@127.0.0.1:9/a.git")

    held = [path.read_bytes() for path in run.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert (1, False, False) == (
        printed.code,
        "hunter2" in printed.err,
        any(b"hunter2" in text for text in held),
    )
