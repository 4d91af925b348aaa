"""Open the terminal as flags and environment want it."""

from __future__ import annotations

from keyrack.adapters.clock import monotonic
from keyrack.adapters.endings import ignore_signals, unwind_on_signals
from keyrack.adapters.environ import environment
from keyrack.adapters.terminal import Terminal, leave, silence_broken_pipe, standard_terminal
from keyrack.values.volume import Volume

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from collections.abc import Mapping

__all__ = [
    "environment",
    "ignore_signals",
    "leave",
    "monotonic",
    "open_terminal",
    "silence_broken_pipe",
    "unwind_on_signals",
]


def open_terminal(words: Mapping[str, object], variables: Mapping[str, str]) -> Terminal:
    """Make the terminal of this run from `--quiet`, `--verbose`, `--color`, `--no-progress` and their variables."""
    quiet, verbose = words.get("quiet", 0), words.get("verbose", 0)
    loudness = (verbose if isinstance(verbose, int) else 0) - (quiet if isinstance(quiet, int) else 0)
    volume = Volume(max(-2, min(2, loudness)))
    color = "never" if words.get("no-color") else words.get("color", "auto")
    no_progress = bool(words.get("no-progress")) or variables.get("UV_NO_PROGRESS", "") not in ("", "0", "false")
    return standard_terminal(volume, color=str(color), variables=variables, progress=not no_progress)
