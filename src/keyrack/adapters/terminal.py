"""The standard streams: the only door to them, through which no control character of foreign text passes."""

from __future__ import annotations

import atexit
import os
import sys
from _thread import allocate_lock  # what `threading.Lock` is, without the rest, which `--version` would wait for

from keyrack.values.log import Level
from keyrack.values.volume import Volume

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` and `msgspec` take longer to import than all of this, and `--version` needs neither
    from collections.abc import Mapping
    from typing import TextIO

    from keyrack.values.styled import Piece

# C0 and C1 controls but for newline and tab, DEL, the bidi overrides and isolates (Trojan Source), and lone surrogates.
_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x1F),
    (0x7F, 0x9F),
    (0x61C, 0x61C),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
    (0xD800, 0xDFFF),
)
_CONTROL = dict.fromkeys((code for first, last in _RANGES for code in range(first, last + 1)), None)
_CLEAR_LINE = "\r\x1b[2K"


def clean(text: str) -> str:
    """Take out what a terminal would obey: escape sequences, controls, bidi overrides. Newlines and tabs stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_CONTROL)


class Terminal:
    """stdout for results, stderr for everything else. Safe to use from many threads."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        *,
        volume: Volume = Volume.NORMAL,
        colors: tuple[bool, bool] = (False, False),
        progress: bool = True,
    ) -> None:
        """Take the two streams; `colors`, one for each, were decided before (flag, `NO_COLOR`, a terminal at all)."""
        self._out = out
        self._err = err
        self._lock = allocate_lock()
        self._progress = ""
        self._may_draw = progress
        self.volume = volume
        self._colors = {id(out): colors[0], id(err): colors[1]}

    @property
    def is_interactive(self) -> bool:
        """Whether progress may be drawn: stderr is a terminal and nothing else scrolls there."""
        return self._may_draw and self.volume == Volume.NORMAL and self._err.isatty()

    @property
    def is_read_by_people(self) -> bool:
        """Whether stdout is a terminal, and no program or file."""
        return self._out.isatty()

    @property
    def width(self) -> int:
        """Columns of the terminal, 80 where nobody knows."""
        try:
            return os.get_terminal_size(self._err.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def result(self, *pieces: Piece) -> None:
        """Write one line of a command's result to stdout; only `-qq` hides it."""
        if self.volume > Volume.SILENT:
            self._write(self._out, pieces)

    def detail(self, *pieces: Piece) -> None:
        """Write one line of a result that only people read to stdout; `-q` hides it."""
        if self.volume > Volume.QUIET:
            self._write(self._out, pieces)

    def raw_result(self, text: str) -> None:
        """Write a result that another program reads (JSON, requirements) as it is, without adding a line's end."""
        if self.volume > Volume.SILENT:
            with self._lock:
                self._out.write(text)
                self._out.flush()

    def say(self, *pieces: Piece) -> None:
        """Write one line for people to stderr; `-q` hides it."""
        if self.volume > Volume.QUIET:
            self._write(self._err, pieces)

    def complain(self, *pieces: Piece) -> None:
        """Write one line of an error to stderr; only `-qq` hides it."""
        if self.volume > Volume.SILENT:
            self._write(self._err, pieces)

    def log(self, level: Level, line: str) -> None:
        """Write a line of the verbose log, if this volume shows its level."""
        threshold = {Volume.VERBOSE: Level.DEBUG, Volume.TRACE: Level.TRACE}.get(self.volume)
        if threshold is not None and level >= threshold:
            self._write(self._err, (f"{level.name} {line}",))

    def progress(self, line: str) -> None:
        """Draw one line in place of the last one drawn so; "" takes it away. Nothing without a terminal."""
        if not self.is_interactive:
            return
        with self._lock:
            if line == self._progress:
                return
            self._progress = clean(line)[: self.width - 1]
            self._err.write(_CLEAR_LINE + self._progress)
            self._err.flush()

    def _write(self, stream: TextIO, pieces: tuple[Piece, ...]) -> None:
        color = self._colors[id(stream)]
        text = "".join([_render(piece, color=color) for piece in pieces]) + "\n"
        with self._lock:
            if self._progress:
                self._err.write(_CLEAR_LINE)
            try:
                stream.write(text)
            except UnicodeEncodeError:
                stream.write(text.encode("ascii", "backslashreplace").decode("ascii"))
            if self._progress:
                self._err.write(self._progress)
            stream.flush()


def _render(piece: Piece, *, color: bool) -> str:
    if isinstance(piece, str):
        return clean(piece)
    text = clean(piece.text)
    return f"\x1b[{piece.style}m{text}\x1b[0m" if color else text


def standard_terminal(volume: Volume, *, color: str, variables: Mapping[str, str], progress: bool = True) -> Terminal:
    """Make the terminal of this process. `color` is `auto`, `always` or `never`; see no-color.org for the variables."""
    wanted = {"always": (True, True), "never": (False, False)}.get(color)
    if wanted is None:
        forced = variables.get("FORCE_COLOR") or variables.get("CLICOLOR_FORCE", "0") not in ("", "0")
        is_dumb = variables.get("TERM") == "dumb"
        out, err = (bool(forced) or (stream.isatty() and not is_dumb) for stream in (sys.stdout, sys.stderr))
        wanted = (False, False) if variables.get("NO_COLOR") else (out, err)
    return Terminal(sys.stdout, sys.stderr, volume=volume, colors=wanted, progress=progress)


def read_stdin() -> bytes:
    """Read all of standard input (`-r -`): whoever reads it as text knows which encodings it may have."""
    return sys.stdin.buffer.read()


def read_line() -> str:
    """Read one line of standard input as text, with its end; "" where there is none (`--password -`)."""
    return sys.stdin.buffer.readline().decode("utf-8-sig")


def leave(code: int) -> None:
    """End this process at once: to take apart what it holds, thing by thing, takes longer than to print the version."""
    atexit._run_exitfuncs()  # noqa: SLF001  # what `sys.exit` would do last of all
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def silence_broken_pipe() -> None:
    """Let the interpreter close a stdout whose reader is gone without a traceback (`keyrack … | head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
