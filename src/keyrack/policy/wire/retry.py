"""Which failures are worth another try, and after how long."""

from __future__ import annotations

import msgspec

from keyrack.values.exchange import ResponseHead
from keyrack.values.failure import FailureKind

DEFAULT_RETRIES = 3
FIRST_WAIT = 1.0
"""Seconds, before jitter; each further wait is twice the one before."""
LONGEST_WAIT = 30.0
"""Seconds; a server's `Retry-After` beyond this is not waited for."""
TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
TRANSIENT_KINDS = frozenset(
    {FailureKind.DNS, FailureKind.CONNECT, FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.SHORT}
)


class Again(msgspec.Struct, frozen=True):
    """Try once more after `wait` seconds."""

    wait: float


def after_failure(kind: FailureKind, tried: int, retries: int, jitter: float) -> Again | None:
    """Say whether to try again after a failure below HTTP; `tried` counts the retries so far, `jitter` is 0 to 1."""
    if kind not in TRANSIENT_KINDS or tried >= retries:
        return None
    return Again(_backoff(tried, jitter))


def after_answer(head: ResponseHead, tried: int, retries: int, jitter: float) -> Again | None:
    """Say whether to try again after an answer: some statuses say "later" (RFC 9110, 15; RFC 6585; RFC 8470)."""
    if head.status not in TRANSIENT_STATUSES or tried >= retries:
        return None
    asked = _retry_after(head)
    if asked is None:
        return Again(_backoff(tried, jitter))
    return Again(asked) if asked <= LONGEST_WAIT else None


def _backoff(tried: int, jitter: float) -> float:
    full: float = min(FIRST_WAIT * 2**tried, LONGEST_WAIT)
    return full / 2 + full / 2 * jitter


def _retry_after(head: ResponseHead) -> float | None:
    text = (head.header("retry-after") or "").strip()
    return float(text) if text.isascii() and text.isdigit() else None
