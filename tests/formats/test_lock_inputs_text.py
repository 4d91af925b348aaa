import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.lock_inputs_text import parse_lock_inputs
from keyrack.values.conflicts import ConflictItem
from keyrack.values.lock import (
    LockedRequirement,
    RequiredFromIndex,
    ScopedExclude,
    ScopedOverride,
    StaticMetadata,
)
from keyrack.values.lock_inputs import LockInputs
from keyrack.values.requirement import FromTree
from keyrack.values.settings import ForkStrategy

WHOLE = """\
[tool.uv]
constraint-dependencies = ["idna<4", "lib @ ./lib"]
override-dependencies = [
    "a>=1",
    { package = { name = "b", version = "2" }, dependencies = ["c<3"] },
    { package = { name = "d" } },
]
exclude-dependencies = ["E.e", { package = { name = "b", version = "2" }, dependencies = ["c"] }, { package = { name = "d" } }]
build-constraint-dependencies = ["setuptools<70"]
environments = "sys_platform == 'linux'"
required-environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
conflicts = [[{ group = "x" }, { extra = "a" }, { package = "z" }], [{ extra = "b" }, { extra = "a" }]]
fork-strategy = "fewest"
minimum-libc-version = { glibc = "2.17" }
[[tool.uv.dependency-metadata]]
name = "foo"
version = "1.0"
requires-dist = ["trio", "idna"]
requires-python = ">=3.8"
provides-extras = ["z"]
[[tool.uv.dependency-metadata]]
name = "bar"
"""


def read(text, project="app"):
    return parse_lock_inputs(text, "pyproject.toml", "/srv/app", project)


def test_requirements_are_read():
    found = read(WHOLE)

    assert ["idna", "lib"] == [one.name for one in found.constraints]
    assert FromTree("/srv/app/lib").path == found.constraints[1].source.path
    assert (["a"], ["setuptools"]) == (
        [one.name for one in found.overrides],
        [one.name for one in found.build_constraints],
    )


def test_what_is_for_one_package_is_read():
    found = read(WHOLE)

    required = (LockedRequirement("c", source=RequiredFromIndex(SpecifierSet("<3"))),)
    assert (ScopedOverride("b", Version("2"), required), ScopedOverride("d")) == found.scoped_overrides
    assert (("e-e",), (ScopedExclude("b", Version("2"), ("c",)), ScopedExclude("d"))) == (
        found.excludes,
        found.scoped_excludes,
    )


def test_environments_are_read():
    linux, windows = Marker("sys_platform == 'linux'"), Marker("sys_platform == 'win32'")

    assert ((linux,), (linux, windows)) == (read(WHOLE).environments, read(WHOLE).required_environments)


def test_conflicts_are_about_the_project_unless_they_say_otherwise_and_each_set_is_in_order():
    assert (
        (ConflictItem("app", "a"), ConflictItem("app", group="x"), ConflictItem("z")),
        (ConflictItem("app", "a"), ConflictItem("app", "b")),
    ) == read(WHOLE).conflicts


def test_the_rest_is_read():
    found = read(WHOLE)

    assert (ForkStrategy.FEWEST, (("glibc", "2.17"),)) == (found.fork_strategy, found.minimum_libc)
    assert (
        StaticMetadata("foo", Version("1.0"), ("idna", "trio"), SpecifierSet(">=3.8"), ("z",)),
        StaticMetadata("bar"),
    ) == found.dependency_metadata


@pytest.mark.parametrize("text", ["", "tool = 1", "[tool]\n"], ids=["nothing", "no table", "an empty table"])
def test_what_says_nothing_asks_for_nothing(text):
    assert LockInputs() == read(text)


BROKEN = {
    "a requirement": ('constraint-dependencies = ["a =="]', "Unexpected end of version specifier"),
    "a marker": ('environments = ["x"]', "Expected a quoted string"),
    "a strategy": ('fork-strategy = "x"', "Invalid enum value 'x'"),
    "an override": ("override-dependencies = [{ package = 1 }]", "expected `object`, got `int`"),
    "a conflict": ('conflicts = [[{ extra = "a b" }]]', "Not a valid extra name"),
}


@pytest.mark.parametrize(("line", "words"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_told_with_its_place(line, words):
    with pytest.raises(InvalidText) as raised:
        read(f"[tool.uv]\n{line}\n")

    assert "Failed to parse: `pyproject.toml`" == raised.value.message
    assert words.lower() in raised.value.causes[0].lower()


def test_conflicts_of_no_project_must_name_a_package():
    with pytest.raises(InvalidText) as raised:
        read('[tool.uv]\nconflicts = [[{ extra = "a" }]]\n', project=None)

    assert "Expected `package` field in conflicting entry" in raised.value.causes[0]
