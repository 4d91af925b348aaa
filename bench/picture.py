"""The rows as a picture (SVG): how much of the base program's time keyrack takes, and the budgets as marks."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from bench.table import Row

WIDTH, LEFT, RIGHT, TOP = 960, 330, 150, 84
STEP, BAR, GAP = 46, 13, 4
MOST = 2.5
"""Where the axis ends; a longer bar is cut there, and its number says how long it would be."""
INK, FAINT, GRID = "#1f2430", "#6b7280", "#e5e7eb"
WALL, CPU, OVER, MARK = "#2563eb", "#93c5fd", "#dc2626", "#111827"


class Bar(NamedTuple):
    """One row of the picture. label: what is measured; note: what another program takes."""

    label: str
    wall: float
    cpu: float
    budget: float | None
    note: str


def bars(found: Sequence[Row]) -> list[Bar]:
    """Give keyrack's rows as bars, with pip's ratio as a note."""
    others = {row.case: row.times for row in found if row.program == "pip"}
    answer = []
    for row in found:
        if row.program != "keyrack" or row.times is None:
            continue
        far = f", {row.case.latency} ms away" if row.case.latency else ""
        label = f"{words(row.case.operation)}{' ' + row.case.set if row.case.set else ''}{far}"
        other = others.get(row.case)
        answer.append(Bar(label, row.times.wall, row.times.cpu, row.budget, f"pip x{other.wall:.0f}" if other else ""))
    return answer


def words(operation: str) -> str:
    """Give an operation's name as one says it."""
    return operation.replace("cold-", "cold ").replace("warm-", "warm ")


def picture(found: Sequence[Bar], title: str, base: str) -> str:
    """Draw the bars."""
    height = TOP + STEP * len(found) + 40
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
            ' font-family="system-ui, Helvetica, Arial, sans-serif" font-size="14">'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(24, 34, title, size=18, weight=600),
        _text(24, 56, f"keyrack's time as a share of {base}'s: shorter is better", fill=FAINT, size=13),
        *_legend(),
        *_grid(height, base),
    ]
    for number, bar in enumerate(found):
        parts += _row(bar, TOP + STEP * number)
    return "\n".join([*parts, "</svg>", ""])


def place(value: float) -> float:
    """Give the x of a ratio; what is beyond the axis lies at its end."""
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(value, MOST) / MOST, 1)


def _row(bar: Bar, top: int) -> list[str]:
    over = bar.budget is not None and round(bar.wall, 2) > bar.budget
    upper, lower = top + 6, top + 6 + BAR + GAP
    parts = [
        _text(LEFT - 14, top + 26, bar.label, anchor="end"),
        _bar(upper, bar.wall, OVER if over else WALL),
        _bar(lower, bar.cpu, CPU),
        _text(max(place(bar.wall), place(bar.budget or 0)) + 8, upper + 11, f"{bar.wall:.2f}", size=12, weight=600),
        _text(max(place(bar.cpu), place(bar.budget or 0)) + 8, lower + 11, f"{bar.cpu:.2f}", fill=FAINT, size=12),
        _text(WIDTH - 24, top + 26, bar.note, anchor="end", fill=FAINT, size=12),
    ]
    if bar.budget is not None:
        x = place(bar.budget)
        parts.append(f'<path d="M{x} {top + 2}V{top + 2 * BAR + GAP + 10}" stroke="{MARK}" stroke-width="2.5"/>')
    return parts


def _bar(top: int, value: float, fill: str) -> str:
    return f'<rect x="{LEFT}" y="{top}" width="{place(value) - LEFT:.1f}" height="{BAR}" rx="2" fill="{fill}"/>'


def _grid(height: int, base: str) -> list[str]:
    parts = []
    for half in range(int(MOST * 2) + 1):
        x, strong = place(half / 2), half == 2
        ink = FAINT if strong else GRID
        parts.append(f'<path d="M{x} {TOP - 4}V{height - 34}" stroke="{ink}"/>')
        label = base if strong else f"{half / 2:g}"
        parts.append(_text(x, height - 16, label, anchor="middle", fill=INK if strong else FAINT, size=12))
    return parts


def _legend() -> list[str]:
    parts, x = [], WIDTH - 400
    for fill, text in ((WALL, "wall"), (OVER, "wall, over its budget"), (CPU, "CPU")):
        parts.append(f'<rect x="{x}" y="46" width="12" height="12" rx="2" fill="{fill}"/>')
        parts.append(_text(x + 18, 57, text, fill=FAINT, size=12))
        x += 36 + 7 * len(text)
    parts.append(f'<path d="M{x + 4} 44V60" stroke="{MARK}" stroke-width="2.5"/>')
    return [*parts, _text(x + 12, 57, "budget", fill=FAINT, size=12)]


def _text(x: float, y: float, text: str, **looks: str | int) -> str:
    named = {"fill": INK, **looks}
    names = {"size": "font-size", "weight": "font-weight", "anchor": "text-anchor"}
    attributes = " ".join(f'{names.get(name, name)}="{value}"' for name, value in named.items())
    return f'<text x="{x}" y="{y}" {attributes}>{escape(text)}</text>'
