"""Folders and files in the place of an index."""

import pytest

from keyrack.adapters.folders import is_folder, list_files, read_part, read_whole, size_of
from keyrack.errors import KeyrackError


def test_a_folder_lists_its_files_in_order(tmp_path):
    for name in ("b.whl", "a.whl"):
        (tmp_path / name).touch()
    (tmp_path / "folder.whl").mkdir()

    assert ("a.whl", "b.whl") == list_files(str(tmp_path))


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    path = str(tmp_path / "gone")

    with pytest.raises(KeyrackError) as raised:
        list_files(path)

    expected = (f"Failed to read the folder `{path}`", ("No such file or directory (os error 2)",))
    assert expected == (raised.value.message, raised.value.causes)


def test_a_folder_is_told_from_a_file(tmp_path):
    (tmp_path / "file").touch()

    assert (True, False) == (is_folder(str(tmp_path)), is_folder(str(tmp_path / "file")))


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "page").write_bytes(b"text")

    assert b"text" == read_whole(str(tmp_path / "page"), 4)


@pytest.mark.parametrize("name", ["gone", "file/below"])
def test_a_file_that_is_not_there_is_none(tmp_path, name):
    (tmp_path / "file").touch()

    assert read_whole(str(tmp_path / name), 4) is None


def test_a_file_that_is_too_large_is_an_error(tmp_path):
    (tmp_path / "page").write_bytes(b"12345")

    with pytest.raises(KeyrackError) as raised:
        read_whole(str(tmp_path / "page"), 4)

    assert ("It is larger than 4 bytes",) == raised.value.causes


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path):
    with pytest.raises(KeyrackError) as raised:
        read_whole(str(tmp_path), 4)

    assert f"Failed to read `{tmp_path}`" == raised.value.message


def test_a_part_of_a_file_is_read_as_far_as_it_goes(tmp_path):
    (tmp_path / "file").write_bytes(b"0123456789")

    assert b"89" == read_part(str(tmp_path / "file"), 8, 20)


def test_the_size_of_a_file_is_known(tmp_path):
    (tmp_path / "file").write_bytes(b"0123456789")

    assert 10 == size_of(str(tmp_path / "file"))


def test_a_distribution_that_is_not_there_is_an_error(tmp_path):
    path = str(tmp_path / "gone")

    with pytest.raises(KeyrackError) as raised:
        size_of(path)

    assert f"Distribution not found at: `{path}`" == raised.value.message


def test_a_part_of_a_file_that_is_not_there_is_an_error(tmp_path):
    path = str(tmp_path / "gone")

    with pytest.raises(KeyrackError) as raised:
        read_part(path, 0, 1)

    assert f"Failed to read `{path}`" == raised.value.message
