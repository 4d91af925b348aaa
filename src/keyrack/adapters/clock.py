"""The only reader of the time."""

from __future__ import annotations

import time


def now() -> float:
    """Give the seconds since 1970 in UTC; this clock may be set."""
    return time.time()


def monotonic() -> float:
    """Give seconds from some start, for durations: this clock never goes back."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
