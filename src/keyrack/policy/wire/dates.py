"""HTTP dates as seconds since 1970 (RFC 9110, 5.6.7)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from keyrack.values.late import pattern

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# `Sun, 06 Nov 1994 08:49:37 GMT`, and the two forms that RFC 9110 still makes recipients read: `Sunday, 06-Nov-94
# 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
_FIXED = pattern(
    r"[a-z]{3}, (?P<day>\d\d) (?P<month>[a-z]{3}) (?P<year>\d{4}) (?P<clock>\d\d:\d\d:\d\d) (?:gmt|utc)\Z",
    re.IGNORECASE,
)
_RFC850 = pattern(
    r"[a-z]{6,9}, (?P<day>\d\d)-(?P<month>[a-z]{3})-(?P<year>\d\d) (?P<clock>\d\d:\d\d:\d\d) gmt\Z", re.IGNORECASE
)
_ASCTIME = pattern(
    r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>[ \d]\d) (?P<clock>\d\d:\d\d:\d\d) (?P<year>\d{4})\Z", re.IGNORECASE
)


def instant(text: str) -> float | None:
    """Read an HTTP date; None where it is none. Two-digit years are those of 1970 to 2069."""
    found = _FIXED.match(text) or _RFC850.match(text) or _ASCTIME.match(text)
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    year = int(found["year"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour, minute, second = (int(part) for part in found["clock"].split(":"))
    try:
        month = _MONTHS.index(found["month"].lower()) + 1
        # A leap second is the next minute's first for us.
        date = datetime(year, month, int(found["day"]), hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    return date.timestamp()
