"""Run programs and compare them: wall and CPU time and peak memory of each run, ratios between runs of one round."""

import marshal
import os
import statistics
import struct
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

STARTER = Path(__file__).with_name("starter.py")
FOREIGN = (
    *("UV_", "PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_", "XDG_"),
    *("SSL_", "REQUESTS_", "CURL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
)
"""Variables that would change what is measured begin so."""


class Took(NamedTuple):
    """One run: seconds, bytes, and the requests that the index counted; CPU time and memory count child processes."""

    wall: float
    cpu: float
    memory: int = 0
    requests: int = 0


class Ended(NamedTuple):
    """How a run ended: its exit code, what it took, and all it printed."""

    code: int
    took: Took
    said: str


class Starter:
    """Starts programs from a process that holds next to nothing: a child's peak memory begins with its parent's."""

    def __init__(self, folder: Path) -> None:
        """What the programs print goes through a file in `folder`."""
        self._printed = folder / "printed.txt"
        words = (sys.executable, "-I", "-S", str(STARTER))
        self._child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._child.communicate()

    def run(self, words: Sequence[str], variables: Mapping[str, str]) -> Ended:
        """Run a program to its end."""
        if self._child.stdin is None or self._child.stdout is None:
            raise RuntimeError("the starter has no pipes")
        asked = marshal.dumps((tuple(words), dict(variables), str(self._printed)))
        self._child.stdin.write(struct.pack("=I", len(asked)) + asked)
        self._child.stdin.flush()
        code, wall, cpu, kilobytes = marshal.loads(
            self._child.stdout.read(struct.unpack("=I", self._child.stdout.read(4))[0])
        )
        said = self._printed.read_text(encoding="utf-8", errors="replace")
        return Ended(code, Took(wall, cpu, kilobytes << 10), said)

    def must(self, words: Sequence[str], variables: Mapping[str, str]) -> Took:
        """Time a run that must succeed; what it prints is shown only where it does not."""
        ended = self.run(words, variables)
        if ended.code:
            raise SystemExit(f"`{' '.join(words)}` ended with {ended.code}:\n{ended.said}")
        return ended.took


def surroundings(**more: str) -> dict[str, str]:
    """Give this process's environment without what would change the runs, and what is added."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    return kept | more


def median(took: Iterable[Took]) -> Took:
    """Give the median of each number by itself."""
    walls, cpus, memory, requests = zip(*took, strict=True)
    numbers = (int(statistics.median(each)) for each in (memory, requests))
    return Took(statistics.median(walls), statistics.median(cpus), *numbers)


def ratio(own: Sequence[Took], other: Sequence[Took]) -> Took:
    """Give the median over rounds of the ratio within a round: what slows a round down slows both.

    Where one joined in fewer rounds, the first ones of the other count.
    """
    pairs = tuple(zip(own, other, strict=False))
    return Took(
        statistics.median(one.wall / two.wall for one, two in pairs),
        statistics.median(one.cpu / two.cpu for one, two in pairs),
    )


def in_turns(names: Sequence[str], number: int) -> Sequence[str]:
    """Give the order of a round: each begins as often as the others."""
    at = number % len(names)
    return (*names[at:], *names[:at])
