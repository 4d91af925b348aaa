import pytest
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.pyproject import Place, parse_pyproject
from keyrack.values.names import group_name
from keyrack.values.project import GroupInclude

NO_VERSION = (
    "`pyproject.toml` is using the `[project]` table, but the required `project.version` field is neither set nor"
    " present in the `project.dynamic` list"
)
NO_OPERATOR = '`requires-python`: no such comparison operator "", must be one of ~= == != <= >= < > ==='
UNKNOWN_SOURCE = (
    "TOML parse error at line 1, column 1\n  |\n1 | [tool.uv.sources]\n  | ^^^^^^^^^^^^^^^^^\nunknown field `indx`"
)
PLACE = Place("pyproject.toml", "/work")
HEAD = '[project]\nname = "Proj"\nversion = "1"\n'


def read(text):
    return parse_pyproject(text, PLACE)


def texts(requirements):
    return [f"{requirement.name}{requirement.specifier}" for requirement in requirements]


def causes(text):
    with pytest.raises(InvalidText) as caught:
        read(text)
    assert "Failed to parse: pyproject.toml" == caught.value.message
    return caught.value.causes


def test_a_project_has_a_name_and_dependencies():
    project = read(HEAD + 'dependencies = ["six>1", "seven"]\n[project.optional-dependencies]\nX_y = ["eight"]')

    assert ("proj", ["six>1", "seven"], {"x-y": ["eight"]}) == (
        project.name,
        texts(project.dependencies),
        {name: texts(some) for name, some in project.optional.items()},
    )


@pytest.mark.parametrize(("text", "expected"), [("", None), ('requires-python = ">=3.11"', SpecifierSet(">=3.11"))])
def test_a_project_may_say_which_pythons_it_is_for(text, expected):
    assert expected == read(HEAD + text).requires_python


def test_a_relative_path_starts_at_the_folder_of_the_file():
    (found,) = read(HEAD + 'dependencies = ["six @ ./six-1-py3-none-any.whl"]').dependencies

    assert "file:///work/six-1-py3-none-any.whl" == str(found.source.url)


def test_dynamic_fields_are_not_known():
    project = read('[project]\nname = "a"\ndynamic = ["version", "dependencies", "optional-dependencies"]')

    assert (None, None) == (project.dependencies, project.optional)


def test_a_file_without_a_project_has_no_name():
    assert None is read("[tool.other]\nx = 1").name


def test_groups_keep_their_includes():
    project = read('[dependency-groups]\nDev = ["six", {include-group = "Test_x"}]\n"test.x" = []')

    assert {"dev": ["six", GroupInclude(group_name("test-x"))], "test-x": []} == {
        name: [item if isinstance(item, GroupInclude) else item.name for item in items]
        for name, items in project.groups.items()
    }


def test_dev_dependencies_of_the_older_form_belong_to_the_group_dev():
    project = read('[dependency-groups]\ndev = ["six"]\n[tool.uv]\ndev-dependencies = ["seven"]')

    assert ["six", "seven"] == texts(project.groups["dev"])


def test_sources_and_indexes_are_read_and_other_settings_are_not():
    project = read(
        '[tool.uv]\nbogus = 1\n[[tool.uv.index]]\nname = "a"\nurl = "https://a.example/simple"\n'
        '[tool.uv.sources]\nSix = { index = "a" }'
    )

    assert (["a"], [("six", "a")]) == (
        [index.name for index in project.indexes],
        [(source.name, source.index) for source in project.sources],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "dependencies = 1", ("Expected `array`, got `int` - at `$.project.dependencies`",)),
        (
            HEAD + 'dependencies = ["six =="]',
            ("Unexpected end of version specifier, expected version\nsix ==\n    ^^",),
        ),
        (
            '[project]\nname = "a"',
            (NO_VERSION,),
        ),
        (
            HEAD + 'requires-python = "x"',
            (NO_OPERATOR,),
        ),
        ("[tool.uv.sources]\nsix = { indx = 1 }", (UNKNOWN_SOURCE,)),
        ('[dependency-groups]\na-b = []\n"A.B" = []', ("duplicate dependency group: `a-b`",)),
    ],
)
def test_a_fault_names_the_file(text, expected):
    assert expected == causes(text)
