"""Hunt through one target for a number of seconds: `python -m fuzz.hunt TOOL TARGET SECONDS`, in a process of its own.

The exit code is 0 where nothing fell. `hypothesis` makes bodies by rules; `atheris` lets the
covered branches lead it.
"""

from __future__ import annotations

import sys
import time

from fuzz.judge import judge
from fuzz.targets import TARGETS, Target


def by_rules(target: Target, seconds: float) -> int:
    """Try bodies made by rules until the time is over; how many comes back."""
    from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: PLC0415 - atheris needs none of it

    from fuzz.bodies import bodies  # noqa: PLC0415 - as above

    end, tried = time.monotonic() + seconds, 0

    def one(body: bytes) -> None:
        nonlocal tried
        tried += 1
        if tried % 50 == 0 or time.monotonic() < end:
            judge(target, body, weigh=tried % 50 == 0)

    calm = settings(
        max_examples=300,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what takes seconds takes hours to shrink
    )
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
        calm(seed(time.time_ns())(given(bodies(target.seeds))(one)))()
    return tried


def by_branches(target: Target, seconds: float) -> None:
    """Let atheris look until the time is over; it ends the process itself."""
    import tempfile  # noqa: PLC0415 - only here
    from pathlib import Path  # noqa: PLC0415 - only here

    import atheris  # noqa: PLC0415 - an optional tool

    with tempfile.TemporaryDirectory() as corpus:
        for at, body in enumerate(target.seeds):
            Path(corpus, str(at)).write_bytes(body)
        atheris.instrument_all()
        words = [f"-max_total_time={max(int(seconds), 1)}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=4096"]
        quiet = ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={tempfile.gettempdir()}/"]
        atheris.Setup([sys.argv[0], *words, *quiet, corpus], lambda body: judge(target, body))
        atheris.Fuzz()


def main(words: list[str]) -> int:
    """Run one hunt."""
    tool, name, seconds = words
    target = next(each for each in TARGETS if each.name == name)
    if tool == "atheris":
        by_branches(target, float(seconds))
    else:
        print(f"{name}: {by_rules(target, float(seconds))} bodies by rules")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
