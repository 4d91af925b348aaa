"""Whether a stored answer may be used, must be asked about, or has to be fetched anew (RFC 9111, RFC 8246)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import msgspec

from keyrack.policy.wire.dates import instant
from keyrack.values.exchange import Headers, ResponseHead

HEURISTIC_LIFETIME = 600.0
"""Seconds that an answer is fresh which tells when it was changed, and no more (uv's rule, after PyPI's max-age)."""
KEPT = frozenset({"age", "cache-control", "content-type", "date", "etag", "expires", "last-modified"})
"""The header lines that are stored: what decides, and what tells a reader how to parse. Nothing that could identify."""


class Stored(msgspec.Struct, frozen=True):
    """What decides about a stored answer: its header lines, and when it came or was last confirmed.

    `received` is in seconds since 1970, as are all times here.
    """

    headers: Headers
    received: float


class Terms(msgspec.Struct, frozen=True):
    """On which terms an answer is wanted.

    `override` stands in for the server's Cache-Control. `since` asks that it was received or confirmed no earlier
    (`--refresh`). `offline`: whatever is there will do.
    """

    now: float
    override: str | None = None
    since: float | None = None
    offline: bool = False


class Step(Enum):
    """What to do for an answer."""

    USE = "use what is stored"
    REVALIDATE = "ask whether what is stored still holds"
    FETCH = "fetch it"
    ABSENT = "there is none, and the network is off"


def next_step(stored: Stored | None, terms: Terms) -> Step:
    """Say what to do for an answer that is wanted on such terms. What cannot be read counts as stale."""
    if terms.offline:
        return Step.ABSENT if stored is None else Step.USE
    if stored is None:
        return Step.FETCH
    asked_anew = terms.since is not None and stored.received < terms.since
    if not asked_anew and is_fresh(stored, terms):
        return Step.USE
    return Step.REVALIDATE if validators(stored.headers) else Step.FETCH


def is_fresh(stored: Stored, terms: Terms) -> bool:
    """Say whether a stored answer needs no question (RFC 9111, 4.2). A clock that went back makes it stale."""
    return stored.received <= terms.now < fresh_until(stored, terms.override)


def fresh_until(stored: Stored, override: str | None = None) -> float:
    """Give the instant from which on a stored answer must be asked about; its own where it must be at once."""
    directives = _directives(stored.headers, override)
    if "no-cache" in directives:
        return stored.received
    return stored.received + _lifetime(stored, directives) - _age(stored)


def is_storable(head: ResponseHead, override: str | None = None) -> bool:
    """Say whether an answer may be kept by a private cache (RFC 9111, 3): whole pages only, never a refusal."""
    if head.status != 200 or "no-store" in _directives(head.headers, override):
        return False
    # Such an answer matches no other request (RFC 9111, 4.1). Otherwise what varies is part of our keys.
    return (head.header("vary") or "").strip() != "*"


def validators(headers: Headers) -> Headers:
    """Give the header lines that ask whether a stored answer still holds (RFC 9110, 13.1)."""
    found = dict(reversed(headers))
    names = (("etag", "if-none-match"), ("last-modified", "if-modified-since"))
    return tuple((asking, found[telling]) for telling, asking in names if found.get(telling))


def kept(headers: Headers) -> Headers:
    """Give the header lines that are stored."""
    return tuple(line for line in headers if line[0] in KEPT)


def confirmed(stored: Headers, told: Headers) -> Headers:
    """Give the header lines after a 304: what it tells stands in for what was stored (RFC 9111, 3.2, 4.3.4).

    An Age that it does not tell is gone: the answer was made now. Its Content-Type is not the stored body's.
    """
    news = tuple(line for line in kept(told) if line[0] != "content-type")
    names = {name for name, _ in news} | {"age"}
    return tuple(line for line in stored if line[0] not in names) + news


def _age(stored: Stored) -> float:
    """Give how old an answer was when it came, in seconds."""
    found = dict(reversed(stored.headers))
    date = instant(found.get("date", ""))
    apparent = 0.0 if date is None else max(0.0, stored.received - date)
    return max(apparent, _seconds(found.get("age", "")))


def _lifetime(stored: Stored, directives: Mapping[str, str]) -> float:
    found = dict(reversed(stored.headers))
    if "max-age" in directives:
        return _seconds(directives["max-age"])
    if "expires" in found:
        expires = instant(found["expires"])
        date = instant(found.get("date", ""))
        return 0.0 if expires is None else expires - (stored.received if date is None else date)
    return HEURISTIC_LIFETIME if "last-modified" in found else 0.0


def _directives(headers: Headers, override: str | None) -> dict[str, str]:
    """Read Cache-Control: directive names in lower case to their values; the first of a name counts."""
    lines = (override,) if override is not None else tuple(value for name, value in headers if name == "cache-control")
    directives: dict[str, str] = {}
    for part in ",".join(lines).split(","):
        name, _, value = part.partition("=")
        directives.setdefault(name.strip().lower(), value.strip().strip('"'))
    return directives


def _seconds(text: str) -> float:
    text = text.strip()
    return float(text[:12]) if text.isascii() and text.isdigit() else 0.0
