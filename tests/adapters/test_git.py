"""The git program, on repositories of this disk."""

import os
import shutil

import pytest

from keyrack.adapters.git import Git, GitFailed, GitSettings, is_commit
from keyrack.adapters.processes import Outcome, run
from keyrack.values.requirement import FromGit, RevisionKind
from keyrack.values.url import parse_url
from lab.repositories import ENVIRONMENT, HAS_GIT, Repository
from lab.repositories import git as run_git

pytestmark = pytest.mark.skipif(not HAS_GIT, reason="there is no git program here")


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "repository")
    made.commit("one")
    return made


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "cache" / "db")


@pytest.fixture
def git():
    return Git(GitSettings(ENVIRONMENT))


def test_default_branch_is_taken_where_nothing_is_said(repository, database, git):
    commit = repository.commit("two")

    assert commit == git.fetch(database, repository.source())


@pytest.mark.parametrize("kind", [RevisionKind.ANY, RevisionKind.BRANCH])
def test_branch_is_found_by_name(repository, database, git, kind):
    commit = repository.git("rev-parse", "HEAD")
    repository.git("branch", "feature/x")
    repository.commit("two")

    assert commit == git.fetch(database, repository.source("feature/x", kind=kind))


@pytest.mark.parametrize("kind", [RevisionKind.ANY, RevisionKind.TAG])
def test_annotated_tag_means_its_commit(repository, database, git, kind):
    commit = repository.git("rev-parse", "HEAD")
    repository.git("tag", "--annotate", "v1", "--message", "one")
    repository.commit("two")

    assert commit == git.fetch(database, repository.source("v1", kind=kind))


def test_tag_is_no_branch(repository, database, git):
    repository.git("tag", "v1")

    with pytest.raises(GitFailed) as caught:
        git.fetch(database, repository.source("v1", kind=RevisionKind.BRANCH))

    assert caught.value.causes[0].startswith("Failed to fetch branch `v1` of `file:///")


@pytest.mark.parametrize("length", [40, 9])
def test_commit_is_found_by_its_name_or_the_start_of_it(repository, database, git, length):
    commit = repository.git("rev-parse", "HEAD")
    repository.commit("two")

    assert commit == git.fetch(database, repository.source(commit[:length]))


def test_reference_of_any_kind_is_found(repository, database, git):
    commit = repository.git("rev-parse", "HEAD")
    repository.git("update-ref", "refs/pull/7/head", commit)
    repository.commit("two")

    assert commit == git.fetch(database, repository.source("refs/pull/7/head"))


def test_branch_that_moved_is_followed(repository, database, git):
    git.fetch(database, repository.source("main"))
    commit = repository.commit("two")

    assert commit == git.fetch(database, repository.source("main"))


def test_known_commit_needs_nobody_to_be_asked(repository, database, git):
    commit = git.fetch(database, repository.source())
    shutil.rmtree(repository.folder)

    assert commit == git.resolve(database, repository.source(commit))


def test_branch_has_to_be_asked_for_each_time(repository, database, git):
    git.fetch(database, repository.source())

    assert git.resolve(database, repository.source("main")) is None


def test_nothing_is_known_before_the_first_fetch(repository, database, git):
    assert git.resolve(database, repository.source("1" * 40)) is None


def test_harmed_database_is_made_anew(repository, database, git):
    commit = git.fetch(database, repository.source())
    shutil.rmtree(os.path.join(database, "refs"))

    assert commit == git.fetch(database, repository.source())


@pytest.mark.parametrize(
    ("revision", "sought"),
    [
        ("nope", "branch or tag `nope`"),
        ("abcdef1", "branch, tag, or commit `abcdef1`"),
        ("1" * 40, f"commit `{'1' * 40}`"),
        ("refs/no/where", "ref `refs/no/where`"),
    ],
)
def test_what_is_not_there_is_named(repository, database, git, revision, sought):
    with pytest.raises(GitFailed) as caught:
        git.fetch(database, repository.source(revision))

    assert sought in caught.value.causes[0]


def test_what_is_no_repository_is_told_with_what_git_said(tmp_path, database, git):
    source = FromGit(parse_url((tmp_path / "nothing").as_uri()).url)

    with pytest.raises(GitFailed) as caught:
        git.fetch(database, source)

    assert "does not appear to be a git repository" in caught.value.causes[-1]


@pytest.mark.parametrize("revision", ["--upload-pack=touch x", "a..b", "a b", "a:b", "x@{1}"])
def test_revision_is_never_an_option_or_an_expression(repository, database, git, revision):
    with pytest.raises(GitFailed, match="is no name of a Git branch"):
        git.fetch(database, repository.source(revision))


def test_checkout_has_the_files_of_its_commit(repository, database, git, tmp_path):
    commit = git.fetch(database, repository.source())
    repository.commit("two")

    git.check_out(database, commit, str(tmp_path / "out"), repository.source())

    assert (tmp_path / "out" / "file").read_text() == "one"


def test_checkout_knows_its_tags(repository, database, git, tmp_path):
    repository.git("tag", "v1")
    commit = git.fetch(database, repository.source())
    git.check_out(database, commit, str(tmp_path / "out"), repository.source())

    assert run_git(tmp_path / "out", "describe", "--tags") == "v1"


def test_failed_checkout_leaves_nothing(repository, database, git, tmp_path):
    git.fetch(database, repository.source())

    with pytest.raises(GitFailed):
        git.check_out(database, "1" * 40, str(tmp_path / "out" / "a"), repository.source())

    assert [] == os.listdir(tmp_path / "out")


def test_submodules_beside_the_repository_come_too(repository, database, git, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.commit("inside")
    repository.git("submodule", "--quiet", "add", "../inner", "lib")
    repository.commit("two")
    commit = git.fetch(database, repository.source())

    git.check_out(database, commit, str(tmp_path / "out"), repository.source())

    assert (tmp_path / "out" / "lib" / "file").read_text() == "inside"


def test_offline_reaches_files_and_nothing_else(repository, database):
    git = Git(GitSettings(ENVIRONMENT, offline=True))
    commit = git.fetch(database, repository.source())
    far = FromGit(parse_url("https://127.0.0.1:9/a.git").url)

    with pytest.raises(GitFailed) as caught:
        git.fetch(database, far)

    assert (True, "The network is off (i.e., with `--offline`)") == (is_commit(commit), caught.value.causes[-1])


def test_variables_of_a_git_that_runs_us_are_not_passed_on(repository, database, tmp_path):
    git = Git(GitSettings(ENVIRONMENT | {"GIT_DIR": str(tmp_path / "elsewhere")}))

    git.fetch(database, repository.source())

    assert not (tmp_path / "elsewhere").exists()


def test_missing_git_is_told(repository, database):
    with pytest.raises(GitFailed, match="Git executable not found"):
        Git(GitSettings({"PATH": ""})).fetch(database, repository.source())


def test_git_that_cannot_be_run_is_told(repository, database):
    def refuse(_program):
        raise OSError("no")

    with pytest.raises(GitFailed) as caught:
        Git(GitSettings(ENVIRONMENT), run=refuse).fetch(database, repository.source())

    assert caught.value.causes[0].endswith("git`: no")


def test_large_files_need_their_extension(repository, database, tmp_path):
    def without_extension(program):
        return Outcome(1, b"", b"no such command") if "lfs" in program.arguments else run(program)

    git = Git(GitSettings(ENVIRONMENT), run=without_extension)
    source = repository.source(lfs=True)
    commit = git.fetch(database, source)

    with pytest.raises(GitFailed, match="Git LFS extension not found"):
        git.check_out(database, commit, str(tmp_path / "out"), source)


def test_large_files_are_fetched_where_they_are_asked_for(repository, database, tmp_path):
    asked = []

    def with_extension(program):
        if "lfs" not in program.arguments:
            return run(program)
        asked.append(program)
        return Outcome(0, b"", b"")

    git = Git(GitSettings(ENVIRONMENT | {"GIT_LFS_SKIP_SMUDGE": "1"}), run=with_extension)
    source = repository.source(lfs=True)
    git.check_out(database, git.fetch(database, source), str(tmp_path / "out"), source)

    assert ("fetch", False) == (asked[-1].arguments[-3], "GIT_LFS_SKIP_SMUDGE" in asked[-1].environment)


def test_database_that_cannot_be_made_is_told(repository, tmp_path):
    def refuse(program):
        return Outcome(1, b"no", b"") if "init" in program.arguments else run(program)

    with pytest.raises(GitFailed) as caught:
        Git(GitSettings(ENVIRONMENT), run=refuse).fetch(str(tmp_path / "db"), repository.source())

    assert caught.value.causes[0].startswith("Failed to make")
