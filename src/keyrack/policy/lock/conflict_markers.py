"""What is left of the markers of a resolution where it is known that what conflicts is never asked for together.

Each marker takes in that knowledge first; then an edge loses what goes without saying on every way to it (uv's
`imbibe` and `simplify_conflict_markers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import msgspec
from packaging.markers import Marker

from keyrack.policy.markers.algebra import (
    TRUE,
    Diagram,
    both,
    diagram,
    either,
    extras_in,
    opposite,
    with_extras,
)
from keyrack.values.conflicts import ConflictItem, ConflictSet
from keyrack.values.graph import Edge, UniversalPin, UniversalResolution
from keyrack.values.names import ExtraName, GroupName, PackageName

Resolution = UniversalResolution[Diagram]


class _Part(NamedTuple):
    """A pin, or an extra or group of one; the request is the pin -1."""

    pin: int
    extra: ExtraName = ExtraName("")
    group: GroupName = GroupName("")


_REQUEST = _Part(-1)
Items = frozenset[ConflictItem]


def with_conflicts(resolution: Resolution, conflicts: tuple[ConflictSet, ...]) -> Resolution:
    """Give the resolution with all its markers simplified."""
    if not conflicts:
        return resolution
    world = never_together(conflicts)
    ways = _ways(resolution)
    pins = list[UniversalPin[Diagram]]()
    for at, pin in enumerate(resolution.pins):
        counted = [(_Part(at, edge.extra, edge.group), resolution.pins[edge.pin].name) for edge in pin.edges]
        edges = [
            msgspec.structs.replace(edge, marker=_told(edge.marker, world))
            if counted.count((part, name)) > 1  # where one of several is chosen, nothing is sure (uv)
            else _simplified(edge, _told(edge.marker, world), ways.get(part, ()), conflicts)
            for edge, (part, name) in zip(pin.edges, counted, strict=True)
        ]
        pins.append(
            msgspec.structs.replace(
                pin,
                marker=_told(pin.marker, world),
                extras=tuple((extra, _told(marker, world)) for extra, marker in pin.extras),
                groups=tuple((group, _told(marker, world)) for group, marker in pin.groups),
                edges=tuple(edges),
            )
        )
    return msgspec.structs.replace(resolution, pins=tuple(pins))


def never_together(conflicts: Iterable[ConflictSet]) -> Diagram:
    """Say that of each set at most one item is asked for."""
    world = TRUE
    for items in conflicts:
        for one, other in combinations(map(_asked, items), 2):
            world = both(world, either(opposite(one), opposite(other)))
    return world


def _asked(item: ConflictItem) -> Diagram:
    return diagram(Marker(f'extra == "{item.atom}"'))


def _told(marker: Diagram, world: Diagram) -> Diagram:
    return either(opposite(world), marker)


def _ways(resolution: Resolution) -> dict[_Part, tuple[Items, ...]]:
    """Give, for each part, the sets of extras and groups that are asked for on some way to it."""
    found: dict[_Part, list[Items]] = {_REQUEST: [frozenset()]}
    waiting = [_REQUEST]
    while waiting:
        part = waiting.pop()
        if (mine := _item(part, resolution)) is not None:
            found[part] = list(dict.fromkeys(items | {mine} for items in found[part]))
        for target in _targets(part, resolution):
            known = found.setdefault(target, [])
            own = _item(target, resolution)
            new = [items for items in found[part] if items not in known and (own is None or items | {own} not in known)]
            if new:
                known += new
                waiting.append(target)
    return {part: tuple(sets) for part, sets in found.items()}


def _item(part: _Part, resolution: Resolution) -> ConflictItem | None:
    if not (part.extra or part.group):
        return None
    return ConflictItem(_name(part, resolution), part.extra, part.group)


def _name(part: _Part, resolution: Resolution) -> PackageName:
    return resolution.pins[part.pin].name


def _targets(part: _Part, resolution: Resolution) -> Iterator[_Part]:
    edges = resolution.roots if part == _REQUEST else resolution.pins[part.pin].edges
    for edge in edges:
        if part == _REQUEST or (edge.extra, edge.group) == (part.extra, part.group):
            yield _Part(edge.pin, edge.to_extra, edge.to_group)


def _simplified(
    edge: Edge[Diagram], marker: Diagram, ways: tuple[Items, ...], conflicts: tuple[ConflictSet, ...]
) -> Edge[Diagram]:
    """Leave out of an edge what is sure on every way to it."""
    if ways:
        sure = [_assuming(marker, items, conflicts) for items in ways]
        if all(_holds(marker, items) for items in ways):
            for items in ways:
                marker = _assuming(marker, items, conflicts)
        elif all(each is sure[0] for each in sure):
            marker = sure[0]
    return msgspec.structs.replace(edge, marker=marker)


def _assuming(marker: Diagram, items: Items, conflicts: tuple[ConflictSet, ...]) -> Diagram:
    """Give what is left where some items are asked for, and so those that conflict with them are not."""
    others = {other for each in conflicts for item in items if item in each for other in each if other != item}
    left = with_extras(marker, frozenset(item.atom for item in items))
    return with_extras(left, frozenset(item.atom for item in others), asked=False)


def _holds(marker: Diagram, items: Items) -> bool:
    """Say whether a marker holds everywhere where just these items are asked for."""
    atoms = frozenset(item.atom for item in items)
    left = with_extras(marker, atoms)
    return with_extras(left, extras_in(left), asked=False) is TRUE
