"""Looking at trees on this disk."""

import os

import pytest

from keyrack.adapters.freshness import freshness_of

COMMIT, OTHER = "1" * 40, "2" * 40


@pytest.fixture
def tree(tmp_path):
    write(tmp_path, "pyproject.toml", "")
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def keys(tree, text):
    write(tree, "pyproject.toml", f"[tool.uv]\ncache-keys = {text}\n")


def look(tree, **variables):
    return freshness_of(str(tree), variables)


def test_an_untouched_tree_stays_fresh(tree):
    write(tree, "src/a.py", "")

    assert look(tree) == look(tree)


def test_a_new_setup_file_is_a_change(tree):
    before = look(tree)
    path = write(tree, "setup.cfg", "")
    os.utime(path)

    assert look(tree).changed >= before.changed


def test_modules_do_not_count(tree):
    before = look(tree)
    write(tree, "a.py", "")

    assert before == look(tree)


def test_a_source_folder_that_comes_is_a_change(tree):
    before = look(tree)
    write(tree, "src/a.py", "")

    assert before != look(tree)


def test_an_archive_is_looked_at_itself(tree):
    path = tree / "pyproject.toml"

    assert os.stat(path).st_ctime_ns == look(path).changed


@pytest.mark.parametrize("pattern", ["**/*.c", "lib/?.c", "lib/a.{c,h}", "lib/{a,b}.[ch]"])
def test_patterns_reach_files(tree, pattern):
    keys(tree, f'["{pattern}"]')
    path = write(tree, "lib/a.c", "")

    assert os.stat(path).st_ctime_ns == look(tree).changed


def test_a_brace_that_is_not_closed_means_itself(tree):
    keys(tree, '["a{b*"]')
    path = write(tree, "a{b1", "")

    assert os.stat(path).st_ctime_ns == look(tree).changed


def test_folders_and_what_is_missing_are_no_files(tree):
    keys(tree, '["src", "gone"]')
    write(tree, "src/a.py", "")

    assert look(tree).changed is None


def test_a_file_is_no_source_folder(tree):
    write(tree, "src", "")

    assert (("src", None),) == look(tree).folders


def test_a_variable_counts_whether_set_or_not(tree):
    keys(tree, '[{env = "CC"}]')

    assert [(("CC", None),), (("CC", "gcc"),)] == [look(tree).variables, look(tree, CC="gcc").variables]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".git/HEAD": COMMIT}, id="detached"),
        pytest.param({".git/HEAD": "ref: refs/heads/main", ".git/refs/heads/main": COMMIT}, id="branch"),
        pytest.param(
            {".git/HEAD": "ref: refs/heads/main", ".git/packed-refs": f"# pack\n{COMMIT} refs/heads/main\n"},
            id="packed",
        ),
        pytest.param(
            {
                ".git": "gitdir: ../real/worktrees/a",
                "../real/worktrees/a/HEAD": "ref: refs/heads/main",
                "../real/worktrees/a/commondir": "../..",
                "../real/refs/heads/main": COMMIT,
            },
            id="worktree",
        ),
    ],
)
def test_the_commit_of_a_repository_is_read(tmp_path, files):
    tree = tmp_path / "tree"
    write(tree, "pyproject.toml", "[tool.uv]\ncache-keys=[{git=true}]")
    for name, text in files.items():
        write(tree, name, text)

    assert look(tree).commit == COMMIT


def test_a_tree_within_a_repository_has_its_commit(tmp_path):
    write(tmp_path, ".git/HEAD", COMMIT)
    write(tmp_path, "sub/pyproject.toml", "[tool.uv]\ncache-keys=[{git=true}]")

    assert look(tmp_path / "sub").commit == COMMIT


def test_tags_are_read_wherever_git_keeps_them(tree):
    keys(tree, "[{git = {tags = true}}]")
    write(tree, ".git/packed-refs", f"{COMMIT} refs/tags/v1\n^{OTHER}\n{COMMIT} refs/heads/main\n")
    write(tree, ".git/refs/tags/team/v2", OTHER)

    assert look(tree).tags == (("team/v2", OTHER), ("v1", COMMIT))


def test_a_tree_without_files_of_its_own_has_nothing_to_change(tmp_path):
    assert look(tmp_path).changed is None
