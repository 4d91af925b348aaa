"""A user for each test."""

import venv

import pytest

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
