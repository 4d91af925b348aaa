import pytest

from keyrack.adapters.workspace_files import (
    has_project_file,
    is_bare,
    matching_folders,
    project_folders,
    read_project_file,
)
from keyrack.errors import KeyrackError


def test_projects_are_found_upwards(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "a"):
        (folder / "pyproject.toml").write_text("")

    found = [folder for folder in project_folders(str(tmp_path / "a" / "b")) if folder.startswith(str(tmp_path))]

    assert [str(tmp_path / "a"), str(tmp_path)] == found


def test_a_projects_file_is_read(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\n")

    assert (True, "[project]\n") == (has_project_file(str(tmp_path)), read_project_file(str(tmp_path)))


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")

    with pytest.raises(KeyrackError, match="Failed to read"):
        read_project_file(str(tmp_path))


def test_globs_mean_folders_in_order_hidden_ones_too(tmp_path):
    root = tmp_path / "[x]"
    for name in ("libs/b", "libs/.a", "libs/c/d"):
        (root / name).mkdir(parents=True)
    (root / "libs/file").write_text("")

    found = matching_folders(str(root), "./libs/*")

    assert [str(root / "libs" / name) for name in (".a", "b", "c")] == list(found)


@pytest.mark.parametrize(
    ("files", "expected"),
    [((), True), (("__pycache__/a.pyc",), True), (("sub/a.py",), False)],
    ids=["empty", "compiled files", "files"],
)
def test_a_folder_without_files_of_its_own_is_bare(tmp_path, files, expected):
    folder = tmp_path / "x"
    folder.mkdir()
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")

    assert expected == is_bare(str(folder))


def test_a_hidden_folder_is_bare(tmp_path):
    assert is_bare(str(tmp_path / ".hidden"))
