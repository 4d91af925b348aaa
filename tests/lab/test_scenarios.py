"""Scenarios read from TOML."""

from pathlib import Path

import pytest

from lab.client import ask
from lab.scenarios import load, scenario_files

SHARED = Path(__file__).parents[3] / "shared" / "scenarios"

TEXT = """
name = "example"
description = "One of everything."

[root]
requires = ["a[x]"]
requires_python = ">=3.10"

[expected]
satisfiable = true
explanation = "why not"

[expected.packages]
a = "1.0.0"

[resolver_options]
universal = true
no_build = ["a"]

[environment]
python = "3.11"

[testgen]
disable = true

[packages.a.versions."1.0.0"]
requires = ["b"]
requires_python = ">=3.9"
wheel_tags = ["py3-none-any", "cp311-cp311-win32"]
yanked = true
[packages.a.versions."1.0.0".extras]
x = ["c"]

[packages.b.versions."1.0"]
wheel = false

[packages.c.versions."1"]
sdist = false
"""


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "example.toml"
    path.write_text(TEXT)
    return load(path)


def test_question_is_read(example):
    assert (("a[x]",), ">=3.10", True, ("a",), "3.11") == (
        example.root.requires,
        example.root.requires_python,
        example.options.universal,
        example.options.no_build,
        example.environment.python,
    )


def test_answer_is_read(example):
    assert (True, {"a": "1.0.0"}, "why not", False) == (
        example.expected.satisfiable,
        example.expected.packages,
        example.expected.explanation,
        example.generated,
    )


def test_each_version_becomes_its_files(example):
    assert [
        "a-1.0.0-py3-none-any.whl",
        "a-1.0.0-cp311-cp311-win32.whl",
        "a-1.0.0.tar.gz",
        "b-1.0.tar.gz",
        "c-1-py3-none-any.whl",
    ] == [each.filename for each in example.artifacts]


def test_files_say_what_is_declared(example):
    first = example.artifacts[0]

    assert (">=3.9", "", True, True) == (
        first.requires_python,
        first.yanked,
        b"Requires-Dist: b\n" in first.metadata,
        b"Requires-Dist: c ; extra == 'x'\n" in first.metadata,
    )


def test_index_serves_the_packages(example):
    with example.index() as index:
        assert 200 == ask(index.index_url() + "a/").status


def test_no_folder_holds_no_scenarios(tmp_path):
    assert () == scenario_files(tmp_path / "nowhere")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared scenarios are not beside the repository")
def test_all_shared_scenarios_can_be_read():
    scenarios = [load(path) for path in scenario_files(SHARED)]

    assert 131 == len(scenarios)
