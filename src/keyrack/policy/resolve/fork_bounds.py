"""Packages without a lower bound in all environments, which `--resolution lowest` takes at their word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keyrack.policy.markers.algebra import Diagram
from keyrack.policy.resolve.bounds import has_bound, unpinned, unpinned_transitively
from keyrack.policy.resolve.fork_split import Needed
from keyrack.policy.resolve.versions import lower_bound
from keyrack.values.graph import UniversalPin, UniversalResolution
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement


def fork_unbounded(needed: Iterable[Needed], elsewhere: frozenset[PackageName]) -> Iterator[str]:
    """Warn of what the user's own requirements leave open in a fork; `elsewhere` are packages from a place of one."""
    needed = tuple(needed)
    bound = {one.package.name for one in needed if lower_bound(one.versions)[0] is not None} | elsewhere
    return (unpinned(one.package.name) for one in needed if one.package.name not in bound)


def universal_unbounded(
    resolution: UniversalResolution[Diagram], constraints: tuple[Requirement, ...]
) -> Iterator[str]:
    """Warn of each package that others require, none of them with a bound."""
    parents: dict[int, list[UniversalPin[Diagram]]] = {}
    for pin in resolution.pins:
        for edge in pin.edges:
            parents.setdefault(edge.pin, []).append(pin)
    roots = {edge.pin for edge in resolution.roots}
    for place, pin in enumerate(resolution.pins):
        asked = (one for parent in parents.get(place, ()) for one in _requires(parent))
        is_own = place in roots or any(parent.name == pin.name for parent in parents.get(place, ()))
        if not is_own and not any(one.name == pin.name and has_bound(one) for one in (*constraints, *asked)):
            yield unpinned_transitively(pin.name)


def _requires(pin: UniversalPin[Diagram]) -> Iterator[Requirement]:
    yield from pin.metadata.requires
    for requirements in pin.metadata.groups.values():
        yield from requirements
