"""What a run shows while it works: one live line on a terminal; elsewhere a line for each large download."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import msgspec

from keyrack.cli.output import Output
from keyrack.cli.summary import amount
from keyrack.values.artifact import File
from keyrack.values.log import Level
from keyrack.values.styled import Style, Styled

LARGE = 1024 * 1024
"""A download of more bytes gets lines of its own where nothing can be drawn."""
PAUSE = 0.05
"""Seconds between two drawings: more often nobody sees."""
_SELECTING = "Selecting: "


class Download(msgspec.Struct, frozen=True):
    """One running download: the package's name, bytes so far, and in all where that is known."""

    name: str
    received: int = 0
    size: int | None = None


def download_line(running: Iterable[Download], finished: int, finished_bytes: int) -> str:
    """Write how far all downloads are: `Preparing packages... (3/5) 12.0MiB/40.1MiB numpy, pandas`."""
    ones = tuple(running)
    received = finished_bytes + sum(one.received for one in ones)
    total = finished_bytes + sum(max(one.size or 0, one.received) for one in ones)
    names = ", ".join(one.name for one in sorted(ones, key=lambda one: -(one.size or 0)))
    counts = f"({finished}/{finished + len(ones)})"
    return f"Preparing packages... {counts} {amount(received)}/{amount(total)} {names}".rstrip()


def resolving_line(log_line: str) -> str:
    """Write what the resolver is at, from a line of its log; "" where that tells nothing new."""
    if not log_line.startswith(_SELECTING):
        return ""
    return f"Resolving dependencies... {log_line.removeprefix(_SELECTING).partition(' ')[0]}"


class Live:
    """Hears the log and the downloads of a run, from many threads, and shows where it is."""

    def __init__(self, output: Output, now: Callable[[], float]) -> None:
        """`now` gives seconds of a clock that only goes forward."""
        self._output = output
        self._now = now
        self._lock = threading.Lock()
        self._running: dict[str, Download] = {}
        self._finished = 0
        self._finished_bytes = 0
        self._drawn = float("-inf")
        self._is_drawing = output.is_interactive

    def log(self, level: Level, line: str) -> None:
        """Pass a line of the log on, and show what is being resolved."""
        if self._is_drawing and (text := resolving_line(line)):
            self._draw(lambda: text)
        self._output.log(level, line)

    def begin(self, file: File) -> None:
        """A download starts."""
        name = _name(file)
        with self._lock:
            self._running[file.url.exact] = Download(name, size=file.size)
        if self._is_drawing:
            self._draw(self._line)
        elif file.size is not None and file.size > LARGE:
            self._output.say(
                Styled("Downloading", Style.HINT), f" {name} ", Styled(f"({amount(file.size)})", Style.DIM)
            )

    def advance(self, file: File, received: int) -> None:
        """So many bytes have come."""
        with self._lock:
            before = self._running.get(file.url.exact)
            if before is not None:
                self._running[file.url.exact] = msgspec.structs.replace(before, received=received)
        if self._is_drawing:
            self._draw(self._line)
        elif before and before.size is None and before.received <= LARGE < received:
            self._output.say(Styled("Downloading", Style.HINT), f" {_name(file)}")

    def finish(self, file: File) -> None:
        """A download has ended, well or not."""
        with self._lock:
            ended = self._running.pop(file.url.exact, None)
            self._finished += 1
            self._finished_bytes += ended.received if ended else 0
        if self._is_drawing:
            self._draw(self._line)
        elif ended and ended.received > LARGE and file.size in (None, ended.received):
            self._output.say(" ", Styled("Downloaded", Style.HINT), f" {_name(file)}")

    def building(self, label: str) -> None:
        """A build starts."""
        self._output.say("   ", Styled("Building", Style.HINT), f" {label}")

    def built(self, label: str) -> None:
        """A build has ended well."""
        self._output.say("      ", Styled("Built", Style.HEADING), f" {label}")

    def updating(self, url: str, revision: str) -> None:
        """A repository is fetched."""
        self._output.say("   ", Styled("Updating", Style.HINT), f" {url} (", Styled(revision, Style.DIM), ")")

    def updated(self, url: str, commit: str) -> None:
        """A repository was fetched."""
        self._output.say("    ", Styled("Updated", Style.HEADING), f" {url} (", Styled(commit, Style.DIM), ")")

    def clear(self) -> None:
        """Take the line away: what follows is said for good."""
        with self._lock:
            self._drawn = float("-inf")
        self._output.progress("")

    def _line(self) -> str:
        return download_line(self._running.values(), self._finished, self._finished_bytes)

    def _draw(self, text: Callable[[], str]) -> None:
        with self._lock:
            moment = self._now()
            if moment - self._drawn < PAUSE:
                return
            self._drawn = moment
            line = text()
        self._output.progress(line)


def _name(file: File) -> str:
    return file.filename.partition("-")[0].replace("_", "-").lower()
