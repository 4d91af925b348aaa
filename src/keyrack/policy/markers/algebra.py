"""Markers as canonical decision diagrams, and all that can be asked of them (PEP 508, PEP 751; decision 0024).

Equivalent markers are the same object, so `is` and `==` compare meanings. Anything here may raise `InvalidText` for a
marker that was made to be expensive.
"""

from __future__ import annotations

from collections.abc import Mapping

from packaging.markers import Marker

from keyrack.errors import InvalidText
from keyrack.policy.markers.assuming import extras_in, given, only_extras, with_extras, without_extras
from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram, opposite
from keyrack.policy.markers.ordering import order
from keyrack.policy.markers.platforms import both, either
from keyrack.policy.markers.pythons import (
    Bounds,
    beyond_python,
    python_bounds,
    python_diagram,
    python_range,
    within_python,
)
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.variables import EXTRA, IN, LIST, PYTHON, RELEASE, STRING, STRINGS, VERSION, VERSIONS
from keyrack.policy.markers.wording import text
from keyrack.values.artifact import parse_version
from keyrack.values.points import Point, point

__all__ = [
    "FALSE",
    "TRUE",
    "Bounds",
    "Diagram",
    "beyond_python",
    "both",
    "diagram",
    "either",
    "extras_in",
    "given",
    "holds",
    "implies",
    "is_disjoint",
    "only_extras",
    "opposite",
    "order",
    "python_bounds",
    "python_diagram",
    "python_range",
    "text",
    "to_marker",
    "with_extras",
    "within_python",
    "without_extras",
]


def diagram(marker: Marker | None) -> Diagram:
    """Give the diagram of a marker; no marker always holds."""
    return TRUE if marker is None else read(str(marker))


def to_marker(here: Diagram) -> Marker | None:
    """Give the marker with the canonical text; None for what always holds."""
    return None if here is TRUE else Marker(text(here))


def is_disjoint(first: Diagram, second: Diagram) -> bool:
    """Say whether the two can never hold together."""
    return both(first, second) is FALSE


def implies(first: Diagram, second: Diagram) -> bool:
    """Say whether the second holds wherever the first does."""
    return both(first, opposite(second)) is FALSE


def holds(
    here: Diagram,
    environment: Mapping[str, str],
    extras: frozenset[str] = frozenset(),
    groups: frozenset[str] = frozenset(),
) -> bool:
    """Say whether a diagram holds for PEP 508's variables, with these extras and dependency groups asked for.

    Of a Python's version the release counts: a pre-release is taken for what it is going to be, as with uv.
    """
    while not here.is_end:
        here = _next(here, environment, extras, groups)
    return here is TRUE


def _next(here: Diagram, environment: Mapping[str, str], extras: frozenset[str], groups: frozenset[str]) -> Diagram:
    kind, which, *rest = here.variable
    if kind == EXTRA:
        return here.children[0 if which in extras else 1]
    if kind == LIST:
        return here.children[0 if rest[0] in (groups if which else extras) else 1]
    if kind == VERSION:
        return here.child(_version(here, environment))
    value = environment.get(STRINGS[int(which)], "")
    if kind == STRING:
        return here.child(value)
    if kind == RELEASE:
        try:
            return here.child(point(value))
        except InvalidText:
            return FALSE
    text = str(rest[0])
    return here.children[0 if (value in text if kind == IN else text in value) else 1]


def _version(here: Diagram, environment: Mapping[str, str]) -> Point:
    written = environment.get(VERSIONS[int(here.variable[1])], "0")
    try:
        place = point(written)
    except InvalidText:
        return point("0")
    unfinished = place.is_prerelease and here.variable == PYTHON
    return point(parse_version(place.text).base_version) if unfinished else place
