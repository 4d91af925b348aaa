"""`Fork`: a part of all environments that is solved on its own, and the ways in which one falls apart into several.

A fork is where a marker holds, with some conflicting extras and groups taken to be asked for and others not to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    Bounds,
    Diagram,
    both,
    extras_in,
    is_disjoint,
    only_extras,
    opposite,
    python_diagram,
    python_range,
    text,
    with_extras,
    without_extras,
)
from keyrack.policy.markers.diagram import switch
from keyrack.policy.markers.variables import extra
from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import ExtraName

_NONE: frozenset[ConflictItem] = frozenset()


class Fork(msgspec.Struct, frozen=True):
    """The environments of one fork. `marker` speaks of no conflict items; `with_items` does."""

    marker: Diagram = TRUE
    included: frozenset[ConflictItem] = _NONE
    excluded: frozenset[ConflictItem] = _NONE

    def admits(self, marker: Diagram) -> bool:
        """Say whether a marker holds somewhere in the fork."""
        return marker is TRUE or not is_disjoint(self.marker, marker)

    def admits_item(self, item: ConflictItem) -> bool:
        """Say whether an extra or a group may be asked for in the fork.

        Where a package's own requirements are out, its extras are too, for they need them; its groups do not.
        """
        if item in self.excluded:
            return False
        if item.extra and ConflictItem(item.package) in self.excluded:
            return item in self.included
        return True

    def narrowed(self, marker: Diagram) -> Fork:
        """Give the part of the fork in which a marker holds."""
        return Fork(both(self.marker, marker), self.included, self.excluded)

    def ruled(self, included: Iterable[ConflictItem], excluded: Iterable[ConflictItem]) -> Fork | None:
        """Give the part with some items asked for and others not; None where that contradicts what is known."""
        more, less = self.included.union(included), self.excluded.union(excluded)
        return None if more & less else Fork(self.marker, more, less)

    @property
    def pythons(self) -> Bounds:
        """The Pythons of the fork."""
        return python_range(self.marker)

    @property
    def is_everything(self) -> bool:
        """Say whether the fork is all there is."""
        return self.marker is TRUE and not self.included and not self.excluded

    @property
    def with_items(self) -> Diagram:
        """The marker, and the conflict items as extras."""
        found = self.marker
        for item in self.excluded:
            found = both(found, opposite(_atom(item)))
        for item in self.included:
            found = both(found, _atom(item))
        return found

    def __str__(self) -> str:
        """Write the fork as messages do; "" for everything."""
        if self.is_everything:
            return ""
        parts = [f"markers: {text(self.marker)}"] if self.marker is not TRUE else []
        for word, items in (("included", self.included), ("excluded", self.excluded)):
            if items:
                parts.append(f"{word}: {', '.join(sorted(map(_name, items)))}")
        return f"split ({'; '.join(parts)})"


def first_forks(markers: Iterable[Diagram], items: Iterable[ConflictItem]) -> tuple[Fork, ...]:
    """Give the forks to begin with: for each marker one, or the whole where there is none.

    The markers of a lock hold conflict items as extras; what those say of an item that is known is taken over.
    """
    known = {item.atom: item for item in items}
    forks = tuple(_first(marker, known) for marker in markers)
    return forks or (Fork(),)


def _first(marker: Diagram, known: Mapping[ExtraName, ConflictItem]) -> Fork:
    choices = only_extras(marker)
    here = [(name, item) for name, item in known.items() if name in extras_in(choices)]
    needed = {item for name, item in here if with_extras(choices, frozenset((name,)), asked=False) is FALSE}
    barred = {item for name, item in here if with_extras(choices, frozenset((name,))) is FALSE}
    return Fork(without_extras(marker), frozenset(needed), frozenset(barred))


def split_on_python(fork: Fork, pythons: Bounds, wanted: Bounds) -> tuple[Fork, ...]:
    """Part a fork, and the Pythons it is solved for, at the lower bound of what a version wants; older ones first.

    None where the bound lies outside.
    """
    older = pythons.meet(Bounds(None, wanted.lower))
    newer = pythons.meet(Bounds(wanted.lower, None))
    if wanted.lower is None or older.is_empty or newer.is_empty:
        return ()
    parts = (python_diagram(older), python_diagram(newer))
    return tuple(fork.narrowed(part) for part in parts if fork.admits(part))


def split_on_marker(fork: Fork, marker: Diagram) -> tuple[Fork, Fork] | None:
    """Part a fork into where a marker holds and where it does not; None where one of them is empty."""
    other = opposite(marker)
    return (fork.narrowed(marker), fork.narrowed(other)) if fork.admits(marker) and fork.admits(other) else None


def _atom(item: ConflictItem) -> Diagram:
    return switch(extra(item.atom))


def _name(item: ConflictItem) -> str:
    part = f"[{item.extra}]" if item.extra else f"[group:{item.group}]" if item.group else ""
    return item.package + part
