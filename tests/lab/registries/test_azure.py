"""Azure Artifacts as the lab plays it."""

import re

import pytest

from lab.client import Answer, ask
from lab.registries.azure import azure, uuid_of
from lab.registry import Registry, Shelf
from lab.wheels import wheel

FEED_1, FEED_2, ORG_1, OTHER = ("any", "feed-1"), ("any", "feed-2"), ("x", "org-1"), ("any", "other")
LIB_A, LIB_B, LIB_C = wheel("lib-a", "1.0"), wheel("lib-b", "1.0"), wheel("lib-c", "1.0+x")


def make(*, sign_in: int = 0) -> Registry:
    return azure(
        Shelf("org1/proj/feed1", (LIB_A,), (FEED_1, ORG_1)),
        Shelf("org1/proj/feed2", (LIB_B,), (FEED_2, ORG_1)),
        Shelf("org2/feed", (LIB_C,), (OTHER,)),
        sign_in=sign_in,
    )


def links(answer: Answer) -> list[str]:
    return re.findall(r'href="([^"#]+)', answer.body.decode())


def link(host: Registry, name: str = "org1/proj/feed1", package: str = "lib-a", who: tuple[str, str] = FEED_1) -> str:
    return links(ask(host.index_url(name) + f"{package}/", who))[0]


def test_index_of_a_project_names_the_project():
    with make() as host:
        assert f"{host.url}/org1/proj/_packaging/feed1/pypi/simple/" == host.index_url("org1/proj/feed1")


def test_index_of_an_organisation_names_no_project():
    with make() as host:
        assert f"{host.url}/org2/_packaging/feed/pypi/simple/" == host.index_url("org2/feed")


def test_nobody_gets_401_with_three_challenges():
    with make() as host:
        answer = ask(host.index_url("org1/proj/feed1") + "lib-a/")

    assert (401, True, True) == (
        answer.status,
        answer.headers["www-authenticate"].startswith("Bearer authorization_uri="),
        answer.headers["www-authenticate"].endswith("TFS-Federated"),
    )


@pytest.mark.parametrize(
    "token", [FEED_2, OTHER, ("any", "made up")], ids=["other feed", "other organisation", "wrong"]
)
def test_token_for_something_else_gets_401(token):
    with make() as host:
        assert 401 == ask(host.index_url("org1/proj/feed1") + "lib-a/", token).status


@pytest.mark.parametrize("token", [FEED_1, ORG_1, ("", "feed-1")], ids=["feed", "organisation", "no user name"])
def test_good_token_gets_the_page_under_any_user_name(token):
    with make() as host:
        assert 200 == ask(host.index_url("org1/proj/feed1") + "lib-a/", token).status


def test_feed_that_is_not_there_is_401_like_any_other():
    with make() as host:
        assert 401 == ask(f"{host.url}/org1/proj/_packaging/nope/pypi/simple/lib-a/", FEED_1).status


def test_missing_package_is_404():
    with make() as host:
        assert 404 == ask(host.index_url("org1/proj/feed1") + "lib-b/", FEED_1).status


def test_file_url_has_uuids_in_place_of_names():
    with make() as host:
        url = link(host)

        project, feed = uuid_of("org1", "proj"), uuid_of("org1/proj/feed1")
        expected = f"/org1/{project}/_packaging/{feed}/pypi/download/lib-a/1.0/lib_a-1.0-py3-none-any.whl"
        assert host.url + expected == url


def test_file_url_of_an_organisation_has_one_uuid():
    with make() as host:
        url = link(host, "org2/feed", "lib-c", OTHER)

        expected = f"/org2/_packaging/{uuid_of('org2/feed')}/pypi/download/lib-c/1.0%2Bx/lib_c-1.0%2Bx-py3-none-any.whl"
        assert host.url + expected == url


def test_file_url_of_a_view_names_the_view_by_uuid():
    with make() as host:
        url = link(host, "org1/proj/feed1@Release")

    assert f"{uuid_of('org1/proj/feed1')}@{uuid_of('org1/proj/feed1', 'Release')}" in url


@pytest.mark.parametrize("name", ["org1/proj/feed1", "org1/proj/feed1@Local"])
def test_file_redirects_to_another_origin(name):
    with make() as host:
        answer = ask(link(host, name), FEED_1)

        assert (303, True) == (answer.status, answer.headers["location"].startswith(host.servers[1].url + "/blob/"))


def test_redirect_is_signed():
    with make() as host:
        location = ask(link(host), FEED_1).headers["location"]

    assert "&sig=" in location


def test_file_refuses_the_token_of_the_other_feed():
    with make() as host:
        assert 401 == ask(link(host), FEED_2).status


def test_head_of_a_file_is_not_allowed():
    with make() as host:
        answer = ask(link(host), FEED_1, method="HEAD")

    assert (405, "GET") == (answer.status, answer.headers["allow"])


def test_blob_comes_to_nobody():
    with make() as host:
        answer = ask(ask(link(host), FEED_1).headers["location"])

    assert (200, LIB_A.body) == (answer.status, answer.body)


def test_blob_refuses_an_authorization_header():
    with make() as host:
        assert 400 == ask(ask(link(host), FEED_1).headers["location"], FEED_1).status


def test_blob_refuses_another_signature():
    with make() as host:
        assert 403 == ask(ask(link(host), FEED_1).headers["location"].replace("sig=", "sig=0")).status


def test_blob_has_ranges():
    with make() as host:
        answer = ask(ask(link(host), FEED_1).headers["location"], headers={"Range": "bytes=-4"})

    assert (206, LIB_A.body[-4:]) == (answer.status, answer.body)


@pytest.mark.parametrize("status", [200, 203])
def test_page_to_sign_in_may_come_instead_of_401(status):
    with make(sign_in=status) as host:
        answer = ask(host.index_url("org1/proj/feed1") + "lib-a/")

    assert (status, True) == (answer.status, b"Sign in" in answer.body)


def test_names_of_shelves_are_checked():
    with pytest.raises(ValueError, match="not ORGANISATION"):
        azure(Shelf("alone"))
