import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.build_system import legacy_system, parse_build_system
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.build_system import LEGACY_BACKEND
from keyrack.values.names import package_name

SYSTEM = '[build-system]\nrequires = ["tool>=1"]\n'
SOURCES = '[tool.uv.sources]\ntool = { index = "own" }\n[[tool.uv.index]]\nname = "own"\nurl = "https://own.example/"\n'


def test_a_tree_that_says_nothing_is_built_by_setuptools():
    assert legacy_system() == parse_build_system("", "/tree")


def test_what_is_named_is_read():
    text = SYSTEM + 'build-backend = "be:backend"\nbackend-path = ["src", "."]\n'

    found = parse_build_system(text, "/tree")

    assert ((parse_requirement("tool>=1", "pyproject.toml", "/tree"),), "be:backend", ("src", ".")) == (
        found.requires,
        found.backend,
        found.backend_path,
    )


def test_without_a_backend_the_named_requirements_count_for_the_legacy_one():
    found = parse_build_system(SYSTEM, "/tree")

    assert (LEGACY_BACKEND, ["tool"]) == (found.backend, [one.name for one in found.requires])


def test_the_project_gives_its_name_and_version():
    text = '[project]\nname = "A.b"\nversion = "1.0"\ndynamic = ["dependencies"]\n'

    found = parse_build_system(text, "/tree")

    assert (package_name("a-b"), Version("1.0"), frozenset({"dependencies"})) == (
        found.name,
        found.version,
        found.dynamic,
    )


def test_a_version_that_is_none_is_not_known():
    assert parse_build_system('[project]\nname = "a"\nversion = "?"\n', "/tree").version is None


def test_a_relative_path_in_a_requirement_starts_at_the_tree():
    found = parse_build_system('[build-system]\nrequires = ["tool @ ./tool.whl"]\n', "/tree")

    assert "/tree/tool.whl" == found.requires[0].source.url.path


def test_a_backend_path_may_be_a_single_dot():
    assert (".",) == parse_build_system(SYSTEM + 'backend-path = "."\n', "/tree").backend_path


def test_sources_count_where_the_tree_is_the_users_own():
    found = parse_build_system(SYSTEM + SOURCES, "/tree", with_sources=True)

    assert (["tool"], ["own"]) == ([one.name for one in found.sources], [one.name for one in found.indexes])


def test_sources_of_what_an_index_serves_do_not_count():
    assert () == parse_build_system(SYSTEM + SOURCES, "/tree").sources


@pytest.mark.parametrize(
    "text",
    [
        "[build-system",
        "[build-system]\nrequires = 1\n",
        "[build-system]\n",
        SYSTEM + 'backend-path = "src"\n',
        '[build-system]\nrequires = ["?"]\n',
        "[project]\nversion = '1'\n",
    ],
    ids=["no toml", "type", "no requires", "backend path", "requirement", "no name"],
)
def test_what_is_no_build_system_is_refused(text):
    with pytest.raises(InvalidText):
        parse_build_system(text, "/tree")


@pytest.mark.parametrize("text", ["[tool]\nuv = 1\n", "[tool.uv]\nindex = 1\n"], ids=["table", "index"])
def test_sources_that_cannot_be_read_are_refused(text):
    with pytest.raises(InvalidText):
        parse_build_system(text, "/tree", with_sources=True)
