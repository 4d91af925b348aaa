"""A user for each test, and the servers of each kind for all tests of a module."""

import contextlib
import venv

import pytest

from tests.registries.team import opened
from tests.scenarios.using import Fresh, User


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fresh")
    made = Fresh(folder / "empty", folder / "v", folder / "cache")
    venv.create(made.empty, symlinks=True)
    said = User(folder, made).run("pip", "list")
    assert (0, "") == (said.code, said.out), said.err
    return made


@pytest.fixture
def user(tmp_path, fresh):
    return User(tmp_path, fresh)


@pytest.fixture(scope="module")
def teams():
    """Give the team of a kind: `teams(kind)`; its servers know nothing of earlier tests."""
    made = {}
    with contextlib.ExitStack() as stack:

        def of(kind):
            team = made.get(kind) or made.setdefault(kind, opened(kind, stack))
            team.clear()
            return team

        yield of
