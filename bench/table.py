"""From results to rows, and from rows to a table in Markdown."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bench.counting import Counted
from bench.measure import Took, median, ratio
from bench.rounds import OPERATIONS, Case, Results
from bench.sets import SETS

BUDGETS: Mapping[tuple[str, str], float] = {
    ("start", ""): 2.3,
    ("venv", ""): 1.15,
    ("cold-resolve", ""): 0.90,
    ("warm-resolve", ""): 0.70,
    ("cold-install", ""): 0.60,
    ("cold-install", "jupyter"): 0.85,
    ("cold-install", "sci"): 1.0,
    ("warm-install", ""): 1.1,
    ("no-op", ""): 0.90,
}
"""What keyrack may take of uv's time, by operation and set; "" stands for all sets without a number of their own."""
HEAD = (
    "operation",
    "set",
    "RTT",
    "program",
    "wall ms",
    "x",
    "budget",
    "CPU ms",
    "x",
    "MiB",
    "requests",
    "calls",
    "modules",
)


class Row(NamedTuple):
    """One program in one case. Ratios are to the base program, None where it is the base; None counts as unknown."""

    case: Case
    program: str
    took: Took
    times: Took | None
    budget: float | None
    calls: int | None
    modules: int | None


def rows(results: Results, counted: Counted) -> list[Row]:
    """Give one row for each case and program, in the order of the operations."""
    cases = sorted({case for case, _ in results}, key=_place)
    names = tuple(dict.fromkeys(program for _, program in results))
    base = base_of(names)
    return [_row(results, counted, (case, name), base) for case in cases for name in names if (case, name) in results]


def base_of(names: Sequence[str]) -> str:
    """Say what is compared with."""
    return next((name for name in ("uv", "pip") if name in names), names[0])


def _place(case: Case) -> tuple[int, int, int]:
    sets = ("", *SETS)
    return sets.index(case.set), [operation.name for operation in OPERATIONS].index(case.operation), case.latency


def _row(results: Results, counted: Counted, key: tuple[Case, str], base: str) -> Row:
    case, program = key
    is_own = program == "keyrack" and base == "uv"
    return Row(
        case=case,
        program=program,
        took=median(results[key]),
        times=None if program == base else ratio(results[key], results[case, base]),
        budget=budget_of(case) if is_own else None,
        calls=counted.calls.get((case, program)),
        modules=counted.modules.get((case, program)),
    )


def budget_of(case: Case) -> float | None:
    """Give the budget of a case."""
    return BUDGETS.get((case.operation, case.set), BUDGETS.get((case.operation, "")))


def table(found: Sequence[Row]) -> list[str]:
    """Write rows as a table in Markdown; a ratio over its budget is set in bold."""
    words = {operation.name: operation.about for operation in OPERATIONS}
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---:|---|" + "---:|" * (len(HEAD) - 4)]
    return lines + [f"| {' | '.join(_cells(row, words))} |" for row in found]


def _cells(row: Row, words: Mapping[str, str]) -> tuple[str, ...]:
    took, times = row.took, row.times
    return (
        words[row.case.operation],
        row.case.set or "any",
        f"{row.case.latency} ms",
        row.program,
        _milliseconds(took.wall),
        _ratio(times.wall if times else None, row.budget),
        "" if row.budget is None else f"{row.budget:.2f}",
        _milliseconds(took.cpu),
        _ratio(times.cpu if times else None, row.budget),
        f"{took.memory / (1 << 20):.0f}",
        str(took.requests),
        _number(row.calls),
        _number(row.modules),
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.{1 if seconds < 0.1 else 0}f}"


def _ratio(value: float | None, budget: float | None) -> str:
    if value is None:
        return "1"
    text = f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return f"**{text}**" if budget is not None and round(value, 2) > budget else text


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
