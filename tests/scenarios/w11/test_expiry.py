"""Tokens that expire in the middle of a run, or that nobody ever accepted (W11, groups 8 and 9 of the tests)."""

import pytest

from lab.faults import Fault
from lab.registries.simple import Manner, private, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import named

LIBS = tuple(wheel(f"lib-{letter}", "1.0") for letter in "abcde")
NAMES = [f"lib-{letter}" for letter in "abcde"]
INSTALLED = [f"{name}-1.0" for name in NAMES]


@pytest.fixture
def open_index():
    with public(*(wheel(name, "99") for name in NAMES)) as index:
        yield index


def test_a_keyring_is_asked_once_more_when_its_token_expires(user, open_index):
    old, new = ("me", "old"), ("me", "new")
    with simple(Shelf("", LIBS, (old, new))) as host:
        host.fault(Fault(identity=old, first=4, status=401))
        program = user.keyring({(host.index_url(), "me"): ["old", "new"]})
        words = ("--index", named(host.index_url(), "me"), "--default-index", open_index.index_url())

        said = user.install(*words, "--keyring-provider", "subprocess", *NAMES, PATH=program.path)

        assert (0, INSTALLED) == (said.code, user.installed()), said.err
        assert [("get", host.index_url(), "me")] * 2 == list(program.calls())
        assert {"old", "new"} == {entry.password for entry in host.requests()}


def test_credentials_that_stop_working_and_cannot_be_renewed_are_named(user, open_index):
    with private(*LIBS, identity=("me", "secret")) as host:
        host.fault(Fault(identity=("me", "secret"), first=4, status=401))
        words = ("--index", host.index_url("", ("me", "secret")), "--default-index", open_index.index_url())

        said = user.install(*words, *NAMES)

        assert [] == user.installed()
        assert "did not accept the credentials" in said.err
        assert "They were accepted earlier in this run: they may have expired since" in said.err
        assert () == open_index.requests()


@pytest.mark.parametrize("burst", [1, 2, 3])
def test_a_server_that_refuses_the_first_of_many_requests_is_asked_again(user, open_index, burst):
    with private(*LIBS, identity=("me", "secret")) as host:
        # All that come at first arrive together: slow enough that none is answered before the others stand there.
        host.fault(Fault(identity=("me", "secret"), times=burst, status=401, delay=0.1))
        words = ("--index", host.index_url("", ("me", "secret")), "--default-index", open_index.index_url())

        said = user.install(*words, *NAMES)

        assert (0, INSTALLED) == (said.code, user.installed()), said.err
        assert burst == sum(entry.status == 401 for entry in host.requests())


def test_where_an_expired_token_makes_packages_invisible_the_message_says_so(user):
    with private(*LIBS, identity=("me", "new"), manner=Manner(unknown=404)) as host, public() as open_index:
        words = ("--index", f"corp={host.index_url('', ('me', 'old'))}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib-a")

        assert 1 == said.code
        assert "lib-a was not found in the package registry" in said.err
        assert "The credentials for index `corp` (from the index URL) have not been accepted anywhere yet" in said.err


def test_where_the_token_is_good_nothing_is_said_of_it(user):
    with private(*LIBS, identity=("me", "new"), manner=Manner(unknown=404)) as host, public() as open_index:
        words = ("--index", f"corp={host.index_url('', ('me', 'new'))}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib-a", "lib-z")

        assert 1 == said.code
        assert "have not been accepted" not in said.err


def always(user, host, default, password):
    url = host.index_url("", ("me", password))
    user.write(
        "uv.toml",
        f'[[index]]\nname = "corp"\nurl = "{url}"\nauthenticate = "always"\n'
        f'[[index]]\nurl = "{default.index_url()}"\ndefault = true\n',
    )


@pytest.mark.parametrize("status_of_the_list", [401, 403, 404])
def test_where_an_index_always_wants_credentials_an_expired_token_lets_nothing_come_from_elsewhere(
    user, open_index, status_of_the_list
):
    with private(*LIBS, identity=("me", "new"), manner=Manner(unknown=404)) as host:
        host.fault(Fault(pattern="/simple/", status=status_of_the_list))
        always(user, host, open_index, "old")

        said = user.install("lib-a")

        assert [] == user.installed()
        assert "Index `corp`" in said.err or "index `corp`" in said.err


def test_where_an_index_always_wants_credentials_and_accepts_them_others_are_asked_for_what_it_lacks(user, open_index):
    with private(*LIBS[1:], identity=("me", "new"), manner=Manner(unknown=404)) as host:
        always(user, host, open_index, "new")

        said = user.install("lib-a")

        assert (0, ["lib-a-99"]) == (said.code, user.installed()), said.err
