"""Builds that fail or are refused, hashes of what builds need, and trees of the user's own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from tests.cli.building import ALL, LATE, TELLING_BACKEND, TOOL


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(*ALL) as served:
        yield served.index_url()


@pytest.fixture
def installer(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
    run.told = lambda what: next(run.folder.glob(f"v/lib/python3*/site-packages/told/{what}")).read_text()
    return run


def test_a_package_that_was_not_asked_for_is_told_with_who_needs_it(installer):
    printed = installer("pip", "install", "needing").err

    assert printed.rpartition("hint: ")[2] == snapshot(
        "`broken` (v1.0) was included because `needing` (v1.0) depends on `broken`\n"
    )


def test_output_of_builds_can_be_hidden(installer):
    printed = installer("pip", "install", "broken", UV_HIDE_BUILD_OUTPUT="1").err

    assert ("(exit status: 3)" in printed, "[stdout]" in printed) == (True, False)


def test_a_build_whose_hashes_are_required_needs_a_hash_for_each_requirement(installer):
    assert installer("pip", "install", "--require-build-hashes", "plain").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building plain==1.0
error: Failed to download and build `plain==1.0`
  cause: Failed to resolve requirements from `build-system.requires`
  cause: Hash-checking is required, but no trusted hash was provided for: `tool`
""")


def test_hashes_of_what_builds_need_come_with_the_constraints_of_builds(installer, tmp_path):
    lines = [f"{made.name}=={made.version} --hash=sha256:{made.sha256}\n" for made in (TOOL, LATE)]
    (tmp_path / "constraints.txt").write_text("".join(lines))

    printed = installer("pip", "install", "--require-build-hashes", "-b", "constraints.txt", "plain")

    assert printed.code == 0


def test_what_a_build_needs_must_have_the_hash_of_the_constraints_of_builds(installer, tmp_path):
    (tmp_path / "constraints.txt").write_text(f"tool==1.0 --hash=sha256:{'0' * 64}\n")

    printed = installer("pip", "install", "-b", "constraints.txt", "plain")

    assert (printed.code, "Hash mismatch for `tool==1.0`" in printed.err) == (1, True)


@pytest.fixture
def tree(tmp_path):
    """Make a tree of the user's own, whose backend tells what it saw."""

    def make(source):
        folder = tmp_path / "tree"
        (folder / "tool").mkdir(parents=True)
        (folder / "tool" / TOOL.filename).write_bytes(TOOL.body)
        (folder / "backend.py").write_text(TELLING_BACKEND)
        system = '[build-system]\nrequires = ["tool"]\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        (folder / "pyproject.toml").write_text(f'{system}[tool.uv.sources]\ntool = {{ path = "{source}" }}\n')

    return make


def test_a_tree_of_the_users_own_may_say_where_what_builds_it_comes_from(installer, tree):
    tree(f"tool/{TOOL.filename}")

    installer("pip", "install", "./tree")

    assert installer.told("tool") == "1.0"


def test_its_sources_do_not_count_where_sources_are_off(installer, tree):
    tree("nowhere.whl")

    installer("pip", "install", "--no-sources", "./tree")

    assert installer.told("tool") == "2.0"


def test_a_tree_without_a_build_system_is_built_by_setuptools(installer, tmp_path):
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "setup.py").write_text("")

    assert installer("pip", "install", "./tree").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: Failed to build `file://[FOLDER]/tree`
  cause: Failed to resolve requirements from `setup.py` build
  cause: No solution found when resolving: `setuptools>=40.8.0`
  cause: Because setuptools was not found in the package registry and you require setuptools>=40.8.0, we
  ... can conclude that your requirements are unsatisfiable.
""")


def test_a_folder_that_is_no_project_is_told(installer, tmp_path):
    (tmp_path / "tree").mkdir()

    printed = installer("pip", "install", "./tree")

    assert (printed.code, "does not appear to be a Python project" in printed.err) == (1, True)


@pytest.mark.parametrize(
    "text",
    [
        "[build-system",
        "[build-system]\nrequires = ['?']\n",
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['..']\n",
        "[build-system]\nrequires = []\nbuild-backend = ''\n",
        "[build-system]\nrequires = []\nbuild-backend = 'not there'\n",
        "[build-system]\nrequires = []\nbuild-backend = 'os:sep'\n",
    ],
    ids=["no toml", "requirement", "path", "empty backend", "no name", "no backend"],
)
def test_a_tree_with_a_bad_build_system_is_told_and_nothing_changes(installer, tmp_path, text):
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "setup.py").write_text("")
    (tmp_path / "tree" / "pyproject.toml").write_text(text)

    printed = installer("pip", "install", "./tree")

    assert (printed.code in (1, 2), "fault in keyrack" in printed.err, installer("pip", "freeze").out) == (
        True,
        False,
        "",
    )


def test_runs_that_build_one_tree_at_the_same_time_all_go_well(installer, tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    marks = "os.mkdir(os.path.join(HERE, 'busy')); os.rmdir(os.path.join(HERE, 'busy'))"
    backend = TELLING_BACKEND.replace(
        'FOLDER = "telling', 'HERE = os.path.dirname(os.path.abspath(__file__))\nFOLDER = "telling'
    ).replace("    files = {", f"    {marks}\n    files = {{", 1)
    (folder / "backend.py").write_text(backend)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(installer, "pip", "install", "--target", f"t{at}", "./tree") for at in range(4)]
        codes = [job.result(120).code for job in jobs]

    assert [0] * 4 == codes


def test_a_wheel_of_another_package_is_refused(installer):
    printed = installer("pip", "install", "lying")

    assert (printed.code, printed.err.partition("cause: ")[2]) == snapshot(
        (1, "Package metadata name `telling` does not match given name `lying`\n")
    )
