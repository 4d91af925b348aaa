import pytest

from keyrack.errors import InvalidText
from keyrack.formats.workspace_table import WorkspaceTable, read_workspace


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", WorkspaceTable(has_project=False)),
        ("[project]\nname = 'x'\n", WorkspaceTable(has_project=True)),
        ("[tool.uv]\nmanaged = false\n", WorkspaceTable(has_project=False, is_managed=False)),
        ("[tool.uv.workspace]\n", WorkspaceTable(has_project=False, members=())),
        (
            "[tool.uv.workspace]\nmembers = ['a/*']\nexclude = ['b']\n",
            WorkspaceTable(has_project=False, members=("a/*",), exclude=("b",)),
        ),
    ],
)
def test_a_file_says_what_it_is_the_file_of(text, expected):
    assert expected == read_workspace(text, "pyproject.toml")


def test_a_table_of_another_shape_is_an_error():
    with pytest.raises(InvalidText) as caught:
        read_workspace("[tool.uv.workspace]\nmembers = 'a'\n", "pyproject.toml")

    assert ("Expected `array`, got `str` - at `$.tool.uv.workspace.members`",) == caught.value.causes
