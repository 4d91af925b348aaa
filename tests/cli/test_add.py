"""`keyrack add` and `remove`, against an index of the lab."""

import tomllib
from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import private, public
from lab.wheels import wheel

HEAD = '# mine\n[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11"\n'
LIB1, LIB2 = wheel("lib", "1.2.3"), wheel("lib", "2.0.0")
NEEDY = wheel("needy", "0.5", requires=["lib<2"])


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(LIB1, LIB2, NEEDY) as served:
        yield served.index_url()


@pytest.fixture
def project(run, index):
    run.variables["VIRTUAL_ENV"] = ""
    run.variables["UV_PYTHON"] = str(run.folder / "v" / "bin" / "python")
    (run.folder / "app").mkdir()
    (run.folder / "app" / "pyproject.toml").write_text(
        f'{HEAD}\n[[tool.uv.index]]\nurl = "{index}"\ndefault = true\n', encoding="utf-8"
    )

    def call(*words, **variables):
        return run(*words, "--project", str(run.folder / "app"), **variables)

    call.folder = run.folder / "app"
    return call


def text(project):
    return (project.folder / "pyproject.toml").read_text(encoding="utf-8")


def read(project):
    return tomllib.loads(text(project))


def installed(project):
    return {
        path.name.partition("-")[0] for path in (project.folder / ".venv").glob("lib/python*/site-packages/*.dist-info")
    }


def test_a_requirement_gets_a_bound_and_everything_follows(project):
    made = project("add", "lib")

    assert 0 == made.code
    assert ["lib>=2.0.0"] == read(project)["project"]["dependencies"]
    assert 'version = "2.0.0"' in (project.folder / "uv.lock").read_text(encoding="utf-8")
    assert {"lib"} == installed(project)
    assert text(project).startswith("# mine\n")
    assert 1 == made.err.count("Using CPython")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--bounds", "major", "lib<2"], ["lib<2"]),
        (["--bounds", "major", "lib"], ["lib>=2.0.0,<3.0.0"]),
        (["--bounds", "exact", "lib"], ["lib==2.0.0"]),
        (["lib", "-m", "sys_platform == 'linux'"], ["lib>=2.0.0 ; sys_platform == 'linux'"]),
        (["lib", "--frozen"], ["lib"]),
    ],
    ids=["own", "major", "exact", "marker", "frozen"],
)
def test_bounds_and_markers_are_written(project, words, expected):
    project("add", "--no-sync", *words)

    assert expected == read(project)["project"]["dependencies"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["--dev"], ("dependency-groups", "dev")),
        (["--group", "Docs"], ("dependency-groups", "docs")),
        (["--optional", "fast"], ("project", "optional-dependencies", "fast")),
    ],
    ids=["dev", "group", "extra"],
)
def test_every_list_can_be_added_to_and_taken_from(project, words, where):
    project("add", "lib", "--no-sync", *words)
    found = read(project)
    for key in where:
        found = found[key]
    assert ["lib>=2.0.0"] == found

    elsewhere = project("remove", "lib")
    project("remove", "lib", "--no-sync", *words)

    assert 2 == elsewhere.code
    assert "hint: `lib` is" in elsewhere.err
    assert "lib" not in text(project)


def test_what_is_removed_leaves_the_environment(project):
    project("add", "lib")

    made = project("remove", "lib")

    assert 0 == made.code
    assert " - lib==2.0.0\n" in made.err
    assert set() == installed(project)
    assert [] == read(project)["project"]["dependencies"]


def test_what_cannot_be_resolved_leaves_everything_as_it_was(project):
    project("add", "lib")
    before = text(project), (project.folder / "uv.lock").read_bytes()

    made = project("add", "nowhere")

    assert 1 == made.code
    assert before == (text(project), (project.folder / "uv.lock").read_bytes())
    assert made.err == snapshot("""\
error: Failed to add dependencies
  cause: No solution found when resolving dependencies
  cause: Because nowhere was not found in the package registry and your project depends on nowhere, we
  ... can conclude that your project's requirements are unsatisfiable.

hint: If you want to add the package regardless of the failed resolution, provide the `--frozen` flag to
  ... skip locking and syncing
""")


def test_without_a_lock_before_none_stays_after_a_failure(project):
    project("add", "nowhere")

    assert not (project.folder / "uv.lock").exists()


def test_a_tree_is_added_with_its_path_and_one_below_becomes_a_member(project, run):
    for folder, name in (("other", "other"), ("app/libs/member", "member")):
        (run.folder / folder).mkdir(parents=True)
        (run.folder / folder / "pyproject.toml").write_text(HEAD.replace("app", name), encoding="utf-8")

    made = project("add", "--frozen", "./other", "./app/libs/member")

    assert "Added `libs/member` to workspace members\n" == made.err
    assert {"other": {"path": "../other"}, "member": {"workspace": True}} == read(project)["tool"]["uv"]["sources"]
    assert {"members": ["libs/member"]} == read(project)["tool"]["uv"]["workspace"]


@pytest.mark.parametrize(
    ("words", "requirement", "source"),
    [
        (["z @ git+https://git.example/z@main"], "z", {"git": "https://git.example/z", "rev": "main"}),
        (["--tag", "v1", "z @ git+https://git.example/z"], "z", {"git": "https://git.example/z", "tag": "v1"}),
        (["z @ https://x.example/z-1.0-py3-none-any.whl"], "z", {"url": "https://x.example/z-1.0-py3-none-any.whl"}),
        (["--raw", "z @ git+https://git.example/z@main"], "z @ git+https://git.example/z@main", None),
    ],
    ids=["git", "tag", "url", "raw"],
)
def test_sources_stand_beside_their_requirements(project, words, requirement, source):
    project("add", "--frozen", *words)

    assert [requirement] == read(project)["project"]["dependencies"]
    assert source == read(project)["tool"]["uv"].get("sources", {}).get("z")


def test_an_index_is_written_without_its_password(project):
    identity = ("me", "hush")
    with private(wheel("secret-lib", "1.0"), identity=identity) as served:
        url = served.index_url(identity=identity)

        made = project("add", "secret-lib", "--index", f"team={url}", "--no-sync")

    assert 0 == made.code
    assert "hush" not in text(project) + (project.folder / "uv.lock").read_text(encoding="utf-8") + made.err
    assert {"secret-lib": {"index": "team"}} == read(project)["tool"]["uv"]["sources"]
    assert "team" == read(project)["tool"]["uv"]["index"][0]["name"]


def test_a_lock_that_may_not_change_stays(project):
    project("add", "needy")
    before = (project.folder / "uv.lock").read_bytes()

    made = project("add", "lib", "--locked")

    assert 1 == made.code
    assert before == (project.folder / "uv.lock").read_bytes()
    assert ["needy>=0.5"] == read(project)["project"]["dependencies"]


def test_a_member_that_is_none_is_an_error(project):
    assert (2, "", "error: Package `nope` not found in workspace\n") == project("add", "lib", "--package", "nope")


NAMELESS = """
import os


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(os.path.join(folder, "told-1.0.dist-info"))
    with open(os.path.join(folder, "told-1.0.dist-info", "METADATA"), "w") as stream:
        stream.write("Metadata-Version: 2.1\\nName: told\\nVersion: 1.0\\n")
    return "told-1.0.dist-info"
"""


def test_a_name_that_only_a_build_tells_is_built_for(project, run):
    (run.folder / "tree").mkdir()
    (run.folder / "tree" / "backend.py").write_text(NAMELESS, encoding="utf-8")
    (run.folder / "tree" / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )

    made = project("add", "--frozen", "./tree")

    assert 0 == made.code
    assert {"told": {"path": "../tree"}} == read(project)["tool"]["uv"]["sources"]
