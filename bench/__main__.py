"""Measure keyrack, uv and pip in turns against an index on this machine: `python3 dev.py bench`.

The index is a recording of real packages, made once and kept outside the repository; without a network the packages
are made up. What is measured, how it is compared and what it cannot tell: docs/decisions/0030-measuring.md.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import URLError

from bench.counting import Counted, count
from bench.measure import Starter
from bench.picture import bars, picture
from bench.private import private_table, run_private
from bench.programs import Program, programs, resolving
from bench.recorder import record
from bench.recording import Recording, missing
from bench.rounds import Plan, Stage, measure
from bench.serving import serving
from bench.sets import MADE_UP, SETS, USUAL
from bench.table import base_of, rows, table
from bench.universe import write as write_made_up

ROOT = Path(__file__).resolve().parent.parent
PIP_ROUNDS = 2


def main(words: Sequence[str]) -> int:
    """Record where that is due, measure, and write the table and the picture."""
    chosen = _chosen(words)
    with tempfile.TemporaryDirectory(prefix="keyrack-bench-") as place:
        folder = Path(place)
        given = {name: each for name, each in programs(folder, chosen.uv).items() if name in chosen.programs}
        recording, sets = _recorded(chosen, given, folder)
        rounds = 1 if chosen.quick else chosen.rounds
        latencies = (0,) if chosen.quick else (0, 25)
        plan = Plan({name: SETS[name] for name in sets}, latencies, rounds, {"pip": 1 if chosen.quick else PIP_ROUNDS})
        with serving(recording, folder / "server", latencies) as index, Starter(folder) as starter:
            stage = Stage(folder, index, starter, given, resolving(given).startswith("`pip compile`"))
            results = measure(stage, plan)
            counted = Counted({}, {}) if chosen.quick else count(stage, plan)
            private = run_private(folder / "private", starter, given)
        server = index.server
    found = rows(results, counted)
    base = base_of(tuple(given))
    lines = [
        "# keyrack beside others",
        "",
        *_about(given, plan, server),
        "",
        *table(found),
        "",
        "Nothing in the cache, two private indexes on one host, a key each:",
        "",
        *private_table(private),
    ]
    print("\n".join(lines))
    _write(Path(chosen.output), lines, picture(bars(found), f"keyrack beside {base}", base))
    return 0


def _chosen(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description="Measure keyrack, uv and pip in turns.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument("--sets", default=",".join(USUAL), help=f"of: {', '.join(SETS)} (default: %(default)s)")
    parser.add_argument("--programs", default="keyrack,uv,pip", help="who takes part (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="one round, no latency, nothing counted")
    parser.add_argument("--uv", default=shutil.which("uv"), help="the uv to compare with (default: the one on PATH)")
    parser.add_argument(
        "--recording", default=cache / "keyrack-bench", help="the recorded index (default: %(default)s)"
    )
    parser.add_argument("--upstream", default="", help="the index to record (default: the one that keyrack asks)")
    parser.add_argument("--output", default=ROOT / "build", help="where table and picture are written")
    chosen = parser.parse_args(words)
    chosen.sets, chosen.programs = chosen.sets.split(","), chosen.programs.split(",")
    for name in chosen.sets:
        if name not in SETS:
            parser.error(f"no such set: `{name}`; there are {', '.join(SETS)}")
    return chosen


def _recorded(chosen: argparse.Namespace, given: Mapping[str, Program], folder: Path) -> tuple[Recording, list[str]]:
    """Give the recording and the sets to measure; made-up ones where the index cannot be reached."""
    made_up = Recording(folder / "made-up")
    if chosen.sets == [MADE_UP]:
        write_made_up(made_up)
        return made_up, [MADE_UP]
    recording = Recording(Path(chosen.recording))
    if missing(recording.told(), {name: SETS[name] for name in chosen.sets}):
        try:
            record(recording, {name: SETS[name] for name in chosen.sets}, _upstream(chosen.upstream), given)
        except (URLError, TimeoutError) as error:
            print(f"the index cannot be reached ({error}): made-up packages are measured", file=sys.stderr)
            write_made_up(made_up)
            return made_up, [MADE_UP]
    return recording, chosen.sets


def _upstream(given: str) -> str:
    from keyrack._build import DEFAULT_INDEX  # noqa: PLC0415 - made with the first installation

    return given or DEFAULT_INDEX


def _about(given: Mapping[str, Program], plan: Plan, server: str) -> list[str]:
    base = base_of(tuple(given))
    versions = ", ".join(f"{each.name} {each.version}" for each in given.values())
    slow = f" (pip in {min(plan.rounds, plan.few['pip'])})" if "pip" in given else ""
    joined = f"{plan.rounds} round{'' if plan.rounds == 1 else 's'} in turns{slow}"
    wanted = "; ".join(f"{name} = {' '.join(words)}" for name, words in plan.sets.items())
    return [
        (
            f"{versions}; Python {platform.python_version()} on {platform.system()} {platform.machine()},"
            f" {os.cpu_count()} cores; {joined}; {server} serves over TLS, resolving is {resolving(given)}."
        ),
        "",
        (
            f"Sets: {wanted}. Times, memory and requests are medians. x is the median over rounds of the ratio to"
            f" {base} within a round, below 1 is faster; bold is over its budget. Calls are system calls"
            " (`strace -f -c`), modules those that Python imported."
        ),
    ]


def _write(folder: Path, lines: Sequence[str], drawing: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(
        "\n".join([*lines[:2], "![ratios](bench.svg)", "", *lines[2:], ""]), encoding="utf-8"
    )
    (folder / "bench.svg").write_text(drawing, encoding="utf-8")
    print(f"\nwritten to {folder / 'bench.md'} and {folder / 'bench.svg'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
