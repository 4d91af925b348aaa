"""`exclude-newer` as people write it: an instant (RFC 3339), a date, a span (`7 days`, `P7D`), or `false`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.late import pattern


class Moment(msgspec.Struct, frozen=True):
    """When a run takes place, in UTC, and what turns a date and time without a zone into UTC here."""

    now: datetime
    to_utc: Callable[[datetime], datetime]


_INSTANT = pattern(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?(?:([Zz])|([+-]\d\d)(?::?(\d\d))?)(?:\[[^\]]*\])?\Z"
)
_DATE = pattern(r"(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?\Z")
_ISO_SPAN = pattern(
    r"[+-]?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?\Z",
    re.IGNORECASE,
)
_LONGEST = 500
_PART = pattern(r"\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z]+)\s*,?")
_UNITS = {
    "years": ("years", "year", "yrs", "yr", "y"),
    "months": ("months", "month", "mos", "mo"),
    "weeks": ("weeks", "week", "wks", "wk", "w"),
    "days": ("days", "day", "d"),
    "hours": ("hours", "hour", "hrs", "hr", "h"),
    "minutes": ("minutes", "minute", "mins", "min", "m"),
    "seconds": ("seconds", "second", "secs", "sec", "s"),
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words}
_CALENDAR = {"years": ("unit 'years'", 365), "months": ("'months'", 30)}
_WHOLE = frozenset(("years", "months", "weeks", "days"))


def parse_cutoff(text: str, moment: Moment) -> Cutoff:
    """Give the instant that a text means, as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, and the span if it is one.

    A date means its end, where the run takes place. Spans count back from now; months and years have no fixed length
    and are refused. `false` is no limit. `InvalidText` says in uv's words what is wrong.
    """
    if text == "false":
        return UNLIMITED
    if len(text) > _LONGEST:
        raise InvalidText(f"`{text[:_LONGEST]}...` is too long for a date or a duration")
    try:
        if instant := _INSTANT.match(text):
            return Cutoff(_written(_instant(*instant.groups())))
        if date := _DATE.match(text):
            midnight = datetime(int(date[1]), int(date[2]), int(date[3]))  # noqa: DTZ001 - local, by intent
            return Cutoff(_written(moment.to_utc(midnight + timedelta(days=1))))
    except (ValueError, OverflowError) as error:
        raise InvalidText(f"`{text}` could not be parsed as a valid date: {error}") from error
    amounts = _amounts(text)
    if amounts is None:
        raise InvalidText(_fault(text))
    for unit, (named, days) in _CALENDAR.items():
        if amount := amounts.pop(unit, 0):
            hint = f"{-(-amount // _ONE) * days} days"
            raise InvalidText(f"Duration `{text}` uses {named} which is not allowed; use days instead, e.g., `{hint}`.")
    try:
        back = timedelta(**{unit: amount / _ONE for unit, amount in amounts.items()})
        return Cutoff(_written(moment.now - back), _span(amounts, is_past=text.strip()[:1] == "-" or "ago" in text))
    except (OverflowError, ValueError) as error:
        raise InvalidText(f"Duration `{text}` is too large to subtract from current time") from error


def _instant(date: str, time: str, fraction: str | None, zulu: str | None, *offset: str | None) -> datetime:
    micro = f"{fraction or '.0':0<7}"[:7]
    seconds = "" if time.count(":") == 2 else ":00"
    zone = "+00:00" if zulu else f"{offset[0]}:{offset[1] or '00'}"
    return datetime.fromisoformat(f"{date}T{time}{seconds}{micro}{zone}").astimezone(UTC)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _span(amounts: dict[str, int], *, is_past: bool) -> str:
    """Write a span as ISO 8601 has it, what is left of a unit in the next smaller ones; a lock holds it like this."""
    date = "".join(f"{amounts[unit] // _ONE}{unit[0].upper()}" for unit in ("weeks", "days") if amounts.get(unit))
    time, rest = "", 0
    for unit in ("hours", "minutes"):
        whole, rest = divmod(amounts.get(unit, 0) + rest * 60, _ONE)
        time += f"{whole}{unit[0].upper()}" if whole else ""
    if seconds := amounts.get("seconds", 0) + rest * 60:
        time += f"{seconds // _ONE}.{seconds % _ONE:09}".rstrip("0").rstrip(".") + "S"
    written = date + (f"T{time}" if time else "")
    return f"{'-' if is_past else ''}P{written}" if written else "PT0S"


_ONE = 1_000_000_000
"""Amounts are counted in billionths: their fractions stay exact, without a module for it."""


def _billionths(text: str) -> int:
    whole, _, fraction = text.replace(",", ".").partition(".")
    return int(whole) * _ONE + int(f"{fraction:0<9}"[:9])


def _amounts(text: str) -> dict[str, int] | None:
    """Read a span of either kind into amounts by unit; None where it is none. Only the last may have a fraction."""
    if (iso := _ISO_SPAN.match(text)) and any(iso.groupdict().values()):
        found = {unit: value for unit, value in iso.groupdict().items() if value}
    else:
        rest, found = text.strip().lstrip("+-").removesuffix("ago").rstrip(), dict[str, str]()
        while rest:
            part = _PART.match(rest)
            unit = _UNIT.get(part[2].lower()) if part else None
            if part is None or unit is None or unit in found or (unit in _WHOLE and not part[1].isdigit()):
                return None
            found[unit] = part[1]
            rest = rest[part.end() :]
    if not all(value.isdigit() for value in [*found.values()][:-1]):
        return None
    return {unit: _billionths(value) for unit, value in found.items()} or None


def _fault(text: str) -> str:
    """Say what the text was taken for by its looks."""
    bare = text.strip().lstrip("+-")
    if bare[:1] in ("P", "p"):
        return f"`{text}` could not be parsed as an ISO 8601 duration"
    if re.match(r"\d+\s*[A-Za-z]", bare):
        return f"`{text}` could not be parsed as a duration"
    if re.match(r"\d{4}-", bare):
        return f"`{text}` could not be parsed as a valid date"
    return (
        f"`{text}` could not be parsed as a valid exclude-newer value (expected a date like `2024-01-01`, a timestamp"
        " like `2024-01-01T00:00:00Z`, or a duration like `3 days` or `P3D`)"
    )
