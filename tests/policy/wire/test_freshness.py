"""Whether a stored answer may be used, must be asked about, or has to be fetched anew (RFC 9111)."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.wire.freshness import (
    KEPT,
    Step,
    Stored,
    Terms,
    confirmed,
    fresh_until,
    is_fresh,
    is_storable,
    kept,
    next_step,
    validators,
)
from keyrack.values.exchange import ResponseHead
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/simple/").url
RECEIVED = 1_700_000_000.0
ETAG = ("etag", '"v1"')
NAMES = st.sampled_from([*sorted(KEPT), "vary", "set-cookie"])
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["max-age=600", "no-cache", "no-store", "max-age=x", "0", "immutable, max-age=5", '"v"']),
    st.integers(0, 4_000_000_000).map(lambda seconds: formatdate(seconds, usegmt=True)),
    st.integers(0, 10**14).map(str),
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=6).map(tuple)


def date(offset):
    return formatdate(RECEIVED + offset, usegmt=True)


def fresh_for(*headers, override=None):
    """Seconds after it came at which an answer is still fresh, out of a few."""
    stored = Stored(headers, RECEIVED)
    return [age for age in (0, 99, 100, 599, 600, 1e9) if is_fresh(stored, Terms(RECEIVED + age, override))]


@pytest.mark.parametrize(
    ("headers", "ages"),
    [
        ((), []),
        ((ETAG,), []),
        ((("cache-control", "max-age=100"),), [0, 99]),
        ((("cache-control", 'max-age="100"'),), [0, 99]),
        ((("cache-control", "Public, MAX-AGE=100"),), [0, 99]),
        ((("cache-control", "max-age=100, max-age=600"),), [0, 99]),
        ((("cache-control", "public"), ("cache-control", "max-age=100")), [0, 99]),
        ((("cache-control", "max-age=100, must-revalidate"),), [0, 99]),
        ((("cache-control", "max-age=99999999999999"),), [0, 99, 100, 599, 600, 1e9]),
        ((("cache-control", "max-age=600, immutable"),), [0, 99, 100, 599]),
        ((("cache-control", "max-age=0"),), []),
        ((("cache-control", "max-age=-5"),), []),
        ((("cache-control", "max-age"),), []),
        ((("cache-control", "max-age=600, no-cache"),), []),
        ((("cache-control", 'no-cache="set-cookie", max-age=600'),), []),
        ((("cache-control", "s-maxage=600"),), []),
        ((("cache-control", "max-age=100"), ("age", "1")), [0]),
        ((("cache-control", "max-age=100"), ("age", "100")), []),
        ((("cache-control", "max-age=100"), ("age", "old")), [0, 99]),
        ((("cache-control", "max-age=101"), ("date", date(-1))), [0, 99]),
        ((("cache-control", "max-age=100"), ("date", date(-1)), ("age", "100")), []),
        ((("cache-control", "max-age=100"), ("date", date(+50))), [0, 99]),
        ((("cache-control", "max-age=100"), ("date", "?")), [0, 99]),
        ((("expires", date(100)),), [0, 99]),
        ((("expires", date(100)), ("date", date(0))), [0, 99]),
        ((("expires", date(-100)),), []),
        ((("expires", "0"), ("last-modified", date(-9))), []),
        ((("expires", date(600)), ("cache-control", "max-age=100")), [0, 99]),
        ((("last-modified", date(-9_000_000)),), [0, 99, 100, 599]),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_its_server_said(headers, ages):
    assert ages == fresh_for(*headers)


@pytest.mark.parametrize(
    ("override", "ages"),
    [("max-age=100", [0, 99]), ("no-cache", []), ("max-age=365000000, immutable", [0, 99, 100, 599, 600])],
)
def test_the_configuration_speaks_in_place_of_the_server(override, ages):
    told = fresh_for(("cache-control", "max-age=600"), override=override)

    assert ages == [age for age in told if age < 1e9]


def test_a_clock_that_went_back_makes_an_answer_stale():
    stored = Stored((("cache-control", "max-age=600"),), RECEIVED)

    assert not is_fresh(stored, Terms(RECEIVED - 1))


@pytest.mark.parametrize(
    ("stored", "terms", "step"),
    [
        (None, Terms(RECEIVED), Step.FETCH),
        (None, Terms(RECEIVED, offline=True), Step.ABSENT),
        ((ETAG,), Terms(RECEIVED + 1e9, offline=True), Step.USE),
        ((ETAG,), Terms(RECEIVED, since=RECEIVED + 1, offline=True), Step.USE),
        ((("cache-control", "max-age=600"),), Terms(RECEIVED + 9), Step.USE),
        ((("cache-control", "max-age=600"),), Terms(RECEIVED + 900), Step.FETCH),
        ((("cache-control", "max-age=600"), ETAG), Terms(RECEIVED + 900), Step.REVALIDATE),
        ((("cache-control", "max-age=600"), ETAG), Terms(RECEIVED + 9, since=RECEIVED + 1), Step.REVALIDATE),
        ((("cache-control", "max-age=600"), ETAG), Terms(RECEIVED + 9, since=RECEIVED), Step.USE),
        ((("cache-control", "max-age=600"),), Terms(RECEIVED + 9, since=RECEIVED + 1), Step.FETCH),
    ],
)
def test_what_to_do_follows_from_what_is_stored_and_wanted(stored, terms, step):
    assert step == next_step(None if stored is None else Stored(stored, RECEIVED), terms)


@pytest.mark.parametrize(
    ("status", "headers", "override", "storable"),
    [
        (200, (), None, True),
        (200, (("cache-control", "private, max-age=1"),), None, True),
        (200, (("cache-control", "no-store"),), None, False),
        (200, (("cache-control", "no-store"),), "max-age=600", True),
        (200, (), "no-store", False),
        (200, (("vary", "accept, authorization"),), None, True),
        (200, (("vary", " * "),), None, False),
        (203, (), None, False),
        (206, (), None, False),
        (304, (), None, False),
        (401, (("cache-control", "max-age=600"),), None, False),
        (403, (("cache-control", "max-age=600"),), None, False),
        (404, (("cache-control", "max-age=600"),), None, False),
        (500, (), None, False),
    ],
)
def test_only_whole_answers_are_kept(status, headers, override, storable):
    assert storable == is_storable(ResponseHead(status, headers, URL), override)


@pytest.mark.parametrize(
    ("headers", "asking"),
    [
        ((), ()),
        ((ETAG,), (("if-none-match", '"v1"'),)),
        ((("last-modified", "then"),), (("if-modified-since", "then"),)),
        ((("last-modified", "then"), ETAG), (("if-none-match", '"v1"'), ("if-modified-since", "then"))),
        ((("etag", ""),), ()),
        ((ETAG, ("etag", '"v2"')), (("if-none-match", '"v1"'),)),
    ],
)
def test_what_the_server_named_is_what_it_is_asked_about(headers, asking):
    assert asking == validators(headers)


def test_cookies_and_other_lines_are_not_kept():
    lines = (("set-cookie", "session=1"), ETAG, ("x-request", "7"), ("content-type", "text/html"))

    assert (ETAG, ("content-type", "text/html")) == kept(lines)


def test_a_confirmation_brings_the_newer_lines():
    stored = (ETAG, ("age", "500"), ("date", "old"), ("cache-control", "max-age=1"), ("content-type", "text/html"))
    told = (("date", "new"), ("cache-control", "max-age=2"), ("content-type", "text/plain"), ("server", "x"))

    assert (ETAG, ("content-type", "text/html"), *told[:2]) == confirmed(stored, told)


@given(HEADERS, st.floats(0, 4e9), st.none() | VALUES)
def test_what_was_just_asked_to_be_refreshed_is_never_used(headers, now, override):
    stored = Stored(headers, RECEIVED)

    assert next_step(stored, Terms(now, override, since=RECEIVED + 1)) is not Step.USE


@given(HEADERS, st.floats(0, 4e9), st.floats(0, 1e9), st.none() | VALUES)
def test_what_is_stale_stays_stale(headers, now, later, override):
    stored = Stored(headers, RECEIVED)
    was_fresh = is_fresh(stored, Terms(now, override)) or now < RECEIVED

    assert was_fresh or not is_fresh(stored, Terms(now + later, override))


@given(HEADERS, HEADERS)
def test_confirming_twice_is_confirming_once(stored, told):
    once = confirmed(stored, told)

    assert sorted(once) == sorted(confirmed(once, told))


@pytest.mark.parametrize(
    ("headers", "override", "seconds"),
    [
        ((("cache-control", "max-age=600"),), None, 600),
        ((("cache-control", "max-age=600"), ("age", "100")), None, 500),
        ((("cache-control", "max-age=600"),), "max-age=5", 5),
        ((("cache-control", "no-cache"),), None, 0),
        ((), None, 0),
    ],
)
def test_an_answer_tells_when_it_must_be_asked_about(headers, override, seconds):
    assert RECEIVED + seconds == fresh_until(Stored(headers, RECEIVED), override)
