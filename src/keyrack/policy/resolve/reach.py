"""Where each package of one environment's resolution is needed: the markers on the way to it, joined (uv's)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from packaging.markers import Marker

from keyrack.policy.markers.algebra import FALSE, TRUE, Diagram, both, diagram, either, extras_in, text, with_extras
from keyrack.policy.resolve.requirements import Requirements
from keyrack.values.graph import Pin, Resolution
from keyrack.values.late import pattern
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import Requirement

Part = tuple[PackageName, ExtraName]
"""A package, or one of its extras; ("", "") is the request."""

_FULL = {"python_version": "python_full_version", "python_implementation": "platform_python_implementation"}
_VARIABLE = pattern(r"\b(?:python|os|sys|platform|implementation)_[a-z_]+")
_REQUEST: Part = (PackageName(""), ExtraName(""))


class Way(msgspec.Struct, frozen=True):
    """That one part needs another, and under which marker."""

    start: Part
    end: Part
    marker: Diagram


def reached(
    direct: Iterable[Requirement], resolution: Resolution, requirements: Requirements
) -> Mapping[Part, Diagram]:
    """Give the marker of every part that is needed. `requirements` says what applies in the environment."""
    found: dict[Part, Diagram] = {_REQUEST: TRUE}
    ways: dict[Part, list[Way]] = {}
    for way in ways_of(direct, resolution, requirements):
        ways.setdefault(way.start, []).append(way)
    waiting = [_REQUEST]
    while waiting:
        here = waiting.pop()
        for way in ways.get(here, ()):
            before = found.get(way.end, FALSE)
            after = either(before, both(found[here], way.marker))
            if after is not before:
                found[way.end] = after
                waiting.append(way.end)
    return found


def ways_of(direct: Iterable[Requirement], resolution: Resolution, requirements: Requirements) -> list[Way]:
    """List who needs whom, part by part."""
    pins = {pin.name: pin for pin in resolution.pins}
    found = [way for one in requirements.of(PackageName(""), direct) for way in _ways(_REQUEST, one, pins)]
    for pin in resolution.pins:
        for extra in (ExtraName(""), *sorted(pin.extras)):
            part = pin.name, extra
            needed = requirements.of(pin.name, pin.metadata.requires, extra)
            found += [way for one in needed for way in _ways(part, one, pins)]
    return found


def _ways(start: Part, one: Requirement, pins: Mapping[PackageName, Pin]) -> list[Way]:
    if one.name not in pins:
        return []
    marker = diagram(one.marker)
    marker = with_extras(marker, extras_in(marker))
    parts = (ExtraName(""), *sorted(one.extras & pins[one.name].extras))
    return [Way(start, (one.name, extra), marker) for extra in parts if (one.name, extra) != start]


def used_markers(direct: Iterable[Requirement], resolution: Resolution, markers: Mapping[str, str]) -> str:
    """Write what of the environment the requirements of a resolution ask about, as a marker that holds there."""
    asked = (*direct, *(one for pin in resolution.pins for one in pin.metadata.requires))
    names = {name for one in asked if one.marker is not None for name in _VARIABLE.findall(str(one.marker))}
    full = {_FULL.get(name, name) for name in names}
    here = TRUE
    for name in sorted(full & markers.keys()):
        here = both(here, diagram(Marker(f"{name} == '{markers[name]}'")))
    return text(here)
