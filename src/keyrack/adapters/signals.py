"""Signals that ask us to end, held back while something must not end in the middle (signal(7))."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def signals_held() -> Iterator[Callable[[], int]]:
    """Hold SIGINT, SIGTERM and SIGHUP back during a block; gives what tells the first that came, or 0.

    A signal that is ignored stays ignored. Elsewhere than in the main thread nothing is held, and 0 is told.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: 0
        return
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = {number: signal.getsignal(number) for number in _ENDING}
    held = {number: action for number, action in before.items() if action not in (signal.SIG_IGN, None)}
    for number in held:
        signal.signal(number, hear)
    try:
        yield lambda: heard[0] if heard else 0
    finally:
        for number, action in held.items():
            signal.signal(number, action)
