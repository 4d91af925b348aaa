"""Why a distribution is among those to install: the shortest way from what the user named."""

from __future__ import annotations

from keyrack.values.graph import Pin, Resolution
from keyrack.values.names import PackageName


def inclusion(pin: Pin, resolution: Resolution) -> str:
    """Say through which pins one came in; empty where the user named it."""
    pins = {one.name: one for one in resolution.pins}
    ways: list[tuple[Pin, ...]] = [(pin,)]
    seen = {pin.name}
    for way in ways:
        if "" in way[0].required_by:
            return _sentence(way)
        for name in way[0].required_by:
            parent = pins.get(PackageName(name))
            if parent is not None and parent.name not in seen:
                seen.add(parent.name)
                ways.append((parent, *way))
    return ""


def _sentence(way: tuple[Pin, ...]) -> str:
    *parents, last = way
    if not parents:
        return ""
    steps = " which depends on ".join(f"`{one.name}` (v{one.version})" for one in parents[1:])
    first = f"`{parents[0].name}` (v{parents[0].version}) depends on "
    between = f"{steps} which depends on " if steps else ""
    return f"`{last.name}` (v{last.version}) was included because {first}{between}`{last.name}`"
