"""Run a program: arguments, environment, input and time in, what it said out. The only starter of programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from types import FrameType

import msgspec


class Program(msgspec.Struct, frozen=True):
    """What is run. `environment` None means this process's own; `folder` None the current one; `timeout` in seconds."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] | None = None
    folder: str | None = None
    stdin: bytes = b""
    timeout: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How a program ended. A negative code is the signal that ended it. The output may hold secrets."""

    code: int
    stdout: bytes
    stderr: bytes

    def __repr__(self) -> str:
        """Show the code only: what a program printed may be a password."""
        return f"Outcome({self.code})"


def _nothing() -> None:
    return


def run(program: Program, meanwhile: Callable[[], object] = _nothing) -> Outcome:
    """Run a program to its end; `OSError` where it cannot be started, `TimeoutError` (one too) where it takes too long.

    Whatever interrupts us, the program is ended before we go on: no child is left behind. `meanwhile` is called while
    it runs; what the program writes then must fit into a pipe.
    """
    source = subprocess.PIPE if program.stdin else subprocess.DEVNULL
    started = subprocess.Popen(
        program.arguments,
        env=None if program.environment is None else dict(program.environment),
        cwd=program.folder,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        meanwhile()
        stdout, stderr = started.communicate(program.stdin or None, program.timeout)
    except subprocess.TimeoutExpired as error:
        _end(started)
        raise TimeoutError(f"`{program.arguments[0]}` took more than {program.timeout:g} seconds") from error
    except BaseException:
        _end(started)
        raise
    return Outcome(started.returncode, stdout, stderr)


class Children:
    """Programs that run at the moment, all in one process group, so that nothing of them is left behind.

    A watchman leads the group, and ends it where we are killed. May be called from any thread.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._watchman: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def run(self, program: Program) -> Outcome:
        """Run a program to its end; `OSError` where it cannot be started, or where all were ended."""
        with self._lock:
            if self._is_over:
                raise InterruptedError("No program is started any more")
            self._watchman = self._watchman or _watchman()
            started = subprocess.Popen(
                program.arguments,
                env=None if program.environment is None else dict(program.environment),
                cwd=program.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                process_group=self._watchman.pid if self._watchman else None,
            )
            self._running.add(started)
        try:
            stdout, stderr = started.communicate()
        except BaseException:
            _end(started)
            raise
        finally:
            with self._lock:
                self._running.discard(started)
        return Outcome(started.returncode, stdout, stderr)

    def end(self) -> None:
        """End all that run, with whatever they have started, and start none any more."""
        with self._lock:
            self._is_over = True
            for started in self._running:
                with suppress(OSError):
                    started.kill()
            watchman, self._watchman = self._watchman, None
            if watchman is not None:
                watchman.communicate()


def _watchman() -> subprocess.Popen[bytes] | None:
    """Start a program that ends its process group when we have ended; None where there are no groups."""
    if sys.platform == "win32":  # pragma: no cover
        return None
    try:
        return subprocess.Popen(
            (sys.executable, "-I", "-S", "-B", os.path.join(os.path.dirname(__file__), "watchman.py")),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
    except OSError:
        return None


PATIENCE = 60.0
"""Seconds after which a program that should answer at once is taken to hang."""


def run_text(
    arguments: tuple[str, ...], timeout: float = PATIENCE, meanwhile: Callable[[], object] = _nothing
) -> tuple[int, str, str]:
    """Run a program that speaks UTF-8: code, stdout, stderr; `OSError` where it cannot be started, or hangs.

    `meanwhile` is called while it runs.
    """
    outcome = run(Program(arguments, timeout=timeout), meanwhile)
    return outcome.code, outcome.stdout.decode("utf-8", "replace"), outcome.stderr.decode("utf-8", "replace")


def run_attached(program: Program) -> int:
    """Run a program in our place: it has our streams, and hears the signals that we are sent.

    Gives its code, as shells have it: 128 and the number where a signal ended it. `OSError` where it cannot be started.
    """
    running: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches a whole foreground group by itself; a signal to us alone does not.
        if running and (number != signal.SIGINT or not _is_in_foreground()):
            with suppress(OSError):
                running[0].send_signal(number)

    numbers = [number for name in _PASSED_ON if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = {number: action for number, action in before.items() if action is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, pass_on)
    environment = None if program.environment is None else dict(program.environment)
    try:
        # A handler is not inherited, so the program begins with the signals as they were.
        running.append(subprocess.Popen(program.arguments, env=environment, cwd=program.folder))
        code = running[0].wait()
    finally:
        for number, action in heard.items():
            signal.signal(number, action)
    return 128 - code if code < 0 else code


_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH")


def _is_in_foreground() -> bool:
    if sys.platform == "win32":  # pragma: no cover
        return True
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _end(started: subprocess.Popen[bytes]) -> None:
    started.kill()
    # Its own children may hold the pipes open: do not read them to their end.
    started.wait()
    for stream in (started.stdin, started.stdout, started.stderr):
        if stream is not None:
            stream.close()
