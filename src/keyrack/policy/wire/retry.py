"""Which failures are worth another try, and after how long."""

from __future__ import annotations

import msgspec

from keyrack.policy.wire.dates import instant
from keyrack.values.exchange import ResponseHead
from keyrack.values.failure import FailureKind

DEFAULT_RETRIES = 3
FIRST_WAIT = 1.0
"""Seconds, before jitter; each further wait is twice the one before."""
LONGEST_WAIT = 30.0
"""Seconds; where a server asks for more than this (`Retry-After`), its answer is taken as it is."""
TRANSIENT_STATUSES = frozenset({408, 425, 429})
TRANSIENT_KINDS = frozenset(
    {FailureKind.DNS, FailureKind.CONNECT, FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.SHORT}
)


class Again(msgspec.Struct, frozen=True):
    """Try once more after `wait` seconds."""

    wait: float


def after_failure(kind: FailureKind, tried: int, retries: int, jitter: float) -> Again | None:
    """Say whether to try again after a failure below HTTP.

    `tried` counts the retries so far, `jitter` is from 0 to 1.
    """
    if kind not in TRANSIENT_KINDS or tried >= retries:
        return None
    return Again(_backoff(tried, jitter))


def after_answer(head: ResponseHead, now: float, tries: tuple[int, int], jitter: float) -> Again | None:
    """Say whether to try again after an answer: 408, 425, 429 and 5xx say "later" (RFC 9110, 15; 8470; 6585).

    `now` is in seconds since 1970, `tries` are the retries so far and those allowed, `jitter` is from 0 to 1.
    A server that names the time (RFC 9110, 10.2.3) is not asked before it.
    """
    tried, retries = tries
    if not (head.status in TRANSIENT_STATUSES or 500 <= head.status <= 599) or tried >= retries:
        return None
    asked = _retry_after(head, now)
    if asked is None:
        return Again(_backoff(tried, jitter))
    return Again(asked) if asked <= LONGEST_WAIT else None


def _backoff(tried: int, jitter: float) -> float:
    # Half is fixed: 50 requests that failed together shall neither come back together nor at once.
    full = min(FIRST_WAIT * 2.0 ** min(tried, 16), LONGEST_WAIT)
    return full / 2 + full / 2 * jitter


def _retry_after(head: ResponseHead, now: float) -> float | None:
    text = (head.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    date = instant(text)
    return None if date is None else max(0.0, date - now)
