import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.project_version import VersionTable, read_version_table
from keyrack.values.names import PackageName


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'A_b'\nversion = '1.0'", VersionTable(PackageName("a-b"), Version("1.0"), is_dynamic=False)),
        ("name = 'a'\ndynamic = ['version']", VersionTable(PackageName("a"), None, is_dynamic=True)),
        ("name = 'a'", VersionTable(PackageName("a"), None, is_dynamic=False)),
    ],
)
def test_name_and_version_are_read(text, expected):
    assert expected == read_version_table(f"[project]\n{text}\n", "pyproject.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ("No `project` table found in: p",)),
        ("[project]", ("Missing `project.name` field in: p",)),
        ("[project]\nname = 1", ("Failed to parse: p", "Expected `str | null`, got `int` - at `$.project.name`")),
        ("[project]\nname = 'a'\nversion = 'x'", ("Failed to parse: p", "Not a valid version: 'x'")),
    ],
)
def test_what_is_no_projects_file_is_an_error(text, said):
    with pytest.raises(InvalidText) as caught:
        read_version_table(text, "p")

    assert said == (caught.value.message, *caught.value.causes)
