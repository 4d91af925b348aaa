"""Hunt through one target for a number of seconds: `python -m fuzz.hunt TOOL TARGET SECONDS`, in a process of its own.

The exit code is 0 where nothing fell. `hypothesis` makes bodies by rules; `atheris` lets the
covered branches lead it.
"""

from __future__ import annotations

import sys
import time

# All else is imported late: atheris must see the import of what it watches.


def by_rules(name: str, seconds: float) -> int:
    """Try bodies made by rules until the time is over; how many comes back."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from fuzz.bodies import bodies
    from fuzz.judge import judge
    from fuzz.targets import named

    target = named(name)
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


def by_branches(name: str, seconds: float) -> None:
    """Let atheris look until the time is over; it ends the process itself."""
    import tempfile
    from pathlib import Path

    import atheris

    with atheris.instrument_imports(include=["keyrack", "packaging", "html", "_markupbase", "tomllib", "csv"]):
        from fuzz.judge import judge
        from fuzz.targets import named
    target = named(name)
    with tempfile.TemporaryDirectory() as corpus:
        for at, body in enumerate(target.seeds):
            Path(corpus, str(at)).write_bytes(body)
        words = [f"-max_total_time={max(int(seconds), 1)}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=4096"]
        quiet = ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={tempfile.gettempdir()}/"]
        atheris.Setup([sys.argv[0], *words, *quiet, corpus], lambda body: judge(target, body))
        atheris.Fuzz()


def main(words: list[str]) -> int:
    """Run one hunt."""
    tool, name, seconds = words
    if tool == "atheris":
        by_branches(name, float(seconds))
    else:
        print(f"{name}: {by_rules(name, float(seconds))} bodies by rules")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
