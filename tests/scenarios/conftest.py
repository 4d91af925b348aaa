"""A user for each test; the empty environment is made once."""

import venv

import pytest

from tests.scenarios.using import User


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "v"
    venv.create(folder, symlinks=True)
    return folder


@pytest.fixture
def user(tmp_path, empty_environment):
    return User(tmp_path, empty_environment)
