"""`authenticate` and half or double credentials: what contradicts itself is an error before any request (W9, group 12)."""

import pytest

from lab.registries.simple import Manner, private, public
from lab.registry import with_userinfo
from lab.wheels import wheel
from tests.scenarios.using import named

ME = ("me", "secret")


@pytest.fixture
def host():
    with private(wheel("lib", "1.0"), identity=ME) as host:
        yield host


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


def settings(url, authenticate, default, more=""):
    return (
        f'[[index]]\nname = "corp"\nurl = "{url}"\nauthenticate = "{authenticate}"\n{more}'
        f'[[index]]\nurl = "{default}"\ndefault = true\n'
    )


@pytest.mark.parametrize("by_variables", [True, False], ids=["environment", "inline"])
def test_never_with_credentials_is_an_error_before_any_request(user, host, open_index, by_variables):
    url = host.index_url() if by_variables else with_userinfo(host.index_url(), ME)
    user.write("uv.toml", settings(url, "never", open_index.index_url()))
    variables = {"UV_INDEX_CORP_USERNAME": "me", "UV_INDEX_CORP_PASSWORD": "secret"} if by_variables else {}

    said = user.install("lib", **variables)

    assert 2 == said.code
    assert "error: Index `corp` has credentials and must not use any" in said.err
    assert () == host.requests() + open_index.requests()


def test_never_sends_nothing_and_asks_nobody(user, host, open_index):
    netrc = user.write("netrc", "machine 127.0.0.1 login me password secret\n")
    user.write("uv.toml", settings(host.index_url(), "never", open_index.index_url()))

    said = user.install("lib", NETRC=str(user.folder / netrc))

    assert (1, []) == (said.code, user.installed())
    assert 'the index says `authenticate = "never"`' in said.err
    assert [None] == [entry.identity for entry in host.requests()]


def test_always_without_credentials_is_an_error_before_any_request(user, host, open_index):
    user.write("uv.toml", settings(host.index_url(), "always", open_index.index_url()))

    said = user.install("lib")

    assert 0 != said.code
    assert f"Missing credentials for: {host.index_url()}lib/" in said.err
    assert "hint: set UV_INDEX_CORP_USERNAME and UV_INDEX_CORP_PASSWORD" in said.err
    assert () == host.requests() + open_index.requests()


def test_always_with_a_name_that_has_no_password_is_an_error_before_any_request(user, host, open_index):
    user.write("uv.toml", settings(named(host.index_url(), "me"), "always", open_index.index_url()))

    said = user.install("lib")

    assert 0 != said.code
    assert "Index `corp` has a user name without a password" in said.err
    assert () == host.requests() + open_index.requests()


def test_a_password_without_a_user_name_is_an_error_before_any_request(user, host, open_index):
    words = ("--index", f"corp={host.index_url()}", "--default-index", open_index.index_url())

    said = user.install(*words, "lib", UV_INDEX_CORP_PASSWORD="secret")

    assert 2 == said.code
    assert "error: Index `corp` has a password without a user name" in said.err
    assert () == host.requests() + open_index.requests()


def test_a_variable_that_speaks_for_two_indexes_is_an_error_before_any_request(user, host, open_index):
    words = ("--index", f"my-idx={host.index_url()}", "--index", f"my_idx={open_index.index_url()}")
    variables = {"UV_INDEX_MY_IDX_USERNAME": "me", "UV_INDEX_MY_IDX_PASSWORD": "secret"}

    said = user.install(*words, "--default-index", open_index.index_url(), "lib", **variables)

    assert 2 == said.code
    assert "speaks for two indexes: `my-idx` and `my_idx`" in said.err
    assert () == host.requests() + open_index.requests()


@pytest.mark.parametrize(("codes", "version"), [("[401]", "99"), ("[403]", None)], ids=["ignored", "not-ignored"])
def test_codes_to_ignore_send_the_search_on(user, host, open_index, codes, version):
    more = f"ignore-error-codes = {codes}\n"
    user.write("uv.toml", settings(host.index_url(), "auto", open_index.index_url(), more))

    said = user.install("lib")

    assert ([f"lib-{version}"] if version else []) == user.installed(), said.err


def test_an_unsafe_strategy_passes_over_an_index_that_is_closed(user, host, open_index):
    words = ("--index", host.index_url(), "--default-index", open_index.index_url())

    said = user.install(*words, "--index-strategy", "unsafe-best-match", "lib")

    assert ["lib-99"] == user.installed(), said.err


def test_a_forbidden_package_is_not_looked_for_elsewhere(user, open_index):
    with private(wheel("lib", "1.0"), identity=ME, manner=Manner(unknown=403)) as host:
        words = ("--index", host.index_url(), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (1, []) == (said.code, user.installed())
        assert "403 Forbidden" in said.err
        assert () == open_index.requests()
