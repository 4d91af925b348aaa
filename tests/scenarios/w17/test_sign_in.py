"""A page for people to sign in, with a status of success, in place of an index page (W17): a refusal, not "no versions"."""

import pytest

from lab import answers
from lab.registries.azure import SIGN_IN
from lab.registries.simple import private, public
from lab.server import Server
from lab.wheels import wheel
from lab.wire import Response

ME = ("me", "secret")
PAGE = Response(200, SIGN_IN, (("Content-Type", "text/html; charset=utf-8"),))


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


@pytest.mark.parametrize("status", [200, 203])
def test_a_form_in_place_of_the_page_is_a_refusal(user, open_index, status):
    page = Response(status, PAGE.body, PAGE.headers)
    with Server(lambda _request: page) as server:
        words = ("--index", f"corp={server.url}/simple/", "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (1, []) == (said.code, user.installed())
        assert "Index `corp` answered with a page to sign in" in said.err
        assert "no versions" not in said.err
        assert () == open_index.requests()


def test_a_redirect_to_a_form_elsewhere_is_a_refusal(user, open_index):
    door = Server(lambda _request: PAGE)
    with door, Server(lambda _request: answers.redirect(302, f"{door.url}/login?back=lib")) as server:
        url = f"{server.url.replace('://', '://me:secret@')}/simple/"

        said = user.install("--index", f"corp={url}", "--default-index", open_index.index_url(), "lib")

        assert (1, []) == (said.code, user.installed())
        assert "page to sign in" in said.err
        assert {None} == {entry.identity for entry in door.requests()}
        assert () == open_index.requests()


def test_where_netrc_knows_the_way_past_the_form_it_is_taken(user, open_index):
    with private(wheel("lib", "1.0"), identity=ME) as host:
        inner = host.server.application
        host.server.application = lambda request: inner(request) if request.identity else PAGE
        user.write("netrc", "machine 127.0.0.1 login me password secret\n")
        words = ("--index", f"corp={host.index_url()}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", NETRC=str(user.folder / "netrc"))

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
