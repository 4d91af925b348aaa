"""`keyrack tree`: a project's lock as lines and as a picture."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from lab.registries.simple import public
from lab.wheels import wheel


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(wheel("a", "1.0", requires=["b"]), wheel("b", "1.0"), wheel("c", "1.0")) as served:
        yield served.index_url()


@pytest.fixture
def project(run, index):
    run.variables |= {
        "VIRTUAL_ENV": "",
        "UV_PYTHON": str(run.folder / "v" / "bin" / "python"),
        "UV_DEFAULT_INDEX": index,
    }
    (run.folder / "pyproject.toml").write_text(
        '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11"\n'
        "dependencies = ['a', 'c ; sys_platform == \"win32\"']\n"
    )
    return run


def test_a_tree_shows_what_is_needed_here(project):
    assert "app v1.0\n└── a v1.0\n    └── b v1.0\n" == project("tree").out
    assert (project.folder / "uv.lock").exists()


def test_a_tree_can_show_all_platforms(project):
    project("lock")

    assert "├── a v1.0" in project("tree", "--universal", "--frozen").out
    assert "└── c v1.0" in project("tree", "--python-platform", "windows").out


def test_a_tree_can_be_turned_round(project):
    assert "b v1.0\n└── a v1.0\n    └── app v1.0\n" == project("tree", "--invert").out


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_tree_is_drawn(project, form):
    drawn = project("tree", "--format", form).out

    assert 3 == drawn.count('<g class="package">')


def test_a_picture_is_written_into_a_file(project):
    told = project("tree", "--format", "svg", "-o", "tree.svg")

    assert "Wrote tree.svg\n" in told.err
    assert ET.parse(project.folder / "tree.svg").getroot().tag.endswith("svg")


def test_without_a_lock_there_is_nothing_frozen(project):
    told = project("tree", "--frozen", "--universal")

    assert 1 == told.code
    assert told.err.startswith("error: Unable to find lockfile at `uv.lock`, but `--frozen` was provided.")
    assert 1 == project("tree", "--locked").code
