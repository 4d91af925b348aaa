"""Which failures are worth another try, and after how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.wire.retry import LONGEST_WAIT, Again, after_answer, after_failure
from keyrack.values.exchange import ResponseHead
from keyrack.values.failure import FailureKind
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/simple/").url
NOW = 784_111_777.0  # Sun, 06 Nov 1994 08:49:37 GMT
KINDS = st.sampled_from(FailureKind)
JITTER = st.floats(0, 1)


def head(status, *headers):
    return ResponseHead(status, headers, URL)


def asked(status, *headers, tried=0, retries=3, jitter=0.0):
    return after_answer(head(status, *headers), NOW, (tried, retries), jitter)


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (FailureKind.DNS, True),
        (FailureKind.CONNECT, True),
        (FailureKind.TIMEOUT, True),
        (FailureKind.RESET, True),
        (FailureKind.SHORT, True),
        (FailureKind.TLS, False),
        (FailureKind.PROXY, False),
        (FailureKind.TOO_LARGE, False),
        (FailureKind.REFUSED, False),
        (FailureKind.CLOSED, False),
        (FailureKind.OTHER, False),
    ],
)
def test_only_what_may_pass_is_tried_again(kind, again):
    decision = after_failure(kind, 0, 3, 0.0)

    assert again == (decision is not None)


@pytest.mark.parametrize("status", [200, 206, 301, 304, 400, 401, 403, 404, 407, 416, 600])
def test_an_answer_that_would_not_change_is_taken(status):
    assert asked(status) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 520, 599])
def test_a_server_that_says_later_is_asked_later(status):
    assert Again(0.5) == asked(status)


def test_each_wait_is_twice_the_one_before():
    waits = [after_failure(FailureKind.RESET, tried, 9, 1.0).wait for tried in range(7)]

    assert [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] == waits


def test_jitter_spreads_half_of_the_wait():
    waits = [after_failure(FailureKind.RESET, 1, 3, jitter).wait for jitter in (0.0, 0.5, 1.0)]

    assert [1.0, 1.5, 2.0] == waits


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("3", 3.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        ("soon", 0.5),
        ("-1", 0.5),
        ("٣", 0.5),
        ("", 0.5),
    ],
)
def test_a_server_that_names_the_time_is_obeyed(told, wait):
    assert Again(wait) == asked(503, ("retry-after", told))


def test_a_server_that_wants_to_be_left_alone_for_long_is_not_asked_again():
    assert asked(429, ("retry-after", "3600")) is None


@given(KINDS, st.integers(0, 40), st.integers(0, 20), JITTER)
def test_there_are_never_more_retries_than_allowed(kind, tried, retries, jitter):
    decision = after_failure(kind, tried, retries, jitter)

    assert decision is None or tried < retries


@given(st.integers(100, 999), st.integers(0, 40), st.integers(0, 20), JITTER, st.text())
def test_no_wait_is_negative_or_longer_than_the_longest(status, tried, retries, jitter, told):
    decision = asked(status, ("retry-after", told), tried=tried, retries=retries, jitter=jitter)

    assert decision is None or (tried < retries and 0 <= decision.wait <= LONGEST_WAIT)
