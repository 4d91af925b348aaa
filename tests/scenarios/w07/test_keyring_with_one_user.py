"""One user name, two indexes on one host, two passwords that only the keyring knows (W7, W15, group 4 of the tests)."""

import pytest

from lab.registries.simple import Files, Manner, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import Place, by_keyring, by_keyring_alone, named, refused, repeated

A, B = ("me", "password of a"), ("me", "password of b")
SHELVES = (
    Shelf("team/a", (wheel("lib-a", "1.0", requires=["lib-b"]),), (A,)),
    Shelf("team/b", (wheel("lib-b", "2.0"),), (B,)),
)


@pytest.fixture
def host():
    with simple(*SHELVES, manner=Manner(files=Files.UUID)) as host:
        yield host


@pytest.fixture
def open_index():
    with public() as index:
        yield index


def places(host):
    return [Place("a", host.index_url("team/a"), A), Place("b", host.index_url("team/b"), B)]


def test_each_index_gets_its_own_password_and_no_request_an_empty_one(user, host, open_index):
    given = by_keyring(user, places(host), open_index.index_url())

    said = user.install(*given.words, "lib-a", **given.variables)

    assert (0, ["lib-a-1.0", "lib-b-2.0"]) == (said.code, user.installed()), said.err
    assert [] == refused(host.requests())
    assert [] == repeated(host.requests())
    assert {"password of a", "password of b"} == {entry.password for entry in host.requests()}


def test_the_program_is_called_once_for_each_index_with_its_url(user, host, open_index):
    given = by_keyring(user, places(host), open_index.index_url())

    user.install(*given.words, "lib-a", **given.variables)

    urls = [place.url for place in places(host)]
    assert sorted(("get", url, "me") for url in urls) == sorted(user.keyring({}).calls())


def test_where_no_name_is_known_the_program_is_asked_for_it_too(user, host, open_index):
    given = by_keyring_alone(user, places(host), open_index.index_url())

    said = user.install(*given.words, "lib-a", **given.variables)

    urls = [place.url for place in places(host)]
    assert 0 == said.code, said.err
    assert sorted(("get", url, "--mode", "creds") for url in urls) == sorted(user.keyring({}).calls())


def test_a_password_that_the_keyring_lacks_is_missed_and_not_replaced(user, host, open_index):
    program = user.keyring({(host.index_url("team/a"), "me"): "password of a"})
    words = [word for place in places(host) for word in ("--index", f"{place.name}={named(place.url, 'me')}")]
    words += ["--default-index", open_index.index_url(), "--keyring-provider", "subprocess"]

    said = user.install(*words, "lib-a", PATH=program.path)

    assert (1, []) == (said.code, user.installed())
    assert "Index `b`" in said.err
    assert "Index `a`" not in said.err
    assert set() == {entry.password for entry in host.requests("/team/b/*")} - {"", None}


def test_without_the_program_the_error_says_what_was_asked(user, host, open_index):
    words = ["--index", f"a={named(host.index_url('team/a'), 'me')}", "--default-index", open_index.index_url()]

    said = user.install(*words, "--keyring-provider", "subprocess", "lib-a")

    assert 1 == said.code
    assert "keyring (no such program on PATH)" in said.err


def test_without_a_user_name_the_error_says_that_the_keyring_needs_one(user, host, open_index):
    program = user.keyring({(host.index_url("team/a"), "me"): "password of a"})
    words = ["--index", f"a={host.index_url('team/a')}", "--default-index", open_index.index_url()]

    said = user.install(*words, "--keyring-provider", "subprocess", "lib-a", PATH=program.path)

    assert 1 == said.code
    assert "keyring (not asked: no user name is known)" in said.err
    assert any("write a user name into the index URL" in hint for hint in said.hints)
