"""What stands behind `-e`."""

import pytest

from keyrack.errors import InvalidText
from keyrack.formats.editable_text import parse_editable
from keyrack.values.requirement import FromTree, Requirement, Unnamed


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (".", "/here"),
        ("./a", "/here/a"),
        ("a", "/here/a"),
        ("a b", "/here/a b"),
        (" /a ", "/a"),
        ("file:///a", "/a"),
        ("a#subdirectory=b", "/here/a/b"),
    ],
)
def test_a_folder_is_meant_whatever_it_looks_like(text, path):
    assert Unnamed(FromTree(path, editable=True)).source == parse_editable(text, root="/here").source


def test_extras_and_a_marker_may_follow():
    found = parse_editable("./a[x,y] ; os_name == 'nt'", root="/here")

    assert ({"x", "y"}, 'os_name == "nt"') == (found.extras, str(found.marker))


def test_a_name_may_stand_before_the_folder():
    found = parse_editable("lib @ ./a", root="/here")

    assert isinstance(found, Requirement)
    assert ("lib", FromTree("/here/a", editable=True)) == (found.name, found.source)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("git+https://u:p@git.example/a", "Git sources cannot be editable"),
        ("https://pkgs.example/a-1.zip", "Remote archives cannot be editable"),
        ("./a-1.zip", "Local archives cannot be editable"),
        ("lib==1", "Registry requirements cannot be editable"),
    ],
)
def test_nothing_but_a_folder_can_be_editable(text, cause):
    with pytest.raises(InvalidText) as caught:
        parse_editable(text, root="/here")

    assert ((cause,), False) == (caught.value.causes, "u:p" in caught.value.message)


def test_the_place_of_what_is_wrong_is_told():
    with pytest.raises(InvalidText) as caught:
        parse_editable("lib==1", "`a.txt` at line 3:", "/here")

    assert caught.value.message == "Unsupported editable requirement in `a.txt` at line 3: `lib==1`"
