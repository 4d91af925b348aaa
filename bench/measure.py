"""Run programs in turns and compare them: wall and CPU time of each run, ratios between runs of one round."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

FOREIGN = (
    *("UV_", "PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_"),
    *("SSL_", "REQUESTS_", "CURL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
)
"""Variables that would change what is measured begin so."""


class Took(NamedTuple):
    """Seconds of one run; CPU time counts child processes. `requests` are those that the index counted."""

    wall: float
    cpu: float
    requests: int = 0


def run(words: Sequence[str], variables: Mapping[str, str]) -> Took:
    """Time one run, which must succeed; what it prints is shown only where it does not."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(words, env=dict(variables), capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        raise SystemExit(f"`{' '.join(words)}` ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def surroundings(**more: str) -> dict[str, str]:
    """Give this process's environment without what would change the runs, and what is added."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    return kept | more


def median(took: Iterable[Took]) -> Took:
    """Give the median of each number by itself."""
    walls, cpus, requests = zip(*took, strict=True)
    return Took(statistics.median(walls), statistics.median(cpus), int(statistics.median(requests)))


def ratio(own: Sequence[Took], other: Sequence[Took]) -> Took:
    """Give the median over rounds of the ratio within a round: what slows a round down slows both."""
    pairs = tuple(zip(own, other, strict=True))
    return Took(
        statistics.median(one.wall / two.wall for one, two in pairs),
        statistics.median(one.cpu / two.cpu for one, two in pairs),
    )


def in_turns(names: Sequence[str], number: int) -> Sequence[str]:
    """Give the order of a round: each begins as often as the others."""
    at = number % len(names)
    return (*names[at:], *names[:at])
