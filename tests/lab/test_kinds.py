"""Promises that every kind of registry keeps."""

import re
from urllib.parse import urljoin

import pytest

from lab.client import Answer, ask
from lab.kinds import KINDS, registry
from lab.registry import Shelf
from lab.wheels import wheel
from lab.wire import Identity

ONE, TWO = ("_json_key_base64", "b25l"), ("_json_key_base64", "dHdv")
LIB_A, LIB_B = wheel("lib-a", "1.0"), wheel("lib-b", "1.0")
SHELVES = (Shelf("team/one", (LIB_A,), (ONE,)), Shelf("team/two", (LIB_B,), (TWO,)))


def follow(url: str, identity: Identity) -> Answer:
    """Fetch as a careful client does: the identity goes to the first URL only."""
    answer = ask(url, identity)
    while answer.status in (302, 303, 307):
        url = urljoin(url, answer.headers["location"])
        answer = ask(url)
    return answer


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("kind", KINDS)
def test_file_of_a_page_can_be_fetched_with_the_identity_of_its_index(kind, tls):
    with registry(kind, *SHELVES, tls=tls) as host:
        page_url = host.index_url("team/one") + "lib-a/"
        page = ask(page_url, ONE, headers={"Accept": "text/html"}).body.decode()
        link = re.findall(r'<a href="([^"#]*)', page)[0]

        assert LIB_A.body == follow(urljoin(page_url, link), ONE).body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", [None, TWO], ids=["nobody", "neighbour"])
def test_page_comes_to_no_one_else(kind, who):
    with registry(kind, *SHELVES) as host:
        assert ask(host.index_url("team/one") + "lib-a/", who).status in {401, 403, 404}


@pytest.mark.parametrize("kind", KINDS)
def test_one_line_makes_a_registry(kind):
    with registry(kind, packages=[LIB_A], identity=ONE) as host:
        assert 200 == ask(host.index_url() + "lib-a/", ONE, headers={"Accept": "text/html"}).status


@pytest.mark.parametrize("kind", KINDS)
def test_without_identity_everybody_may_read(kind):
    with registry(kind, packages=[LIB_A]) as host:
        assert 200 == ask(host.index_url() + "lib-a/", headers={"Accept": "text/html"}).status
