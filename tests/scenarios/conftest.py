"""A user for each test."""

import pytest

from tests.scenarios.using import User, made_fresh


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    return made_fresh(tmp_path_factory.mktemp("fresh"))


@pytest.fixture
def user(tmp_path, fresh):
    return User(tmp_path, fresh)
