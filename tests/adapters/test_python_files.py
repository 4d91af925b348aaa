import pytest

from keyrack.adapters.python_files import managed_folders, project_file, version_file
from keyrack.errors import InvalidText


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_nearest_project_counts(tmp_path):
    write(tmp_path / "a/pyproject.toml", "outer = 1")
    write(tmp_path / "a/b/pyproject.toml", "inner = 1")
    (tmp_path / "a/b/c").mkdir()

    assert ("inner = 1", "outer = 1") == (
        project_file(str(tmp_path / "a/b/c")).text,
        project_file(str(tmp_path / "a")).text,
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([".python-version", ".python-versions"], ".python-version"),
        ([".python-versions"], ".python-versions"),
        (["../.python-version"], "../.python-version"),
        (["../../.python-version"], None),
        (["../../../own/uv/.python-version"], "own"),
        ([], None),
    ],
)
def test_the_nearest_version_file_counts_until_the_project_ends(tmp_path, files, expected):
    folder = tmp_path / "a/b/c"
    folder.mkdir(parents=True)
    for name in files:
        write((folder / name).resolve(), name)

    found = version_file(str(folder), str(tmp_path / "a/b"), {"XDG_CONFIG_HOME": str(tmp_path / "own")})

    assert expected == (found and ("own" if found.folder.endswith("own/uv") else found.text))


def test_the_users_own_version_file_lies_below_the_home(tmp_path):
    write(tmp_path / ".config/uv/.python-version", "3.12")
    (tmp_path / "work").mkdir()

    assert "3.12" == version_file(str(tmp_path / "work"), str(tmp_path / "work"), {"HOME": str(tmp_path)}).text


def test_what_is_no_file_is_passed_over(tmp_path):
    (tmp_path / ".python-version").mkdir()
    write(tmp_path / ".python-versions", "3.12")

    assert "3.12" == version_file(str(tmp_path), str(tmp_path), {}).text


def test_a_file_of_versions_that_is_no_text_is_an_error(tmp_path):
    (tmp_path / ".python-version").write_bytes(b"\xff")

    with pytest.raises(InvalidText, match="Failed to read"):
        version_file(str(tmp_path), str(tmp_path), {})


def test_a_project_that_is_no_text_is_passed_over(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")

    assert project_file(str(tmp_path)) is None or "pyproject.toml" == project_file(str(tmp_path)).name


def test_pythons_that_uv_has_installed_are_found_the_newest_first(tmp_path):
    root = tmp_path / "share/uv/python"
    for name in ("cpython-3.9.18-linux", "cpython-3.12.1-linux", "cpython-3.12.11-linux", "pypy-3.10.14-linux"):
        (root / name / "bin").mkdir(parents=True)
    (root / "cpython-3.12-linux").symlink_to("cpython-3.12.11-linux")
    (root / "cpython-3.8-broken").mkdir()
    (root / ".temp").mkdir()

    found = managed_folders({"XDG_DATA_HOME": str(tmp_path / "share")}, windows=False)

    names = ("cpython-3.12.11-linux", "cpython-3.12.1-linux", "pypy-3.10.14-linux", "cpython-3.9.18-linux")
    assert tuple(str(root / name / "bin") for name in names) == found
    assert 5 == len(managed_folders({"UV_PYTHON_INSTALL_DIR": str(root)}, windows=True))


def test_without_a_home_uv_has_installed_no_pythons(tmp_path):
    assert () == managed_folders({})
    assert () == managed_folders({"HOME": str(tmp_path)})
