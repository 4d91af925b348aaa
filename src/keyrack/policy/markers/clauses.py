"""The canonical text of a diagram: alternatives, each of them terms that hold together, in uv's order and words.

Every way through the diagram that ends in TRUE is one alternative. Then what follows from another alternative is left
out, and what is left is sorted by what it asks.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, Value
from keyrack.policy.markers.variables import EXTRA, IN, LIST, LISTS, STRING, STRINGS, VERSION, VERSIONS
from keyrack.values.points import Point

MOST_TERMS: Final = 20_000
"""How many terms a text may have before it is shortened. uv's longest known ones have some hundreds."""

NEVER: Final = "python_version < '0'"

_Interval = tuple[Cut | None, Cut | None]


class Term(NamedTuple):
    """One comparison. `rank` says where it stands in an alternative; `==*` and `!=*` are those with a star."""

    rank: tuple[int, int]
    key: str
    operator: str
    value: str

    def __str__(self) -> str:
        """Write it as PEP 508 does."""
        match self.operator:
            case "==*" | "!=*":
                return f"{self.key} {self.operator[:2]} '{self.value}.*'"
            case "contains" | "not contains":
                return f"'{self.value}' {self.operator.replace('contains', 'in')} {self.key}"
            case _:
                return f"{self.key} {self.operator} '{self.value}'"

    def negated(self) -> Term:
        """Give the comparison that says the opposite."""
        return self._replace(operator=_OPPOSITE[self.operator])


_PAIRS: Final = (("==", "!="), ("==*", "!=*"), ("<", ">="), (">", "<="), ("in", "not in"), ("contains", "not contains"))
_OPPOSITE: Final = dict(_PAIRS) | {second: first for first, second in _PAIRS}
_STRING_RANK: Final = {name: place for place, name in enumerate(sorted(STRINGS))}
_RANKS: Final = {VERSION: 0, STRING: 2, LIST: 3, EXTRA: 4}

Clause = list[Term]

_TEXTS: Final[dict[Diagram, str]] = {}


def text(diagram: Diagram) -> str:
    """Write a diagram; "" for what always holds. `InvalidText` if it would be too long to be of use."""
    if diagram is TRUE:
        return ""
    if diagram is FALSE:
        return NEVER
    found = _TEXTS.get(diagram)
    if found is None:
        clauses = alternatives(diagram)
        form = "({})" if len(clauses) > 1 else "{}"
        found = " or ".join(
            (form if len(clause) > 1 else "{}").format(" and ".join(map(str, clause))) for clause in clauses
        )
        _TEXTS[diagram] = found
    return found


def alternatives(diagram: Diagram) -> list[Clause]:
    """Give the simplified alternatives of a diagram that is neither TRUE nor FALSE."""
    clauses = _without_repeats(_shortened(_ways(diagram)))
    for clause in clauses:
        clause.sort(key=_rank)
    clauses.sort(key=lambda clause: [_rank(term) for term in clause])
    return clauses


def _rank(term: Term) -> tuple[int, int]:
    return term.rank


def _ways(diagram: Diagram) -> list[Clause]:
    """Follow every way to TRUE, in the order of the edges."""
    ways, todo, terms = list[Clause](), [(diagram, tuple[Term, ...]())], 0
    while todo:
        here, path = todo.pop()
        if here is TRUE:
            ways.append(list(path))
            terms += len(path)
            if terms > MOST_TERMS:
                raise InvalidText("The marker is too complex to be written")
        elif here is not FALSE:
            todo += [(child, path + step) for child, step in reversed(_steps(here))]
    return ways


def _steps(here: Diagram) -> list[tuple[Diagram, tuple[Term, ...]]]:
    """Give each child with the terms that lead to it, more than once where no words unite its intervals."""
    kind = here.variable[0]
    if kind in (STRING, VERSION):
        intervals = dict[Diagram, list[_Interval]]()
        for child, lower, upper in zip(here.children, (None, *here.cuts), (*here.cuts, None), strict=True):
            intervals.setdefault(child, []).append((lower, upper))
        return [(child, step) for child, among in intervals.items() for step in _worded(here, among)]
    rank, key, value = _switched(here)
    words = ("==", "!=") if kind == EXTRA else ("in", "not in") if kind == IN else ("contains", "not contains")
    return [(child, (Term(rank, key, word, value),)) for child, word in zip(here.children, words, strict=True)]


def _switched(here: Diagram) -> tuple[tuple[int, int], str, str]:
    """Give rank, key and value of a variable that is true or false."""
    kind, which, *rest = here.variable
    if kind == EXTRA:
        return (_RANKS[EXTRA], 0), "extra", str(which)
    if kind == LIST:
        return (_RANKS[LIST], int(which)), LISTS[int(which)], str(rest[0])
    key = STRINGS[int(which)]
    return (_RANKS[STRING], _STRING_RANK[key]), key, str(rest[0])


def _worded(here: Diagram, among: list[_Interval]) -> list[tuple[Term, ...]]:
    """Write the intervals that lead to one child; several of them are alternatives, unless few words say them all."""
    kind, which = here.variable
    key = (VERSIONS if kind == VERSION else STRINGS)[int(which)]
    rank = (_RANKS[VERSION], int(which)) if kind == VERSION else (_RANKS[STRING], _STRING_RANK[key])
    gaps = _gaps(among)
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
    if len(release) != 2 or not (release[1].isdecimal() and after[-1].isdecimal()):
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


def _shortened(clauses: list[Clause]) -> list[Clause]:
    """Leave out a term where, without it, another alternative steps in: `a or (not a and b)` says `a or b`."""
    for place, clause in enumerate(clauses):
        kept = set(clause)
        for term in clause:
            negated = term.negated()
            for other_place, other in enumerate(clauses):
                if other_place != place and all(one == negated or (one != term and one in kept) for one in other):
                    kept.discard(term)
                    break
        clauses[place] = [term for term in clause if term in kept]
    return clauses


def _without_repeats(clauses: list[Clause]) -> list[Clause]:
    """Leave out an alternative that says the same as another one, and more."""
    sets = [frozenset(clause) for clause in clauses]
    gone = set[int]()
    for place, clause in enumerate(sets):
        if any(other <= clause for at, other in enumerate(sets) if at != place and at not in gone):
            gone.add(place)
    return [clause for place, clause in enumerate(clauses) if place not in gone]
