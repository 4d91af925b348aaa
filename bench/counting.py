"""What can be counted instead of timed: system calls (strace) and imported modules (`-X importtime`)."""

import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bench.rounds import Case, Plan, Stage, Turn, one_round, turns_of

IMPORTED = "import time:"
Counts = dict[tuple[Case, str], int]


class Counted(NamedTuple):
    """By case and program; what could not be counted is not there."""

    calls: Mapping[tuple[Case, str], int]
    modules: Mapping[tuple[Case, str], int]


def count(stage: Stage, plan: Plan) -> Counted:
    """Go through everything once more for each of the two: counting takes time."""
    found = Counted({}, {})
    plan = plan._replace(latencies=plan.latencies[:1])
    strace = shutil.which("strace")
    quick = [name for name in stage.programs if name not in plan.few]
    for name in plan.sets:
        print(f"\rcounting: {name}   ", end="", file=sys.stderr, flush=True)
        if strace:
            found = found._replace(calls={**found.calls, **_calls(stage, plan, name, quick, strace)})
        own = [name for name in stage.programs if name == "keyrack"]
        found = found._replace(modules={**found.modules, **_modules(stage, plan, name, own)})
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
    return found


def _calls(stage: Stage, plan: Plan, name: str, programs: Iterable[str], strace: str) -> Counts:
    written = stage.folder / "strace.txt"

    def take(turn: Turn, operation: str, latency: int) -> int:
        words = (strace, "-f", "-qq", "-c", "-o", str(written), *turn.words(operation))
        stage.starter.must(words, turn.variables(operation, latency))
        return total_calls(written.read_text(encoding="utf-8"))

    rounds = one_round(turns_of(stage, plan, name, programs), plan.latencies, take)
    return {(case, program): calls for case, program, calls in rounds}


def _modules(stage: Stage, plan: Plan, name: str, programs: Iterable[str]) -> Counts:
    def take(turn: Turn, operation: str, latency: int) -> int:
        variables = {**turn.variables(operation, latency), "PYTHONPROFILEIMPORTTIME": "1"}
        return imported(stage.starter.run(turn.words(operation), variables).said)

    rounds = one_round(turns_of(stage, plan, name, programs), plan.latencies, take)
    return {(case, program): modules for case, program, modules in rounds}


def total_calls(table: str) -> int:
    """Read strace's table: its last line is `100.00 SECONDS USECS CALLS [ERRORS] total`."""
    for line in reversed(table.splitlines()):
        words = line.split()
        if words and words[-1] == "total":
            return int(words[3])
    raise ValueError(table)


def imported(said: str) -> int:
    """Count the modules in what Python says with `-X importtime`; the first line is the head of the table."""
    return sum(line.startswith(IMPORTED) and not line.endswith("imported package") for line in said.splitlines())
