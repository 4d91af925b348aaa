"""Registries in trouble: slow, stalled, cut off, overloaded, just started. What is asked again brings the same key."""

import pytest

from lab.faults import Fault
from lab.kinds import KINDS
from lab.registries.artifactory import artifactory
from lab.registries.artifactory import token as jwt
from lab.registries.simple import public
from lab.registry import Shelf
from tests.registries.team import INSTALLED, ONE, PUBLIC, TWO

LATER = (("Retry-After", "0"),)
BUSY = Fault(status=503, headers=LATER, times=2)


@pytest.fixture
def steady(teams, user):
    """Give how an installation ends where something goes wrong on every server of a kind."""

    def of(kind, fault, **variables):
        team = teams(kind)
        more = {"ignore_error_codes": "[403]"} if kind == "lacks-with-403" else {}
        way = team.in_a_file(user, team.identities, **more)
        team.host.fault(fault)
        said = team.install(user, way._replace(variables=variables))
        return said.code, user.installed(), team.strangers(), said

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_too_busy_is_asked_again_with_the_same_key(steady, kind):
    *ended, said = steady(kind, BUSY)

    assert [0, INSTALLED, []] == ended, said.err


@pytest.mark.parametrize("kind", KINDS)
def test_bodies_that_drip_arrive(steady, kind):
    *ended, said = steady(kind, Fault(drip=(300, 0.0005)))

    assert [0, INSTALLED, []] == ended, said.err


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("gemfury", Fault(pattern="/gemfury/*", cut=100, times=1)),
        ("azure", Fault(pattern="/blob/*", length=100_000, cut=100_000, times=1)),
        ("google", Fault(pattern="/artifacts-downloads/*", silent=True, times=1)),
        ("nexus", Fault(pattern="*.whl", drip=(100, 3.0), times=1)),
    ],
    ids=["cut", "too-short", "silent", "stalled"],
)
def test_a_file_that_breaks_off_is_fetched_again(steady, kind, fault):
    *ended, said = steady(kind, fault, UV_HTTP_TIMEOUT="1")

    assert [0, INSTALLED, []] == ended, said.err


def test_a_page_that_is_longer_than_it_says_is_not_read(steady):
    code, installed, strangers, said = steady("gitlab", Fault(pattern="*/simple/*", length=100), UV_HTTP_RETRIES="0")

    assert (True, [], []) == (code != 0, installed, strangers), said.err


@pytest.mark.parametrize("at_once", ["1", "50"])
def test_a_registry_that_refuses_good_keys_while_it_starts_is_waited_for(user, at_once):
    one, two = jwt("token of one"), jwt("token of two")
    shelves = (Shelf("team/one", ONE, (one,)), Shelf("team/two", TWO, (two,)))
    with artifactory(*shelves, cold=0.1) as host, public(*PUBLIC) as open_index:
        words = [f"--index={name}={host.index_url(f'team/{name}', key)}" for name, key in (("one", one), ("two", two))]
        words += ["--default-index", open_index.index_url()]

        said = user.install(*words, "front", UV_CONCURRENT_DOWNLOADS=at_once, NETRC="")

        assert (0, INSTALLED) == (said.code, user.installed()), said.err
        assert 6 >= sum(entry.status == 401 for entry in host.requests())
