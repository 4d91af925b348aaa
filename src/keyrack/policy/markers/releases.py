"""Version comparisons of markers as intervals of releases (PEP 508; PEP 440 for the operators).

Markers compare releases: what is before, after or beside a release (`a1`, `.post1`, `+local`, an epoch) is cut off, as
uv does. `python_version` is written in terms of `python_full_version`: it is the same number without what follows the
minor version, so `python_version > '3.7'` says `python_full_version >= '3.8'`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from packaging.version import InvalidVersion, Version

from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, along, opposite
from keyrack.policy.markers.variables import PYTHON, version
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


def compared(key: str, operator: str, text: str) -> Diagram | None:
    """Read `key operator 'text'` for a key that holds a version; None where uv ignores the comparison."""
    if operator in ("in", "not in"):
        return _among(key, operator, text)
    starred = text.endswith(".*")
    if operator not in _OPERATORS or (starred and operator not in ("==", "!=")):
        return None
    try:
        meant = parse_version(text.removesuffix(".*"))
    except InvalidVersion:
        return None
    if (operator == "~=" and len(meant.release) < 2) or (meant.local and operator not in ("==", "!=")):
        return None
    operator = f"{operator}*" if starred else operator
    if key == "python_version":
        return _python(operator, meant.release)
    return _along(key, operator, meant.release)


def _along(key: str, operator: str, release: Release) -> Diagram:
    positive = operator.replace("!", "=")
    found = along(version(key), (interval(positive, release),))
    return opposite(found) if positive != operator else found


def interval(operator: str, release: Release) -> Interval:
    """Give the interval of releases that an operator means; `==*` is `==` with a star, `!=` is not one interval."""
    below = _just_below(release)
    above = below[0], 1
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
            return below, _just_below(_next(release))
        case "~=":
            return below, _just_below(_next(release[:-1]))
        case _:
            return below, above


def _just_below(release: Release) -> Cut:
    return release_point(release), 0


def _next(release: Release) -> Release:
    return *release[:-1], release[-1] + 1


def _python(operator: str, release: Release) -> Diagram:
    """Write a comparison of `python_version` in terms of `python_full_version`."""
    starred, beyond = operator.endswith("*"), any(release[2:])
    minor = (*release, 0)[:2]
    if operator == "~=" or starred:
        if beyond:
            return FALSE  # so says uv of `!= '3.9.1.*'` too
        if len(release) > 2 or (starred and len(release) == 2):
            return _along("python_full_version", "!=*" if operator == "!=*" else "==*", minor)
        return _along("python_full_version", operator, release)
    match operator:
        case "==" | "===":
            return FALSE if beyond else _along("python_full_version", "==*", minor)
        case "!=":
            return TRUE if beyond else _along("python_full_version", "!=*", minor)
        case ">" | "<=":
            return _along("python_full_version", {">": ">=", "<=": "<"}[operator], _next(minor))
        case _:
            return _along("python_full_version", operator, _next(minor) if beyond else minor)


def _among(key: str, operator: str, text: str) -> Diagram | None:
    """Read `key in 'versions with spaces between'`; the whole versions count, not their releases."""
    try:
        versions = [Version(word) for word in text.split()]
    except InvalidVersion:
        return None
    if key == "python_version":
        if any(any(one.release[2:]) for one in versions):
            return FALSE  # so says uv of `not in` too
        minors = [(*one.release, 0)[:2] for one in versions]
        found = _united((_just_below(minor), _just_below(_next(minor))) for minor in minors)
    else:
        places = [_place(one) for one in versions]
        found = _united(((place, 0), (place, 1)) for place in places)
    diagram = along(PYTHON if key == "python_version" else version(key), found)
    return opposite(diagram) if operator == "not in" else diagram


def _place(one: Version) -> Point:
    plain = not (one.epoch or one.is_prerelease or one.is_postrelease or one.local)
    return release_point(one.release) if plain else point(str(one))


def _united(intervals: Iterable[tuple[Cut, Cut]]) -> list[tuple[Cut, Cut]]:
    """Sort intervals, and unite those that touch."""
    found: list[tuple[Cut, Cut]] = []
    for lower, upper in sorted(set(intervals)):
        if found and lower <= found[-1][1]:
            found[-1] = found[-1][0], upper
        else:
            found.append((lower, upper))
    return found
