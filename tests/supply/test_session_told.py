"""What the session tells of its decisions: in the log, and at the end of a command."""

import pytest

from keyrack.policy.auth.refusals import Refused
from keyrack.values.credentials import Basic
from keyrack.values.exchange import Purpose, Request
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from tests.supply.fake_wire import FILE, GOOD, PLACE, FakeWire, file, index, page, session


def test_each_decision_is_told_with_its_reason():
    told = []
    session(FakeWire(), index(GOOD), told=told).fetch(file())

    assert [
        (Level.TRACE, f"Handling request for `{FILE}` with authentication policy auto"),
        (Level.DEBUG, f"Using credentials of index `team` (from the index URL) for `{FILE}`: listed by that index"),
    ] == told


def test_a_request_without_credentials_is_told_with_its_reason():
    told = []
    request = Request(parse_url(FILE).url, Purpose.DIRECT, None, link_credentials=GOOD)
    one = session(FakeWire(), told=told)
    one.fetch(request)
    one.fetch(page())

    assert [
        (Level.TRACE, f"Handling request for `{FILE}`"),
        (Level.DEBUG, f"Using credentials from the URL itself for `{FILE}`: they stood in it"),
        (Level.TRACE, f"Handling request for `{PLACE}lib/` with authentication policy auto"),
        (Level.TRACE, f"Attempting unauthenticated request for `{PLACE}lib/`: index `team` has no credentials"),
    ] == told


def test_a_look_up_is_told_with_its_reason():
    told = []
    with pytest.raises(Refused):
        session(FakeWire(open_to=[GOOD]), told=told).fetch(page())

    line = f"Looking up credentials for {PLACE}: the request for {PLACE}lib/ was answered 401"
    assert (Level.DEBUG, line) in told


def test_no_secret_is_told():
    told = []
    secret = Basic("user", Secret("s3cr3t"))
    wire = FakeWire({FILE: (302, (("location", "https://u:s3cr3t@blobs.example/x?sig=s3cr3t"),), b"")}, None)
    session(wire, index(secret), told=told).fetch(file())

    assert [] == [line for _, line in told if "s3cr3t" in line]


def test_warnings_are_kept_for_the_end_of_the_command():
    wire = FakeWire({f"{PLACE}lib/": (302, (("location", "https://public.example/lib/"),), b"")})
    one = session(wire, index(GOOD))

    before = one.warnings()
    one.fetch(page())

    assert ((), ("Index `team` forwards to https://public.example, where its credentials do not go",)) == (
        before,
        one.warnings(),
    )


def test_an_index_that_only_ever_answered_404_is_in_doubt():
    wire = FakeWire({f"{PLACE}lib/": (404, (), b"")})
    one = session(wire, index(GOOD))
    one.fetch(page())

    assert (
        "The credentials for index `team` (from the index URL) have not been accepted anywhere yet",
    ) == one.doubts()


def test_an_index_that_accepted_its_identity_is_not_in_doubt():
    one = session(FakeWire(), index(GOOD))
    one.fetch(page())

    assert () == one.doubts()
