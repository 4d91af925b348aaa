"""HTTP dates (RFC 9110, 5.6.7)."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.wire.dates import instant

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31)).map(  # noqa: DTZ001 - made aware below
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 UTC",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994",
    ],
)
def test_all_three_forms_name_the_same_moment(text):
    assert instant(text) == 784_111_777.0


@pytest.mark.parametrize(
    ("text", "year"), [("Friday, 06-Nov-69 08:49:37 GMT", 2069), ("Friday, 06-Nov-70 08:49:37 GMT", 1970)]
)
def test_two_digit_years_are_those_around_now(text, year):
    assert datetime.fromtimestamp(instant(text), UTC).year == year


def test_a_leap_second_is_read_as_the_second_before_it():
    assert instant("Sat, 31 Dec 2016 23:59:59 GMT") == instant("Sat, 31 Dec 2016 23:59:60 GMT")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "tomorrow",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Xyz 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT extra",
    ],
)
def test_what_is_no_date_has_no_instant(text):
    assert instant(text) is None


@given(MOMENTS)
def test_every_date_that_the_standard_library_writes_is_read(moment):
    assert moment.timestamp() == instant(format_datetime(moment, usegmt=True))


@given(st.text())
def test_no_text_is_too_odd(text):
    found = instant(text)

    assert found is None or isinstance(found, float)
