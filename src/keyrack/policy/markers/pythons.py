"""Markers and ranges of Python: what is left of a marker where the Python is known to lie in a range, and back.

A lock is written for a `requires-python`, and its markers do not repeat it (uv's `simplify` and `complexify`).
"""

from __future__ import annotations

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, along, node, rebuilt
from keyrack.policy.markers.joining import meet
from keyrack.policy.markers.platforms import both, canonical
from keyrack.policy.markers.releases import compared
from keyrack.policy.markers.variables import PYTHON
from keyrack.values.points import Point


class Bounds(msgspec.Struct, frozen=True):
    """An interval of Pythons between two cuts: a release, and 0 for just below it or 1 for just above."""

    lower: Cut | None = None
    upper: Cut | None = None

    @property
    def is_full(self) -> bool:
        """Say whether every Python lies between."""
        return self.lower is None and self.upper is None

    @property
    def is_empty(self) -> bool:
        """Say whether no Python lies between."""
        return self.lower is not None and self.upper is not None and self.lower >= self.upper

    def __str__(self) -> str:
        """Write them as PEP 440 specifiers, `>=3.9,<3.13`; "" for no bounds."""
        words = list[str]()
        if self.lower is not None:
            words.append(f"{'>' if self.lower[1] else '>='}{self.lower[0]}")
        if self.upper is not None:
            words.append(f"{'<=' if self.upper[1] else '<'}{self.upper[0]}")
        return ",".join(words)

    def contains(self, release: Point) -> bool:
        """Say whether a release lies between."""
        place = (release, 0)
        return (self.lower is None or self.lower <= place) and (self.upper is None or place < self.upper)

    def meet(self, other: Bounds) -> Bounds:
        """Give what lies within both."""
        lowers = [cut for cut in (self.lower, other.lower) if cut is not None]
        uppers = [cut for cut in (self.upper, other.upper) if cut is not None]
        return Bounds(max(lowers, default=None), min(uppers, default=None))


Pythons = SpecifierSet | Bounds


def python_bounds(pythons: Pythons) -> Bounds:
    """Give the smallest interval of releases that holds all that a `requires-python` allows.

    A hole (`!=3.8.*`) is not seen unless it lies at an end. Where nothing is allowed there are no bounds, as with uv.
    """
    return pythons if isinstance(pythons, Bounds) else python_range(python_diagram(pythons))


def python_diagram(pythons: Pythons) -> Diagram:
    """Give the marker that says just what a `requires-python` says."""
    if isinstance(pythons, Bounds):
        return FALSE if pythons.is_empty else along(PYTHON, ((pythons.lower, pythons.upper),))
    diagram = TRUE
    for one in pythons:
        diagram = meet(diagram, compared(PYTHON, one.operator, one.version) or TRUE)
    return diagram


def python_range(diagram: Diagram) -> Bounds:
    """Give the bounds of the Pythons under which a diagram can hold; none for FALSE either."""
    todo, seen, lowers, uppers = [diagram], set[Diagram](), list[Cut | None](), list[Cut | None]()
    while todo:
        here = todo.pop()
        if here is FALSE or here in seen:
            continue
        seen.add(here)
        if here.is_end or here.variable > PYTHON:
            return Bounds()  # it can hold without asking for a Python
        if here.variable == PYTHON:
            lowers += [
                lower for lower, child in zip((None, *here.cuts), here.children, strict=True) if child is not FALSE
            ]
            uppers += [
                upper for upper, child in zip((*here.cuts, None), here.children, strict=True) if child is not FALSE
            ]
        else:
            todo += here.children
    return Bounds(
        None if None in lowers else min((cut for cut in lowers if cut), default=None),
        None if None in uppers else max((cut for cut in uppers if cut), default=None),
    )


def within_python(diagram: Diagram, pythons: Pythons) -> Diagram:
    """Leave out what goes without saying where the Python lies in a range."""
    bounds = python_bounds(pythons)
    if bounds.is_empty:
        return diagram if diagram.is_end else FALSE
    known: dict[Diagram, Diagram] = {}

    def step(here: Diagram, children: tuple[Diagram, ...]) -> Diagram:
        if here.variable != PYTHON:
            return node(here.variable, here.cuts, children)
        first = sum(cut <= bounds.lower for cut in here.cuts) if bounds.lower else 0
        last = sum(cut < bounds.upper for cut in here.cuts) if bounds.upper else len(here.cuts)
        return node(PYTHON, here.cuts[first:last], here.children[first : last + 1])

    return canonical(rebuilt(diagram, step, known))


def beyond_python(diagram: Diagram, pythons: Pythons) -> Diagram:
    """Say what `within_python` left out: the diagram, and that the Python lies in the range."""
    return both(diagram, python_diagram(python_bounds(pythons)))
