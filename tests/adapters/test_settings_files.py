import os

import pytest

from keyrack.adapters.settings_files import (
    UnreadableFile,
    named_file,
    project_files,
    system_file,
    user_file,
)


def write(path, text="x = 1", encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)


def test_folders_are_walked_upwards(tmp_path):
    write(tmp_path / "uv.toml")
    write(tmp_path / "a/pyproject.toml", "[project]")
    (tmp_path / "a/b").mkdir()

    found = [
        pair for pair in project_files(str(tmp_path / "a/b")) if (pair[0] or pair[1]).folder.startswith(str(tmp_path))
    ]

    assert [(None, str(tmp_path / "a/pyproject.toml")), (str(tmp_path / "uv.toml"), None)] == [
        tuple(file and file.path for file in pair) for pair in found
    ]


@pytest.mark.parametrize(("variable", "folder"), [("XDG_CONFIG_HOME", "uv"), ("HOME", ".config/uv")])
def test_the_users_file_lies_in_the_configuration_folder(tmp_path, variable, folder):
    write(tmp_path / folder / "uv.toml", "offline = true")

    assert "offline = true" == user_file({variable: str(tmp_path)}).text


def test_there_may_be_no_users_file(tmp_path):
    assert user_file({"HOME": str(tmp_path)}) is None


def test_the_first_file_of_the_system_counts(tmp_path):
    write(tmp_path / "b/uv/uv.toml", "b = 1")
    write(tmp_path / "c/uv/uv.toml", "c = 1")

    assert "b = 1" == system_file({"XDG_CONFIG_DIRS": os.pathsep.join(str(tmp_path / name) for name in "abc")}).text


@pytest.mark.parametrize("path", ["uv.toml", "sub/../uv.toml"])
def test_a_named_file_is_found_from_the_folder_of_the_run(tmp_path, path):
    write(tmp_path / "uv.toml", "offline = true")
    (tmp_path / "sub").mkdir()

    file = named_file(path, str(tmp_path))

    assert (str(tmp_path), "uv.toml", "offline = true") == (file.folder, file.name, file.text)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(UnreadableFile) as caught:
        named_file("nope.toml", str(tmp_path))

    assert ("failed to open file `nope.toml`", ("No such file or directory (os error 2)",)) == (
        caught.value.message,
        caught.value.causes,
    )


def named(folder):
    return named_file("uv.toml", folder)


def found(folder):
    return next(project_files(folder))


@pytest.mark.parametrize("read", [named, found])
def test_a_file_that_is_no_text_is_refused(tmp_path, read):
    write(tmp_path / "uv.toml", "é", "latin-1")

    with pytest.raises(UnreadableFile) as caught:
        read(str(tmp_path))

    assert ("it is not UTF-8 text",) == caught.value.causes


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path):
    write(tmp_path / "uv.toml", "x = 1", "utf-8-sig")

    assert "x = 1" == named_file("uv.toml", str(tmp_path)).text


def test_a_folder_in_the_place_of_a_file_is_passed_over(tmp_path):
    (tmp_path / "uv.toml").mkdir()
    write(tmp_path / "pyproject.toml")

    uv_toml, pyproject = next(project_files(str(tmp_path)))

    assert (None, "x = 1") == (uv_toml, pyproject.text)
