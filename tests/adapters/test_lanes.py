"""How many exchanges with one origin are under way at once."""

import pytest

from keyrack.adapters.lanes import CONNECTIONS, STREAMS, Lanes
from keyrack.adapters.transfers import Profile, Transfer
from keyrack.values.exchange import Exchange
from keyrack.values.url import parse_url

PROFILE = Profile(None, verify=True, certificate=False)


def transfer(text):
    return Transfer(Exchange(parse_url(text).url), None, PROFILE)


def entered(lanes, text, count):
    """Queue many transfers and start what may start."""
    started = []
    for _ in range(count):
        started += lanes.enter(transfer(text)).ready()
    return started


@pytest.mark.parametrize("origin", ["http://pkgs.example/", "https://pkgs.example/"])
def test_an_origin_that_nobody_knows_gets_as_many_as_one_may_have_connections(origin):
    started = entered(Lanes(), origin, 300)

    assert CONNECTIONS == len(started)


@pytest.mark.parametrize(("line", "limit"), [(b"HTTP/2 200 \r\n", STREAMS), (b"HTTP/1.1 200 OK\r\n", CONNECTIONS)])
def test_the_first_answer_tells_how_many_more_may_start(line, limit):
    lanes = Lanes()
    first, *others = entered(lanes, "https://pkgs.example/", 300)

    first.lines.append(line)
    more = list(lanes.leave(first).ready())

    assert limit == len(others) + len(more)


@pytest.mark.parametrize(
    ("origin", "line", "waits"),
    [
        ("http://pkgs.example/", None, False),
        ("https://pkgs.example/", None, True),
        ("https://pkgs.example/", b"HTTP/2 200 \r\n", True),
        ("https://pkgs.example/", b"HTTP/1.1 200 OK\r\n", False),
    ],
)
def test_nobody_waits_for_a_connection_that_cannot_be_shared(origin, line, waits):
    lanes = Lanes()
    (first,) = entered(lanes, origin, 1)
    if line:
        first.lines.append(line)
        lanes.leave(first)

    assert waits == lanes.waits_for_connection(transfer(origin))


def test_one_origin_does_not_hold_up_another():
    lanes = Lanes()
    entered(lanes, "https://pkgs.example/", 300)

    assert 1 == len(entered(lanes, "https://other.example/", 1))


def test_a_failed_exchange_tells_nothing_and_makes_room():
    lanes = Lanes()
    first, *_ = entered(lanes, "https://pkgs.example/", 300)

    lane = lanes.leave(first)

    assert (None, 1) == (lane.shares, len(list(lane.ready())))


def test_what_waits_can_be_given_up():
    lanes = Lanes()
    entered(lanes, "https://pkgs.example/", CONNECTIONS + 7)

    assert (7, 0) == (len(list(lanes.empty())), len(list(lanes.empty())))
