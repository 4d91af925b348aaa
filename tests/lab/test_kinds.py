"""Promises that every kind of registry keeps."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from lab.client import Answer, ask
from lab.kinds import KINDS, about, identity, registry
from lab.registry import Registry, Shelf
from lab.wheels import wheel
from lab.wire import Identity

LIB_A, LIB_B = wheel("lib-a", "1.0"), wheel("lib-b", "1.0")
AS_HTML = {"Accept": "text/html"}


def shelves(kind: str) -> tuple[Shelf, Shelf]:
    return (
        Shelf("team/one", (LIB_A,), (identity(kind, "secret-of-one"),)),
        Shelf("team/two", (LIB_B,), (identity(kind, "secret-of-two"),)),
    )


def follow(host: Registry, url: str, who: Identity | None) -> tuple[str, Answer]:
    """Fetch as a careful client does: the identity goes to the index's own host only. Where it ended, and how."""
    while True:
        here = urlsplit(url).port == host.server.port
        answer = ask(url, who if here else None, headers=AS_HTML)
        if answer.status not in (302, 303, 307):
            return url, answer
        url = urljoin(url, answer.headers["location"])


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("kind", KINDS)
def test_file_of_a_page_can_be_fetched_with_the_identity_of_its_index(kind, tls):
    one, two = shelves(kind)
    who = one.readers[0]
    with registry(kind, one, two, tls=tls) as host:
        page_url, page = follow(host, host.index_url("team/one", who) + "lib-a/", who)
        link = re.findall(r'<a href="([^"#]*)', page.body.decode())[0]

        assert LIB_A.body == follow(host, urljoin(page_url, link), who)[1].body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["nobody", "neighbour", "stranger"])
def test_page_comes_to_no_one_else(kind, who):
    one, two = shelves(kind)
    other = {"nobody": None, "neighbour": two.readers[0], "stranger": identity(kind, "no-such-secret")}[who]
    with registry(kind, one, two) as host:
        answer = follow(host, host.index_url("team/one", other) + "lib-a/", other)[1]

        assert (True, False) == (answer.status in {200, 401, 403, 404}, b"lib_a" in answer.body)


@pytest.mark.parametrize("kind", KINDS)
def test_files_and_pages_refuse_others_with_a_status_of_their_own(kind):
    one, two = shelves(kind)
    with registry(kind, one, two) as host:
        first = ask(host.index_url("team/one") + "lib-a/", headers=AS_HTML)

        assert first.status == 302 if kind == "portal" else first.status in {401, 404}


@pytest.mark.parametrize("kind", KINDS)
def test_one_line_makes_a_registry(kind):
    who = identity(kind, "secret")
    with registry(kind, packages=[LIB_A], identity=who) as host:
        assert 200 == follow(host, host.index_url(identity=who) + "lib-a/", who)[1].status


@pytest.mark.parametrize("kind", KINDS)
def test_without_identity_everybody_may_read(kind):
    with registry(kind, packages=[LIB_A]) as host:
        assert 200 == follow(host, host.index_url() + "lib-a/", None)[1].status


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_what_each_kind_is(kind):
    assert about(kind)
