from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.cutoff_text import Moment, parse_cutoff
from keyrack.values.cutoff import UNLIMITED, Cutoff

PARIS = timezone(timedelta(hours=2))
MOMENT = Moment(datetime(2026, 8, 20, 12, tzinfo=UTC), lambda local: local.replace(tzinfo=PARIS))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01t00:00z", "2024-01-01T00:00:00Z"),
        ("2024-01-01 00:00:00Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00+02:00", "2023-12-31T22:00:00Z"),
        ("2024-01-01T00:00:00-0530", "2024-01-01T05:30:00Z"),
        ("2024-01-01T00:00:00+01", "2023-12-31T23:00:00Z"),
        ("2024-01-01T00:00:00+02:00[Europe/Paris]", "2023-12-31T22:00:00Z"),
        ("2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00.123456Z"),
        ("2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.500000Z"),
    ],
)
def test_an_instant_is_written_in_utc(text, expected):
    assert Cutoff(expected) == parse_cutoff(text, MOMENT)


@pytest.mark.parametrize("text", ["2024-01-01", "20240101", "2024-01-01T10:00:00", "2024-01-01 10:00"])
def test_a_date_means_its_end_where_the_run_takes_place(text):
    assert Cutoff("2024-01-01T22:00:00Z") == parse_cutoff(text, MOMENT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 days", "2026-08-13T12:00:00Z"),
        ("7 days ago", "2026-08-13T12:00:00Z"),
        ("-7 days", "2026-08-13T12:00:00Z"),
        ("7d", "2026-08-13T12:00:00Z"),
        ("P7D", "2026-08-13T12:00:00Z"),
        ("p1w", "2026-08-13T12:00:00Z"),
        ("1 week", "2026-08-13T12:00:00Z"),
        ("1w 2d", "2026-08-11T12:00:00Z"),
        ("1 day, 2 hours", "2026-08-19T10:00:00Z"),
        ("24 hours", "2026-08-19T12:00:00Z"),
        ("PT24H", "2026-08-19T12:00:00Z"),
        ("P1DT12H", "2026-08-19T00:00:00Z"),
        ("1.5 hours", "2026-08-20T10:30:00Z"),
        ("PT1,5H", "2026-08-20T10:30:00Z"),
        ("90 minutes", "2026-08-20T10:30:00Z"),
        ("PT90M", "2026-08-20T10:30:00Z"),
        ("30 secs", "2026-08-20T11:59:30Z"),
    ],
)
def test_a_span_counts_back_from_now(text, expected):
    assert expected == parse_cutoff(text, MOMENT).instant


# As uv 0.13.9 writes them into a lock.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 days", "P7D"),
        ("7 days ago", "-P7D"),
        ("-7 days", "-P7D"),
        ("+7 days", "P7D"),
        ("-P7D", "-P7D"),
        ("1 week", "P1W"),
        ("1 day, 2 hours", "P1DT2H"),
        ("24 hours", "PT24H"),
        ("90 minutes", "PT90M"),
        ("1 day 90 minutes", "P1DT90M"),
        ("1.5 hours", "PT1H30M"),
        ("2 hours 1.5 minutes", "PT2H1M30S"),
        ("1.00001 hours", "PT1H0.036S"),
        ("1.123456789 seconds", "PT1.123456789S"),
        ("P1W2DT3H4M5.5S", "P1W2DT3H4M5.5S"),
        ("0 days", "PT0S"),
    ],
)
def test_a_span_is_kept_as_a_lock_writes_it(text, expected):
    assert expected == parse_cutoff(text, MOMENT).span


def test_false_is_no_cutoff_at_all():
    assert UNLIMITED == parse_cutoff("false", MOMENT)


GENERIC = (
    " could not be parsed as a valid exclude-newer value (expected a date like `2024-01-01`, a timestamp like"
    " `2024-01-01T00:00:00Z`, or a duration like `3 days` or `P3D`)"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1M", "Duration `P1M` uses 'months' which is not allowed; use days instead, e.g., `30 days`."),
        ("1 month", "Duration `1 month` uses 'months' which is not allowed; use days instead, e.g., `30 days`."),
        ("2 years", "Duration `2 years` uses unit 'years' which is not allowed; use days instead, e.g., `730 days`."),
        ("P", "`P` could not be parsed as an ISO 8601 duration"),
        ("P1X", "`P1X` could not be parsed as an ISO 8601 duration"),
        ("7 moons", "`7 moons` could not be parsed as a duration"),
        ("1 day 2 days", "`1 day 2 days` could not be parsed as a duration"),
        ("1 day and more", "`1 day and more` could not be parsed as a duration"),
        ("2024-1-1", "`2024-1-1` could not be parsed as a valid date"),
        ("2024-13-01", "`2024-13-01` could not be parsed as a valid date: month must be in 1..12"),
        ("9999-12-31", "`9999-12-31` could not be parsed as a valid date: date value out of range"),
        ("9999999 days", "Duration `9999999 days` is too large to subtract from current time"),
        (f"{'9' * 400} days", f"Duration `{'9' * 400} days` is too large to subtract from current time"),
        ("1.5 days", "`1.5 days`" + GENERIC),
        ("1.5h30m", "`1.5h30m`" + GENERIC),
        ("FALSE", "`FALSE`" + GENERIC),
        ("0", "`0`" + GENERIC),
        ("", "``" + GENERIC),
    ],
)
def test_what_is_no_cutoff_is_told_in_the_words_of_uv(text, expected):
    with pytest.raises(InvalidText) as caught:
        parse_cutoff(text, MOMENT)

    assert expected == caught.value.message


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9000, 1, 1)))  # noqa: DTZ001 - as written
def test_what_is_written_reads_as_itself(local):
    written = local.isoformat() + "Z"

    assert Cutoff(written) == parse_cutoff(written, MOMENT)


@given(st.text(alphabet="0123456789-:TZPDWHMSYadyshourmnte +.,", max_size=24))
def test_any_text_is_an_instant_or_refused(text):
    try:
        found = parse_cutoff(text, MOMENT)
    except InvalidText:
        return

    assert Cutoff(found.instant) == parse_cutoff(found.instant or "false", MOMENT)


def test_a_text_without_an_end_is_refused_at_once():
    with pytest.raises(InvalidText, match="is too long for a date"):
        parse_cutoff("1" * 20_000, MOMENT)
