"""What projects and trees require, at the sources that they name."""

import msgspec
import pytest
from packaging.version import Version

from keyrack.operations.lowering import Lowering, OutsideRepository, members_around, read_project
from keyrack.policy.index.pins import UndeclaredIndex, Where
from keyrack.supply.source_metadata import Place
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.url import parse_url
from tests.policy.resolve.asking import parsed

PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = {}\n[tool.uv.sources]\n{}\n'
GIT = FromGit(parse_url("https://git.example/repo").url, "v1")


def write(folder, dependencies="[]", sources="", more=""):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(dependencies, sources) + more)
    return str(folder)


def lowered(folder, *requires, place=None, layers=(), known=()):
    found = Metadata(package_name("app"), Version("1"), parsed(*requires))
    place = place or Place(folder)
    return Lowering(layers).metadata(found, place, lambda index: index in known).requires


def sources(requires):
    return [one.source for one in requires]


def test_what_a_tree_requires_comes_from_its_own_sources(tmp_path):
    folder = write(tmp_path / "app", sources='lib = { path = "../lib" }')

    assert [FromTree(str(tmp_path / "lib"), editable=False, virtual=False), FromIndex()] == sources(
        lowered(folder, "lib>1", "other")
    )


def test_a_source_of_an_extra_is_for_what_the_extra_requires(tmp_path):
    folder = write(tmp_path, sources='lib = { git = "https://git.example/lib", extra = "x" }')

    assert [FromIndex(), FromGit(parse_url("https://git.example/lib").url)] == sources(
        lowered(folder, "lib", "lib ; extra == 'x'")
    )


@pytest.mark.parametrize(
    "layer",
    [
        Layer(place="flags", no_sources=True),
        Layer(place="flags", no_sources_package=(package_name("lib"),)),
    ],
)
def test_no_sources_leaves_what_is_published(tmp_path, layer):
    folder = write(tmp_path, sources='lib = { path = "lib" }')

    assert [FromIndex()] == sources(lowered(folder, "lib", layers=(layer,)))


def test_a_tree_without_a_project_has_no_sources(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.uv.sources]\nlib = { path = "lib" }\n')

    assert [FromIndex()] == sources(lowered(str(tmp_path), "lib"))


def test_a_tree_without_a_file_has_none_either(tmp_path):
    assert [FromIndex()] == sources(lowered(str(tmp_path), "lib"))


def test_a_member_inherits_the_sources_of_its_workspace(tmp_path):
    write(tmp_path, sources='lib = { path = "lib" }', more='[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    member = write(tmp_path / "packages" / "app")
    (tmp_path / "packages" / "app" / "pyproject.toml").write_text('[project]\nname = "member"\nversion = "1"\n')

    assert [str(tmp_path / "lib")] == [one.path for one in sources(lowered(member, "lib"))]


def test_members_know_each_other(tmp_path):
    write(tmp_path, more='[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    folder = tmp_path / "packages" / "lib"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n')

    assert {"app": str(tmp_path), "lib": str(folder)} == members_around(str(tmp_path))


def test_a_tree_that_is_no_package_is_not_built(tmp_path):
    folder = write(tmp_path / "app", sources='lib = { path = "../lib" }')
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname="lib"\nversion="1"\n[tool.uv]\npackage = false\n')

    assert [True] == [one.virtual for one in sources(lowered(folder, "lib"))]


def test_an_index_of_the_run_may_be_named(tmp_path):
    index = '[[tool.uv.index]]\nname = "team"\nurl = "https://team.example/simple"\n'
    folder = write(tmp_path, sources='lib = { index = "team" }', more=index)

    assert [FromIndex("team")] == sources(lowered(folder, "lib", known=("team",)))


def test_an_index_that_the_run_does_not_know_is_told(tmp_path):
    index = '[[tool.uv.index]]\nname = "team"\nurl = "https://team.example/simple"\n'
    folder = write(tmp_path, sources='lib = { index = "team" }', more=index)

    with pytest.raises(UndeclaredIndex) as caught:
        lowered(folder, "lib")

    assert "Name the same index in your own configuration" in caught.value.hints


def test_an_index_of_the_command_line_comes_first(tmp_path):
    told = IndexEntry(parse_url("https://told.example/simple"), "team")
    folder = write(
        tmp_path,
        sources='lib = { index = "team" }',
        more='[[tool.uv.index]]\nname = "team"\nurl = "https://team.example/simple"\n',
    )
    project = read_project(folder)
    layer = Layer(place="flags", kind=LayerKind.TOLD, index=(told,))

    found = Lowering((layer,)).of(project, folder)(parsed("lib")[0], Where())

    assert ["https://told.example/simple"] == [str(one.parsed.url) for one in found.indexes]


def test_indexes_are_found_through_trees(tmp_path):
    write(tmp_path / "app", '["lib"]', 'lib = { path = "../lib" }')
    write(
        tmp_path / "lib",
        '["dep", "app"]\noptional-dependencies = {x = ["far"]}',
        'dep = { index = "team" }\napp = { path = "../app" }',
        '[[tool.uv.index]]\nname = "team"\nurl = "https://team.example/simple"\n',
    )

    found = Lowering(()).indexes_of(FromTree(str(tmp_path / "app")), set())

    assert ["https://team.example/simple"] == [str(one.parsed.url) for one in found]


def test_a_path_within_a_checkout_is_a_folder_of_the_repository(tmp_path):
    folder = write(tmp_path / "sub", sources='lib = { path = ".." }\nother = { path = "../other" }')
    place = Place(folder, GIT, str(tmp_path))

    assert [GIT, msgspec.structs.replace(GIT, subdirectory="other")] == sources(
        lowered(folder, "lib", "other", place=place)
    )


@pytest.mark.parametrize("path", ["../../out", "lib-1.zip"])
def test_a_repository_reaches_nothing_of_this_disk(tmp_path, path):
    folder = write(tmp_path / "sub", sources=f'lib = {{ path = "{path}" }}')

    with pytest.raises(OutsideRepository):
        lowered(folder, "lib", place=Place(folder, GIT, str(tmp_path)))


def test_a_repository_may_name_archives_of_the_web(tmp_path):
    folder = write(tmp_path, sources='lib = { url = "https://pkgs.example/lib-1.zip" }')

    assert [FromUrl(parse_url("https://pkgs.example/lib-1.zip").url)] == sources(
        lowered(folder, "lib", place=Place(folder, GIT, str(tmp_path)))
    )
