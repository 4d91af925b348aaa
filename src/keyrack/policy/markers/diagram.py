"""Decision diagrams: one node asks one variable, and each answer leads to another node or to TRUE or FALSE.

A node's variable takes its values on a line. `cuts` divide the line into intervals, in order, and `children[i]` is what
follows in interval `i`: between `cuts[i - 1]` and `cuts[i]`. A cut is a value and a side, 0 just below the value and 1
just above it, so a value of its own is an interval too. A variable that is only true or false has the one cut `SWITCH`:
its first child is for true.

Diagrams are reduced (neighbours differ, no node has but one child), ordered (variables come in one order on every
path) and made once for each content. So equal meaning is the same object: `is` decides it. R. E. Bryant, Graph-Based
Algorithms for Boolean Function Manipulation, 1986.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Final

from keyrack.values.points import Point

Value = Point | str | int
Cut = tuple[Value, int]
Variable = tuple[int | str, ...]

SWITCH: Final[tuple[Cut, ...]] = ((1, 0),)


class Diagram:
    """A node, or one of the two ends. Made by `node` alone, and then compared and hashed by identity."""

    __slots__ = ("children", "cuts", "inverse", "serial", "variable")

    def __init__(self, variable: Variable, cuts: tuple[Cut, ...], children: tuple[Diagram, ...], serial: int) -> None:
        """Take what the node asks, where its line is cut, and what follows."""
        self.variable = variable
        self.cuts = cuts
        self.children = children
        self.serial = serial
        self.inverse: Diagram | None = None

    @property
    def is_end(self) -> bool:
        """Say whether this is TRUE or FALSE."""
        return not self.children

    def child(self, value: Value) -> Diagram:
        """Give what follows where the variable has this value."""
        return self.children[bisect_right(self.cuts, (value, 0))]


LAST: Final[Variable] = (99,)
"""Comes after every variable: what an end has in its place."""
TRUE: Final = Diagram(LAST, (), (), 0)
FALSE: Final = Diagram(LAST, (), (), 1)
TRUE.inverse, FALSE.inverse = FALSE, TRUE

# One table for the process: the same content must be the same object whoever asks, as with interned strings.
_MADE: Final[dict[tuple[Variable, tuple[Cut, ...], tuple[Diagram, ...]], Diagram]] = {}


def node(variable: Variable, cuts: tuple[Cut, ...], children: tuple[Diagram, ...]) -> Diagram:
    """Give the one node with this content, after neighbours that are the same were united."""
    first = children[0]
    if all(child is first for child in children):
        return first
    if any(child is children[place] for place, child in enumerate(children[1:])):
        keep = [place for place, child in enumerate(children[1:]) if child is not children[place]]
        cuts, children = tuple(cuts[place] for place in keep), (first, *(children[place + 1] for place in keep))
    key = variable, cuts, children
    found = _MADE.get(key)
    return _MADE.setdefault(key, Diagram(variable, cuts, children, len(_MADE) + 2)) if found is None else found


def along(variable: Variable, intervals: Iterable[tuple[Cut | None, Cut | None]]) -> Diagram:
    """Give the node that is TRUE in these intervals, which are sorted and apart, and FALSE elsewhere."""
    cuts: list[Cut] = []
    children = [FALSE]
    for lower, upper in intervals:
        if lower is None:
            children = [TRUE]
        else:
            cuts.append(lower)
            children.append(TRUE)
        if upper is not None:
            cuts.append(upper)
            children.append(FALSE)
    return node(variable, tuple(cuts), tuple(children))


def switch(variable: Variable, *, on: bool = True) -> Diagram:
    """Give the node of a variable that is true or false."""
    return node(variable, SWITCH, (TRUE, FALSE) if on else (FALSE, TRUE))


def rebuilt(
    diagram: Diagram, step: Callable[[Diagram, tuple[Diagram, ...]], Diagram], known: dict[Diagram, Diagram]
) -> Diagram:
    """Make a diagram anew from its ends upwards: `step` gives a node's new form from those of its children.

    `known` holds what was made before, and takes what is made. No recursion: a diagram may be deep.
    """
    todo = [diagram]
    while todo:
        here = todo[-1]
        if here in known or here.is_end:
            todo.pop()
            continue
        missing = [child for child in here.children if not child.is_end and child not in known]
        if missing:
            todo += missing
            continue
        known[here] = step(here, tuple(known.get(child, child) for child in here.children))
        todo.pop()
    return known.get(diagram, diagram)


def opposite(diagram: Diagram) -> Diagram:
    """Give the diagram that holds where this one does not."""
    if diagram.inverse is not None:
        return diagram.inverse
    todo = [diagram]
    while todo:
        here = todo[-1]
        if here.inverse is None:
            missing = [child for child in here.children if child.inverse is None]
            if missing:
                todo += missing
                continue
            children = tuple(child.inverse for child in here.children if child.inverse is not None)
            here.inverse = made = node(here.variable, here.cuts, children)
            made.inverse = here
        todo.pop()
    return opposite(diagram)
