"""Signals that end a run: SIGTERM and SIGHUP unwind it as Ctrl-C does, so that nothing temporary stays (signal(7))."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    import signal
    from types import FrameType
else:
    import _signal as signal  # the same without the enumerations, which the shortest runs would wait for


class Ended(KeyboardInterrupt):
    """A signal asked this process to end; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        """Take the signal's number."""
        super().__init__(number)
        self.number = number


def unwind_on_signals() -> None:
    """Let SIGTERM and SIGHUP raise `Ended` from now on; one that is ignored, as by nohup(1), stays ignored.

    Only the main thread may say so: elsewhere nothing changes.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number: int | None = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            try:
                signal.signal(number, _unwind)
            except ValueError:
                return


def ignore_signals() -> None:
    """Let nothing interrupt what is left to do before this process ends."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number: int | None = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _unwind(number: int, _frame: FrameType | None) -> None:
    raise Ended(number)
