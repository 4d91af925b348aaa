"""A diagram as alternatives, each of them terms that hold together, in uv's order."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from keyrack.errors import InvalidText
from keyrack.policy.markers.cover import DONE, cover
from keyrack.policy.markers.diagram import TRUE, Cut, Diagram, Value
from keyrack.policy.markers.variables import EXTRA, IN, LIST, LISTS, RELEASE, STRING, STRINGS, VERSION, VERSIONS
from keyrack.values.points import Point

MOST_TERMS: Final = 20_000
"""How many terms a text may have."""


class Term(NamedTuple):
    """One comparison. `rank` says where it stands in an alternative; `==*` and `!=*` are those with a star."""

    rank: tuple[int, int]
    key: str
    operator: str
    value: str

    def __str__(self) -> str:
        """Write it as PEP 508 does."""
        quote = '"' if "'" in self.value else "'"
        match self.operator:
            case "==*" | "!=*":
                return f"{self.key} {self.operator[:2]} '{self.value}.*'"
            case "contains" | "not contains":
                return f"{quote}{self.value}{quote} {self.operator.replace('contains', 'in')} {self.key}"
            case _:
                return f"{self.key} {self.operator} {quote}{self.value}{quote}"


Clause = tuple[Term, ...]

_Interval = tuple[Cut | None, Cut | None]
_STRING_RANK: Final = {name: place for place, name in enumerate(sorted(STRINGS))}


def clauses(diagram: Diagram) -> list[Clause]:
    """Give the alternatives of a diagram that is neither TRUE nor FALSE. `InvalidText` if there are very many."""
    found = [tuple(sorted(clause, key=_rank)) for clause in _ways(diagram)]
    return sorted(found, key=lambda clause: [_rank(term) for term in clause])


def _rank(term: Term) -> tuple[int, int]:
    return term.rank


def _ways(diagram: Diagram) -> list[Clause]:
    """Follow every way through the cover, in the order of its branches."""
    ways, terms = list[Clause](), 0
    todo = [(cover(diagram), Clause())]
    while todo:
        here, path = todo.pop()
        if here is DONE:
            ways.append(path)
            terms += len(path)
            if terms > MOST_TERMS:
                raise InvalidText("The marker is too complex to be written")
        for condition, rest in reversed(here.branches):
            todo += [(rest, path + step) for step in reversed(_steps(condition))]
    return ways


def _steps(condition: Diagram) -> list[Clause]:
    """Write a condition on one variable; several intervals are alternatives, unless few words say them all."""
    if condition is TRUE:
        return [()]
    kind = condition.variable[0]
    if kind in (STRING, RELEASE, VERSION):
        return _along(condition)
    rank, key, value = _switched(condition)
    words = ("==", "!=") if kind == EXTRA else ("in", "not in") if kind == IN else ("contains", "not contains")
    return [(Term(rank, key, words[condition.children.index(TRUE)], value),)]


def _switched(condition: Diagram) -> tuple[tuple[int, int], str, str]:
    """Give rank, key and value of a variable that is true or false."""
    kind, which, *rest = condition.variable
    if kind == EXTRA:
        return (3, 0), "extra", str(which)
    if kind == LIST:
        return (2, int(which)), LISTS[int(which)], str(rest[0])
    key = STRINGS[int(which)]
    return (1, _STRING_RANK[key]), key, str(rest[0])


def _along(condition: Diagram) -> list[Clause]:
    kind, which = condition.variable
    key = (VERSIONS if kind == VERSION else STRINGS)[int(which)]
    rank = (0, int(which)) if kind == VERSION else (1, _STRING_RANK[key])
    lowers, uppers = (None, *condition.cuts), (*condition.cuts, None)
    among = [
        (lower, upper) for lower, child, upper in zip(lowers, condition.children, uppers, strict=True) if child is TRUE
    ]
    gaps = None if kind == RELEASE else _gaps(among)
    if gaps is not None:
        return [tuple(Term(rank, key, "!=", _written(value)) for value in gaps)]
    if kind == VERSION and (hole := _starred_hole(among)):
        return [(Term(rank, key, "!=*", hole),)]
    return [tuple(Term(rank, key, *word) for word in _words(kind, *interval)) for interval in among]


def _gaps(among: list[_Interval]) -> list[Value] | None:
    """Give the single values that are missing, if nothing else is."""
    if among[0][0] is not None or among[-1][1] is not None:
        return None
    found = list[Value]()
    for (_, upper), (lower, _) in pairwise(among):
        if upper is None or lower is None or upper[0] != lower[0]:
            return None
        found.append(upper[0])
    return found


def _starred_hole(among: list[_Interval]) -> str:
    """Give `3.8` where all but `3.8.*` is meant, else ""."""
    if len(among) != 2:
        return ""
    (first, upper), (lower, last) = among
    if first or last or upper is None or lower is None or upper[1] or lower[1]:
        return ""
    return _minor(upper[0], lower[0])


def _minor(lower: Value, upper: Value) -> str:
    """Give `3.8` for the interval from 3.8 up to 3.9, else ""."""
    release, after = _written(lower).split("."), _written(upper).split(".")
    if len(release) == 1:
        release = [*release, "0"]
    if len(release) != 2:
        return ""
    return ".".join(release) if after == [release[0], str(int(release[1]) + 1)] else ""


def _words(kind: int | str, lower: Cut | None, upper: Cut | None) -> list[tuple[str, str]]:
    """Write one interval."""
    if lower and upper and lower[0] == upper[0]:
        return [("==", _written(lower[0]))]
    if kind == VERSION and lower and upper and not lower[1] and not upper[1] and (minor := _minor(lower[0], upper[0])):
        return [("==*", minor)]
    found = list[tuple[str, str]]()
    if lower:
        found.append((">" if lower[1] else ">=", _written(lower[0])))
    if upper:
        found.append(("<=" if upper[1] else "<", _written(upper[0])))
    return found


def _written(value: Value) -> str:
    return value.text if isinstance(value, Point) else str(value)
