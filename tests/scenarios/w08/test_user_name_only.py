"""A user name without a password (W8): it is looked up, and an empty password goes out only where the user wrote it."""

import pytest

from lab.registries.simple import private, public
from lab.wheels import wheel
from tests.scenarios.using import named

LIB = wheel("lib", "1.0")


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


def test_a_token_may_stand_in_the_place_of_the_user_name(user, open_index):
    with private(LIB, identity=("token", "")) as host:
        url = named(host.index_url(), "token")

        said = user.install("--index", url, "--default-index", open_index.index_url(), "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {("token", "")} == {entry.identity for entry in host.requests()}


def test_an_empty_user_name_with_a_token_works(user, open_index):
    with private(LIB, identity=("", "token")) as host:
        url = host.index_url("", ("", "token"))

        said = user.install("--index", url, "--default-index", open_index.index_url(), "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_a_name_from_the_environment_alone_sends_no_empty_password(user, open_index):
    with private(LIB, identity=("me", "secret")) as host:
        words = ("--index", f"corp={host.index_url()}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", UV_INDEX_CORP_USERNAME="me")

        assert (1, []) == (said.code, user.installed())
        assert "Index `corp` has a user name without a password" in said.err
        assert {None} == {entry.identity for entry in host.requests()}


def test_a_name_in_the_url_and_a_password_in_the_environment_make_one(user, open_index):
    with private(LIB, identity=("me", "secret")) as host:
        words = ("--index", f"corp={named(host.index_url(), 'me')}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", UV_INDEX_CORP_PASSWORD="secret")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {("me", "secret")} == {entry.identity for entry in host.requests()}


def test_a_name_is_completed_by_netrc(user, open_index):
    netrc = user.write("netrc", "machine 127.0.0.1 login other password no\nmachine 127.0.0.1 login me password yes\n")
    with private(LIB, identity=("me", "yes")) as host:
        words = ("--index", named(host.index_url(), "me"), "--default-index", open_index.index_url())

        said = user.install(*words, "lib", NETRC=str(user.folder / netrc))

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {("me", "yes")} == {entry.identity for entry in host.requests()}
