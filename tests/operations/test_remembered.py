"""Runs of the program against a registry of the lab: who is asked the second time?"""

import io
import venv

import pytest

from keyrack.adapters.terminal import Terminal
from keyrack.cli.main import Program
from keyrack.values.volume import Volume
from lab.registries.simple import Manner, private, public, simple
from lab.registry import Shelf
from lab.wheels import wheel

LIB, MORE = wheel("lib", "1.0", requires=["more"]), wheel("more", "2.0")
LINE = "Found a resolution of the same requirements"
FRESH = Manner(max_age=600)


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "v"
    venv.create(folder, symlinks=True)
    return folder


@pytest.fixture
def run(tmp_path, empty_environment):
    """Resolve for an empty environment; what was said comes back."""

    def resolve(url, *words, program=("pip", "install", "--dry-run"), **variables):
        said = io.StringIO()
        surrounding = {
            "HOME": str(tmp_path),
            "PATH": "",
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_NO_SYSTEM_CONFIG": "1",
            "UV_DEFAULT_INDEX": url,
            **variables,
        }

        def open_terminal(_given, _variables):
            return Terminal(said, said, volume=Volume.VERBOSE, colors=(False, False))

        words = (*program, "--verbose", "--python", str(empty_environment), *words)
        code = Program(surrounding, open_terminal, str(tmp_path)).run(words)
        assert 0 == code, said.getvalue()
        return said.getvalue()

    return resolve


def listed(said):
    return [line.strip() for line in said.splitlines() if line.startswith(" + ")]


def test_the_same_question_is_answered_without_reading_a_page(run):
    with public(LIB, MORE, manner=FRESH) as index:
        first = run(index.index_url(), "lib")
        asked = len(index.requests())
        second = run(index.index_url(), "lib")

        assert asked == len(index.requests())
    assert LINE not in first
    assert LINE in second
    assert ["+ lib==1.0", "+ more==2.0"] == listed(first) == listed(second)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("more",), id="other requirements"),
        pytest.param(("lib", "--no-deps"), id="other settings"),
        pytest.param(("lib", "--python-version", "3.99"), id="another Python"),
        pytest.param(("lib", "--refresh"), id="asked to ask"),
        pytest.param(("lib", "--no-cache"), id="without a cache"),
        pytest.param(("lib", "--offline"), id="without a network"),
    ],
)
def test_another_question_is_resolved(run, words):
    with public(LIB, MORE, manner=FRESH) as index:
        run(index.index_url(), "lib")

        assert LINE not in run(index.index_url(), *words)


def test_another_index_is_another_question(run):
    with public(LIB, MORE, manner=FRESH) as one, public(LIB, MORE, manner=FRESH) as two:
        run(one.index_url(), "lib")

        assert LINE not in run(two.index_url(), "lib")


def test_another_identity_is_another_question(run):
    one, two = ("one", "first secret"), ("two", "second secret")
    with simple(Shelf("team", (LIB, MORE), (one, two)), manner=FRESH) as host:
        run(host.index_url("team", one), "lib")

        assert LINE in run(host.index_url("team", one), "lib")
        assert LINE not in run(host.index_url("team", two), "lib")


def test_a_page_that_was_fetched_anew_is_read(run):
    with public(LIB, MORE, manner=FRESH) as index:
        run(index.index_url(), "lib")
        run(index.index_url(), "lib", "--refresh")

        assert LINE not in run(index.index_url(), "lib")


def test_what_may_not_be_kept_is_not_remembered(run):
    with public(LIB, MORE, manner=Manner(max_age=None)) as index:
        run(index.index_url(), "lib")

        assert LINE not in run(index.index_url(), "lib")


def test_what_was_passed_over_for_another_index_is_asked_again(run):
    with public(LIB, MORE, manner=FRESH) as index, public(manner=FRESH) as first:
        run(index.index_url(), "lib", UV_INDEX=first.index_url())

        assert LINE not in run(index.index_url(), "lib", UV_INDEX=first.index_url())


def test_a_damaged_memory_is_none(run, tmp_path):
    with public(LIB, MORE, manner=FRESH) as index:
        run(index.index_url(), "lib")
        for kept in (tmp_path / "cache/resolutions-v1/_").iterdir():
            kept.write_bytes(kept.read_bytes()[:-1] + b"\0")

        assert LINE not in run(index.index_url(), "lib")


def test_no_secret_is_in_what_is_remembered(run, tmp_path):
    identity = ("user", "very secret")
    with private(LIB, MORE, identity=identity, manner=FRESH) as index:
        run(index.index_url("", identity), "lib")

    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache/resolutions-v1/_").iterdir())
    assert b"lib-1.0" in kept
    assert b"very secret" not in kept
    assert b"very%20secret" not in kept
