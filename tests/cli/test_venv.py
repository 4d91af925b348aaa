import sys

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.wheels import wheel

SEEDS = [wheel(name, "99.0") for name in ("pip", "setuptools", "wheel")]


@pytest.fixture
def maker(run):
    """Finds the Python that runs the tests by an explicit path only."""
    del run.variables["VIRTUAL_ENV"]
    run.variables["UV_PYTHON"] = str(run.folder / "v" / "bin" / "python")
    return run


def said(printed):
    """Leave out the first line: it names the Python behind the environment."""
    first, *rest = printed.err.splitlines()
    assert first.startswith("Using CPython [PYTHON] interpreter at: ")
    return rest


def test_an_environment_is_made_and_how_to_enter_it_is_said(maker):
    printed = maker("venv")

    assert (0, "") == (printed.code, printed.out)
    assert said(printed) == snapshot(
        ["Creating virtual environment at: .venv", "Activate with: source .venv/bin/activate"]
    )
    assert (maker.folder / ".venv" / "bin" / "activate").is_file()


def test_what_is_there_is_kept(maker):
    maker("venv", "there")
    printed = maker("venv", "there")

    assert 2 == printed.code
    assert said(printed) == snapshot(
        [
            "Creating virtual environment at: there",
            "error: Failed to create virtual environment",
            "  cause: A virtual environment already exists at: there",
            "",
            "hint: Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing virtual environment",
        ]
    )


def test_what_is_there_is_replaced_where_that_is_asked_for(maker):
    maker("venv", "there")
    (maker.folder / "there" / "old").touch()

    assert 0 == maker("venv", "there", UV_VENV_CLEAR="1").code
    assert not (maker.folder / "there" / "old").exists()


def test_what_is_no_environment_is_not_emptied(maker):
    (maker.folder / "there").mkdir()
    (maker.folder / "there" / "mine").touch()
    printed = maker("venv", "there", "--clear")

    assert 2 == printed.code
    assert said(printed) == snapshot(
        [
            "Creating virtual environment at: there",
            "error: Failed to create virtual environment",
            "  cause: keyrack will not clear a directory that is not a virtual environment",
            "",
            "hint: Use the `--force` flag to remove the existing directory anyway",
        ]
    )
    assert (maker.folder / "there" / "mine").exists()
    assert 0 == maker("venv", "there", "--clear", "--force").code
    assert not (maker.folder / "there" / "mine").exists()


def test_a_file_is_in_the_way(maker):
    (maker.folder / "there").touch()

    assert said(maker("venv", "there")) == snapshot(
        [
            "Creating virtual environment at: there",
            "error: Failed to create virtual environment",
            "  cause: File exists at `there`",
        ]
    )


def test_seeds_are_installed_and_listed(maker):
    with public(*SEEDS) as index:
        printed = maker("venv", "there", "--seed", UV_DEFAULT_INDEX=index.index_url())

    added = [" + pip==99.0"] if sys.version_info >= (3, 12) else [f" + {one.name}==99.0" for one in SEEDS]
    assert [
        "Creating virtual environment with seed packages at: there",
        *added,
        "Activate with: source there/bin/activate",
    ] == said(printed)


def test_a_python_that_is_not_there_is_named(maker):
    assert str(maker("venv", "--python", "3.99")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: No interpreter found for Python 3.99 in search path
""")


def test_a_quiet_run_says_nothing(maker):
    assert (0, "", "") == maker("venv", "-q")


def test_a_switch_in_a_variable_is_on_or_off(maker):
    assert str(maker("venv", "there", UV_VENV_CLEAR="perhaps")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Failed to parse environment variable `UV_VENV_CLEAR` with invalid value `perhaps`: expected a boolish value
""")
