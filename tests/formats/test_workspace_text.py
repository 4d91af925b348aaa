import pytest
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.workspace_text import parse_project_facts
from keyrack.values.lock import AllGroups
from keyrack.values.workspace import ProjectFacts, WorkspaceTable

WHOLE = """\
[project]
name = "My.App"
version = "1.0"
requires-python = ">=3.9"
[project.optional-dependencies]
Fast_er = ["a"]
[project.scripts]
run = "app:main"
[build-system]
requires = []
[dependency-groups]
docs = ["b"]
[tool.uv]
managed = false
package = true
default-groups = ["docs"]
dev-dependencies = ["c"]
[tool.uv.dependency-groups]
docs = { requires-python = ">=3.11" }
dev = {}
[tool.uv.workspace]
members = ["libs/*"]
exclude = ["libs/old"]
[tool.uv.sources]
Lib_a = { workspace = true, editable = false }
lib-b = [{ workspace = true, marker = "os_name == 'nt'" }, { index = "x", marker = "os_name != 'nt'" }]
lib-c = { path = "c" }
lib-d = { workspace = "../other" }
"""


def test_all_is_read():
    assert ProjectFacts(
        name="my-app",
        version="1.0",
        requires_python=SpecifierSet(">=3.9"),
        extras=("fast-er",),
        groups=("docs", "dev"),
        default_groups=("docs",),
        group_requires_python=(("docs", SpecifierSet(">=3.11")),),
        managed=False,
        package=True,
        has_build_system=True,
        has_scripts=True,
        workspace=WorkspaceTable(("libs/*",), ("libs/old",)),
        of_workspace=frozenset({"lib-a", "lib-b"}),
    ) == parse_project_facts(WHOLE, "pyproject.toml")


def test_what_says_nothing_is_a_root_without_project():
    assert ProjectFacts() == parse_project_facts("", "pyproject.toml")


def test_a_project_needs_no_more_than_a_name():
    assert ProjectFacts("a") == parse_project_facts('[project]\nname = "a"\n', "pyproject.toml")


def test_older_development_requirements_are_the_group_dev_once():
    text = '[dependency-groups]\ndev = []\n[tool.uv]\ndev-dependencies = []\ndefault-groups = "all"\n'

    found = parse_project_facts(text, "pyproject.toml")

    assert (("dev",), AllGroups()) == (found.groups, found.default_groups)


BROKEN = {
    "a name that is none": ('[project]\nname = "a b"\n', "line 2, column 8", "Not a valid package name: 'a b'"),
    "no name": ("[project]\nversion = '1'\n", "line 1, column 1", "missing field `name`"),
    "groups by a wrong word": ('[tool.uv]\ndefault-groups = "x"\n', "line 2, column 18", 'must be "all"'),
    "a range that is none": ("[tool.uv.dependency-groups]\na = {requires-python = '3'}\n", "line 2", "operator"),
    "a switch that is none": ("[tool.uv]\nmanaged = 1\n", "line 2, column 11", "expected `bool`, got `int`"),
    "an extra that is none": (
        "[project]\nname = 'a'\noptional-dependencies = { 'a b' = [] }\n",
        "line 3",
        "extra name",
    ),
}


@pytest.mark.parametrize(("text", "place", "words"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_told_with_its_line(text, place, words):
    with pytest.raises(InvalidText) as raised:
        parse_project_facts(text, "pyproject.toml")

    assert "Failed to parse: `pyproject.toml`" == raised.value.message
    assert place in raised.value.causes[0]
    assert words in raised.value.causes[0]
