"""Version comparisons of markers as intervals of releases (PEP 508; PEP 440 for the operators).

Markers compare releases: what is before, after or beside a release (`a1`, `.post1`, `+local`, an epoch) is cut off, as
uv does. `python_version` is written in terms of `python_full_version`: it is the same number without what follows the
minor version, so `python_version > '3.7'` says `python_full_version >= '3.8'`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, Variable, along, opposite
from keyrack.policy.markers.variables import PYTHON
from keyrack.values.artifact import parse_version
from keyrack.values.points import Point, point

Release = tuple[int, ...]
Interval = tuple[Cut | None, Cut | None]
_OPERATORS: Final = frozenset(("==", "!=", "<", "<=", ">", ">=", "~=", "==="))


def release_point(release: Release) -> Point:
    """Give the place of a release, written without trailing zeros."""
    end = len(release)
    while end > 1 and release[end - 1] == 0:
        end -= 1
    return point(".".join(map(str, release[:end])))


def compared(variable: Variable, operator: str, text: str) -> Diagram | None:
    """Read `variable operator 'text'` for a variable that holds a version; None where uv ignores the comparison."""
    if operator in ("in", "not in"):
        releases = _listed(text)
        return None if releases is None else _among(variable, operator, (interval("==", one) for one in releases))
    meant = _meant(operator, text)
    return None if meant is None else _along(variable, *meant)


def compared_minor(operator: str, text: str) -> Diagram | None:
    """Read `python_version operator 'text'`."""
    if operator in ("in", "not in"):
        releases = _listed(text)
        if releases is None:
            return None
        if any(any(release[2:]) for release in releases):
            return FALSE  # so says uv of `not in` too
        return _among(PYTHON, operator, (interval("==*", (*release, 0)[:2]) for release in releases))
    meant = _meant(operator, text)
    return None if meant is None else _minor(*meant)


def _meant(operator: str, text: str) -> tuple[str, Release] | None:
    """Give the operator, with a star where the version has one, and the release; None if they do not fit together."""
    starred = text.endswith(".*")
    if operator not in _OPERATORS or (starred and operator not in ("==", "!=")):
        return None
    try:
        version = parse_version(text.removesuffix(".*"))
    except InvalidText:
        return None
    if (operator == "~=" and len(version.release) < 2) or (version.local and operator not in ("==", "!=")):
        return None
    return f"{operator}*" if starred else operator, version.release


def _listed(text: str) -> list[Release] | None:
    """Read versions with spaces between."""
    try:
        return [parse_version(word).release for word in text.split()]
    except InvalidText:
        return None


def _along(variable: Variable, operator: str, release: Release) -> Diagram:
    positive = operator.replace("!", "=")
    found = along(variable, (interval(positive, release),))
    return opposite(found) if positive != operator else found


def interval(operator: str, release: Release) -> Interval:
    """Give the interval of releases that an operator means; `==*` is `==` with a star, `!=` is not one interval."""
    below = _below(release)
    above: Cut = (below[0], 1)
    match operator:
        case "<":
            return None, below
        case "<=":
            return None, above
        case ">":
            return above, None
        case ">=":
            return below, None
        case "==*":
            return below, _below(_next(release))
        case "~=":
            return below, _below(_next(release[:-1]))
        case _:
            return below, above


def _below(release: Release) -> Cut:
    return release_point(release), 0


def _next(release: Release) -> Release:
    return *release[:-1], release[-1] + 1


def _minor(operator: str, release: Release) -> Diagram:
    """Write a comparison of `python_version` in terms of `python_full_version`."""
    starred, beyond = operator.endswith("*"), any(release[2:])
    minor = (*release, 0)[:2]
    if operator == "~=" or starred:
        if beyond:
            return FALSE  # so says uv of `!= '3.9.1.*'` too
        if len(release) > 2 or (starred and len(release) == 2):
            return _along(PYTHON, "!=*" if operator == "!=*" else "==*", minor)
        return _along(PYTHON, operator, release)
    if operator in ("==", "===", "!="):
        equal = FALSE if beyond else _along(PYTHON, "==*", minor)
        return opposite(equal) if operator == "!=" else equal
    if operator in (">", "<="):
        return _along(PYTHON, {">": ">=", "<=": "<"}[operator], _next(minor))
    if minor == (0, 0) and not beyond:
        return TRUE if operator == ">=" else FALSE
    return _along(PYTHON, operator, _next(minor) if beyond else minor)


def _among(variable: Variable, operator: str, intervals: Iterable[Interval]) -> Diagram:
    found = along(variable, _united(intervals))
    return opposite(found) if operator == "not in" else found


def _united(intervals: Iterable[Interval]) -> list[Interval]:
    """Sort intervals that have two ends, and unite those that touch."""
    found: list[Interval] = []
    for lower, upper in sorted({(lower, upper) for lower, upper in intervals if lower and upper}):
        if found and found[-1][1] == lower:
            found[-1] = found[-1][0], upper
        else:
            found.append((lower, upper))
    return found
