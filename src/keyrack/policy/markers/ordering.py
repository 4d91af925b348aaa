"""The order of markers, in which a lock writes dependencies that differ by their marker alone (uv's)."""

from __future__ import annotations

from typing import Final

from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram
from keyrack.policy.markers.variables import CONTAINS, EXTRA, IN, LIST, RELEASE, STRING, VERSION

_Key = tuple[object, ...]

_KINDS: Final = {
    kind: place for place, kind in enumerate((VERSION, RELEASE, STRING, IN, CONTAINS, LIST, EXTRA), start=2)
}


def order(diagram: Diagram) -> _Key:
    """Give a key to sort markers by: what is asked first, then the intervals in order, each with what follows."""
    known: dict[Diagram, _Key] = {TRUE: (0,), FALSE: (1,)}
    todo = [diagram]
    while todo:
        here = todo[-1]
        missing = [child for child in here.children if child not in known]
        if missing and here not in known:
            todo += missing
            continue
        todo.pop()
        if here not in known:
            known[here] = (_KINDS[int(here.variable[0])], here.variable[1:], _edges(here, known))
    return known[diagram]


def _edges(here: Diagram, known: dict[Diagram, _Key]) -> _Key:
    children = [known[child] for child in here.children]
    if here.variable[0] not in (STRING, RELEASE, VERSION):
        return tuple(children)
    lowers: list[Cut | None] = [None, *here.cuts]
    uppers: list[Cut | None] = [*here.cuts, None]
    return tuple(
        ((0,) if lower is None else (1, lower), (2,) if upper is None else (1, upper), child)
        for lower, upper, child in zip(lowers, uppers, children, strict=True)
    )
