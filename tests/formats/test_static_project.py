"""What a pyproject.toml promises."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.static_project import parse_static_project
from keyrack.values.metadata import Metadata

FULL = """
[project]
name = "Foo_Bar"
version = "1.0"
requires-python = ">=3.8"
dependencies = ["a>=1", "b ; os_name == 'x' or os_name == 'y'"]
dynamic = ["readme"]
[project.optional-dependencies]
X_y = ["c", "d @ https://pkgs.example/d;1.zip", "e @ https://pkgs.example/e.zip ; os_name == 'x'"]
[tool.other]
key = 1
"""


def test_a_static_project_is_its_metadata():
    expected = Metadata(
        "foo-bar",
        Version("1.0"),
        (
            parse_requirement("a>=1"),
            parse_requirement("b ; os_name == 'x' or os_name == 'y'"),
            parse_requirement("c ; extra == 'x-y'"),
            parse_requirement("d @ https://pkgs.example/d;1.zip ; extra == 'x-y'"),
            parse_requirement("e @ https://pkgs.example/e.zip ; os_name == 'x' and extra == 'x-y'"),
        ),
        SpecifierSet(">=3.8"),
        ("x-y",),
    )

    assert expected == parse_static_project(FULL.encode())


def test_a_project_may_require_nothing():
    assert Metadata("a", Version("1")) == parse_static_project(b'[project]\nname = "a"\nversion = "1"')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[build-system]\nrequires = []",
        '[project]\nname = "a"',
        '[project]\nname = "a"\ndynamic = ["version"]',
        '[project]\nname = "a"\nversion = "1"\ndynamic = ["dependencies"]',
        '[project]\nname = "a"\nversion = "1"\ndynamic = ["optional-dependencies"]',
        '[project]\nname = "a"\nversion = "1"\ndynamic = ["requires-python"]',
        '[project]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\npython = "3"',
    ],
)
def test_where_only_a_build_can_tell_there_is_none(text):
    assert parse_static_project(text.encode()) is None


def test_a_poetry_project_with_standard_dependencies_is_static():
    text = b'[project]\nname = "a"\nversion = "1"\ndependencies = []\n[tool.poetry]\nname = "b"'

    assert Metadata("a", Version("1")) == parse_static_project(text)


@pytest.mark.parametrize(
    "text",
    [
        b"[project",
        b"\xff",
        b"[project]\nname = 1",
        b'[project]\nname = "a"\nversion = "one"',
        b'[project]\nname = "a"\nversion = "1"\ndependencies = ["b >= x"]',
        b"x = " + 20_000 * b"[",
    ],
)
def test_a_broken_project_is_an_error(text):
    with pytest.raises(InvalidText):
        parse_static_project(text)
