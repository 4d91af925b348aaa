"""Names of trees on this disk, and places that are none."""

import pytest

from keyrack.errors import InvalidText
from keyrack.operations.tree_names import NotThere, name_at, named
from keyrack.values.names import package_name
from keyrack.values.requirement import FromTree, FromUrl, Requirement, Unnamed
from keyrack.values.source_url import file_url


def test_a_tree_gets_the_name_that_its_files_tell(tmp_path):
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = lib\n")

    assert Requirement(package_name("lib"), source=FromTree(str(tmp_path))) == named(
        Unnamed(FromTree(str(tmp_path))), "."
    )


def test_a_tree_whose_files_tell_nothing_stays_without_a_name(tmp_path):
    one = Unnamed(FromTree(str(tmp_path)))

    assert one == named(one, ".")


def test_a_name_that_was_written_is_left(tmp_path):
    one = Requirement(package_name("other"), source=FromTree(str(tmp_path)))

    assert one == named(one, "other @ .")


def test_archives_are_left_to_those_who_read_them():
    one = Unnamed(FromUrl(file_url("/nowhere.zip")))

    assert one == named(one, "./nowhere.zip")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotThere, match=f"Distribution not found at: {file_url(str(tmp_path)).exact}/x"):
        named(Unnamed(FromTree(str(tmp_path / "x"))), "./x")


def test_a_mistyped_url_is_no_place_to_show_a_password():
    with pytest.raises(NotThere) as caught:
        named(Unnamed(FromTree("/here/lib==https:/me:hunter2@/simple")), "lib==https://me:hunter2@/simple")

    assert caught.value.message == "Distribution not found at: file:///here/lib==https:/****@/simple"


def test_a_file_that_is_no_archive_is_told(tmp_path):
    (tmp_path / "x.md").write_text("")

    with pytest.raises(InvalidText) as caught:
        named(Requirement(package_name("lib"), source=FromTree(str(tmp_path / "x.md"))), "lib @ ./x.md")

    assert caught.value.causes[0].startswith("Expected path (`./x.md`) to end in a supported file extension: `.whl`")


def test_what_cannot_be_read_tells_no_name(tmp_path):
    (tmp_path / "PKG-INFO").mkdir()

    assert name_at(str(tmp_path)) is None
