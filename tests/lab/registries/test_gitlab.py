"""GitLab: numbers and encoded paths, tokens under any name, 404 for what one may not see, forwarding."""

import re
from urllib.parse import urlsplit

import pytest

from lab.client import ask
from lab.registries.gitlab import gitlab, number_of
from lab.registry import Shelf
from lab.wheels import wheel

ONE, TWO = ("gitlab-ci-token", "one"), ("__token__", "two")
LIB = wheel("lib", "1.0")
SHELVES = (Shelf("team/one", (LIB,), (ONE,)), Shelf("team/two", (), (TWO,)))
PUBLIC = "https://public.example/simple/"


def links(answer):
    return re.findall(r'href="([^"#]*)', answer.body.decode())


@pytest.mark.parametrize(
    ("words", "middle"),
    [
        ({}, f"projects/{number_of('team/one')}"),
        ({"by_path": True}, "projects/team%2Fone"),
        ({"groups": ("team/one",)}, f"groups/{number_of('team/one')}/-"),
    ],
)
def test_index_urls_hold_a_number_or_a_path(words, middle):
    with gitlab(*SHELVES, **words) as host:
        assert f"{host.url}/api/v4/{middle}/packages/pypi/simple/" == host.index_url("team/one")


@pytest.mark.parametrize("by_path", [False, True])
def test_file_urls_hold_the_number(by_path):
    with gitlab(*SHELVES, by_path=by_path) as host:
        page = ask(host.index_url("team/one") + "lib/", ONE)

        expected = f"/api/v4/projects/{number_of('team/one')}/packages/pypi/files/{LIB.sha256}/{LIB.filename}"
        assert [f"{host.url}{expected}"] == links(page)
        assert LIB.body == ask(links(page)[0], ONE).body


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), (("any", "wrong"), 401), (TWO, 404), (("any", "one"), 200), (ONE, 200)]
)
def test_only_the_token_counts_and_what_one_may_not_see_is_not_there(who, status):
    with gitlab(*SHELVES) as host:
        assert status == ask(host.index_url("team/one") + "lib/", who).status


def test_what_is_missing_is_forwarded():
    with gitlab(*SHELVES, forward=PUBLIC) as host:
        answers = [ask(host.index_url("team/one") + "other/", who) for who in (ONE, None)]

    assert [(302, f"{PUBLIC}other/"), (401, None)] == [(each.status, each.headers.get("location")) for each in answers]


def test_strangers_may_be_forwarded_too():
    with gitlab(*SHELVES, forward=PUBLIC, forwards_strangers=True) as host:
        answers = [ask(host.index_url("team/one") + "lib/", who) for who in (ONE, TWO, None)]

    assert [200, 302, 302] == [each.status for each in answers]


def test_files_may_lie_in_an_object_store():
    with gitlab(*SHELVES, direct_download=True) as host:
        answer = ask(links(ask(host.index_url("team/one") + "lib/", ONE))[0], ONE)

        assert (302, host.servers[1].port) == (answer.status, urlsplit(answer.headers["location"]).port)
        assert LIB.body == ask(answer.headers["location"]).body
