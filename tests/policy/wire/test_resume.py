"""Taking up a body where it broke off: what If-Range may name, and which 206 is the rest."""

import pytest

from keyrack.policy.wire.resume import is_rest, rest_of, validator
from keyrack.values.exchange import Exchange, ResponseHead
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/lib.whl").url
EARLY, LATE = "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT"


def head(status=200, **headers):
    return ResponseHead(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), URL)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (head(etag='"a"'), '"a"'),
        (head(etag='"a"', content_encoding="identity", accept_ranges="bytes"), '"a"'),
        (head(last_modified=EARLY, date=LATE), EARLY),
        (head(), ""),
        (head(etag='W/"a"'), ""),
        (head(etag='W/"a"', last_modified=EARLY, date=LATE), ""),
        (head(etag='"'), ""),
        (head(etag="a"), ""),
        (head(last_modified=EARLY, date=EARLY), ""),
        (head(last_modified=EARLY), ""),
        (head(last_modified="then", date=LATE), ""),
        (head(206, etag='"a"'), ""),
        (head(etag='"a"', content_encoding="gzip"), ""),
        (head(etag='"a"', accept_ranges="none"), ""),
    ],
)
def test_only_a_strong_validator_of_a_whole_answer_may_be_named(given, expected):
    assert expected == validator(given)


def test_the_rest_is_asked_for_without_other_conditions():
    exchange = Exchange(URL, (("accept-encoding", "identity"), ("if-none-match", '"old"')))

    assert (("accept-encoding", "identity"), ("range", "bytes=5-"), ("if-range", '"a"')) == rest_of(exchange, 5, '"a"')


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (head(206, content_range="bytes 5-9/10", etag='"a"'), True),
        (head(206, content_range="bytes 5-9/10"), True),
        (head(206, content_range="bytes 5-9/*"), True),
        (head(206), False),
        (head(206, content_range="bytes 4-9/10"), False),
        (head(206, content_range="bytes 5-9/11"), False),
        (head(206, content_range="bytes 5-9/10", etag='"b"'), False),
        (head(206, content_range="lines 5-9/10"), False),
    ],
)
def test_the_rest_begins_where_the_first_answer_ended_and_is_of_the_same(came, expected):
    assert expected == is_rest(came, 5, head(etag='"a"', content_length="10"))


def test_a_length_that_was_never_told_fits_every_rest():
    assert is_rest(head(206, content_range="bytes 5-9/10"), 5, head(etag='"a"'))
