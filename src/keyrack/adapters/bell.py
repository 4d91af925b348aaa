"""A bell that wakes a thread which sleeps in a selector."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

if sys.platform == "win32":  # pragma: no cover
    import socket


class Bell:
    """Rung from any thread, heard by one; a bell that was rung and not yet heard is not rung again."""

    __slots__ = ("_ear", "_guard", "_rung", "_voice")

    def __init__(self) -> None:
        """Make a pipe (on Windows, whose selectors know sockets only, a pair of these)."""
        self._rung = False
        self._guard = threading.Lock()
        if sys.platform == "win32":  # pragma: no cover
            self._ear, self._voice = (end.detach() for end in socket.socketpair())
        else:
            self._ear, self._voice = os.pipe()
            os.set_blocking(self._ear, False)
            os.set_blocking(self._voice, False)

    def fileno(self) -> int:
        """Give what a selector waits for."""
        return self._ear

    def ring(self) -> None:
        """Wake the thread; a bell that was taken down wakes nobody."""
        if not self._rung:
            self._rung = True
            with self._guard, contextlib.suppress(OSError):
                _write(self._voice)

    def hear(self) -> None:
        """Be awake: whatever is done before the next ring is the listener's to find."""
        with contextlib.suppress(OSError):
            _read(self._ear)
        self._rung = False

    def close(self) -> None:
        """Take the bell down."""
        # The numbers of closed files are given to other files: nobody may ring with an old one.
        with self._guard:
            ends = (self._ear, self._voice)
            self._ear = self._voice = -1
            for end in ends:
                _close(end)


if sys.platform == "win32":  # pragma: no cover

    def _write(end: int) -> None:
        with socket.socket(fileno=end) as voice:
            voice.send(b"!")
            voice.detach()

    def _read(end: int) -> None:
        with socket.socket(fileno=end) as ear:
            ear.recv(64)
            ear.detach()

    def _close(end: int) -> None:
        socket.close(end)
else:

    def _write(end: int) -> None:
        os.write(end, b"!")

    def _read(end: int) -> None:
        os.read(end, 64)

    def _close(end: int) -> None:
        os.close(end)
