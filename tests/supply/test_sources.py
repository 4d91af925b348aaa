"""From sources to trees on this disk."""

import os

import msgspec
import pytest

from keyrack.adapters.git import Git, GitSettings
from keyrack.adapters.store import Store
from keyrack.supply.sdists import Sdists
from keyrack.supply.sources import NoProject, NotThere, SourceRules, Sources
from keyrack.values.names import package_name
from keyrack.values.requirement import FromTree, FromUrl
from keyrack.values.settings import Selection
from keyrack.values.source_url import file_url
from lab.repositories import ENVIRONMENT, HAS_GIT, Repository
from lab.sdists import sdist, unpacked

LIB = package_name("lib")
with_git = pytest.mark.skipif(not HAS_GIT, reason="there is no git program here")


class Heard:
    """Remembers which repositories were fetched."""

    def __init__(self):
        self.lines = []

    def updating(self, url, revision):
        self.lines.append(f"updating {url} {revision}")

    def updated(self, url, commit):
        self.lines.append(f"updated {url} {commit}")


@pytest.fixture
def run(tmp_path):
    """Give the sources of a new run with the same cache."""

    def begin(heard=None, **rules):
        folder = tmp_path / f"run{os.urandom(4).hex()}"
        folder.mkdir()
        store = Store(str(tmp_path / "cache"))
        sdists = Sdists(None, store, lambda: str(folder))
        told = SourceRules(variables=rules.pop("variables", {}), folder=lambda: str(folder), **rules)
        return Sources(Git(GitSettings(ENVIRONMENT)), sdists, store, told, heard)

    return begin


@pytest.fixture
def tree(tmp_path):
    return FromTree(str(unpacked(sdist("lib", "1"), tmp_path / "lib")))


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "repository")
    unpacked(sdist("lib", "1"), made.folder / "sub")
    made.commit("one")
    return made


def test_tree_is_what_lies_there(run, tree):
    found = run().tree(tree, LIB)

    assert (tree.path, f"lib @ file://{tree.path}", tree, False) == (
        found.path,
        found.label,
        found.source,
        found.editable,
    )


def test_editable_tree_is_built_as_one(run, tree):
    assert run().tree(FromTree(tree.path, editable=True)).editable


def test_tree_that_looks_the_same_has_the_same_key_in_the_next_run(run, tree):
    assert run().tree(tree, LIB).key == run().tree(tree, LIB).key


def test_tree_that_changed_has_another_key(run, tree):
    before = run().tree(tree, LIB).key
    os.mkdir(os.path.join(tree.path, "src"))  # times may be too coarse to tell
    after = run().tree(tree, LIB).key

    assert before != after


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({"refresh": Selection(all=True)}, id="all"),
        pytest.param({"refresh": Selection(names=frozenset({LIB}))}, id="by name"),
        pytest.param({"anew": True}, id="by path"),
    ],
)
def test_tree_that_is_wanted_anew_has_another_key_from_then_on(run, tree, rules):
    before = run().tree(tree, LIB).key
    if "anew" in rules:
        rules = {"anew": frozenset({tree.path})}
    anew = run(**rules).tree(tree, LIB).key

    assert before != anew
    assert anew == run().tree(tree, LIB).key


def test_key_does_not_change_within_a_run(run, tree):
    sources = run(refresh=Selection(all=True))

    assert sources.tree(tree, LIB).key == sources.tree(tree).key


def test_folder_that_is_not_there_is_told(run, tmp_path):
    with pytest.raises(NotThere, match=f"Distribution not found at: {file_url(str(tmp_path / 'no where')).exact}"):
        run().tree(FromTree(str(tmp_path / "no where")))


def test_folder_without_a_project_is_told(run, tmp_path):
    with pytest.raises(NoProject, match=r"neither `pyproject\.toml` nor `setup\.py`"):
        run().tree(FromTree(str(tmp_path)))


def test_file_is_no_tree(run, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(NoProject, match="neither a folder nor an archive"):
        run().tree(FromTree(str(tmp_path / "file")))


def test_archive_on_this_disk_is_unpacked(run, tmp_path):
    (tmp_path / "lib-1.tar.gz").write_bytes(sdist("lib", "1").body)
    source = FromUrl(file_url(str(tmp_path / "lib-1.tar.gz")))

    found = run().tree(source, LIB)

    assert ("lib-1", True) == (os.path.basename(found.path), os.path.exists(os.path.join(found.path, "PKG-INFO")))
    assert found.key == run().tree(source, LIB).key


def test_folder_of_an_archive_stays_in_it(run, tmp_path):
    (tmp_path / "lib-1.tar.gz").write_bytes(sdist("lib", "1").body)

    with pytest.raises(NoProject, match=r"has no subdirectory `\.\./\.\.`"):
        run().tree(FromUrl(file_url(str(tmp_path / "lib-1.tar.gz")), None, "../.."))


@with_git
def test_repository_is_checked_out_once(run, repository):
    heard = Heard()
    source = repository.source()
    sources = run(heard)

    trees = {sources.tree(each, LIB).path for each in (_in(source, "sub"), _in(source, "sub"))}

    commit = repository.git("rev-parse", "HEAD")
    assert 1 == len(trees)
    assert [f"updating {source.url} HEAD", f"updated {source.url} {commit}"] == heard.lines
    assert commit == sources.located(source).commit


@with_git
def test_known_commit_is_not_fetched_again(run, repository):
    commit = run().located(repository.source()).commit
    heard = Heard()

    run(heard).tree(_in(repository.source(commit), "sub"), LIB)

    assert [] == heard.lines


@with_git
def test_key_of_a_repository_is_that_of_its_commit(run, repository):
    before = run().tree(_in(repository.source(), "sub"), LIB).key
    same = run().tree(_in(repository.source("main"), "sub"), LIB).key
    repository.commit("two")
    after = run().tree(_in(repository.source(), "sub"), LIB).key

    assert (True, False) == (before == same, before == after)


@with_git
def test_other_sources_are_located_already(run, tree):
    assert tree == run().located(tree)


@with_git
def test_root_of_a_repository_is_its_whole_checkout(run, repository):
    sources = run()

    assert sources.root(repository.source()) == os.path.dirname(sources.tree(_in(repository.source(), "sub")).path)


@with_git
def test_cache_that_cannot_be_written_is_no_error(run, repository, tmp_path):
    (tmp_path / "cache").write_text("a file is in the way")

    found = run().tree(_in(repository.source(), "sub"), LIB)

    assert os.path.exists(os.path.join(found.path, "pyproject.toml"))


def test_variables_of_cache_keys_are_the_run_s(run, tree):
    with open(os.path.join(tree.path, "pyproject.toml"), "a", encoding="utf-8") as file:
        file.write('[tool.uv]\ncache-keys = [{ env = "CC" }]\n')

    keys = {run(variables={"CC": value}).tree(tree, LIB).key for value in ("gcc", "gcc", "clang")}

    assert 2 == len(keys)


def _in(source, folder):
    return msgspec.structs.replace(source, subdirectory=folder)
