"""A set of versions as a union of disjoint intervals, over any ordered type.

The line of versions is cut at a few points, and each cut changes from outside the set to inside it or back. A cut lies
just below a value or just above it, which says whether the value itself belongs to the interval. So a set is one
truth value (does it reach down without end?) and the sorted cuts; its complement is the same cuts with the other truth
value. Version sets of PubGrub: https://nex3.medium.com/pubgrub-2fb6470504f, `docs/solver.md`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeVar


class Ordered(Protocol):
    """What a version must be able to do: compare with its own kind (and hash, where ranges are hashed)."""

    def __lt__(self, other: Self, /) -> bool:
        """Say whether this version comes before the other."""


V = TypeVar("V", bound=Ordered)

BELOW: Final = 0
ABOVE: Final = 1

# How one set relates to another. An empty set is a subset of every set before it is disjoint from it.
SUBSET: Final = 0
DISJOINT: Final = 1
OVERLAP: Final = 2


class Segment(NamedTuple, Generic[V]):
    """One interval. A bound of `None` is no bound, and then the flag beside it has no meaning."""

    lower: V | None
    includes_lower: bool
    upper: V | None
    includes_upper: bool


class Ranges(Generic[V]):
    """An immutable set of versions, equal and hashed by content.

    `values` and `sides` are the cuts in order; `unbounded_below` says whether the set contains what lies below the
    first cut. Two sets are the same where their cuts are the same: the type is not asked which versions exist, so
    `>1, <2` over integers is not empty.
    """

    __slots__ = ("_hash", "sides", "unbounded_below", "values")

    unbounded_below: bool
    values: tuple[V, ...]
    sides: tuple[int, ...]

    def __init__(self, unbounded_below: bool, values: tuple[V, ...], sides: tuple[int, ...]) -> None:
        """Take cuts that are sorted and differ; the class methods make them."""
        self.unbounded_below = unbounded_below
        self.values = values
        self.sides = sides
        self._hash: int | None = None

    @classmethod
    def empty(cls) -> "Ranges[V]":
        """No version."""
        return cls(False, (), ())

    @classmethod
    def full(cls) -> "Ranges[V]":
        """Every version."""
        return cls(True, (), ())

    @classmethod
    def singleton(cls, version: V) -> "Ranges[V]":
        """One version."""
        return cls(False, (version, version), (BELOW, ABOVE))

    @classmethod
    def higher_than(cls, version: V) -> "Ranges[V]":
        """`>= version`."""
        return cls(False, (version,), (BELOW,))

    @classmethod
    def strictly_higher_than(cls, version: V) -> "Ranges[V]":
        """`> version`."""
        return cls(False, (version,), (ABOVE,))

    @classmethod
    def lower_than(cls, version: V) -> "Ranges[V]":
        """`<= version`."""
        return cls(True, (version,), (ABOVE,))

    @classmethod
    def strictly_lower_than(cls, version: V) -> "Ranges[V]":
        """`< version`."""
        return cls(True, (version,), (BELOW,))

    @classmethod
    def between(cls, lower: V, upper: V) -> "Ranges[V]":
        """`>= lower, < upper`; empty where `upper` does not come after `lower`."""
        if not lower < upper:
            return cls.empty()
        return cls(False, (lower, upper), (BELOW, BELOW))

    @classmethod
    def gap(cls, version: V, versions: Sequence[V]) -> "Ranges[V]":
        """Give the widest interval that holds `version` and no other of the sorted `versions`."""
        place = bisect_left(versions, version)
        after = place + 1 if place < len(versions) and not version < versions[place] else place
        found: Ranges[V] = cls.full()
        if place:
            found = cls.strictly_higher_than(versions[place - 1])
        if after < len(versions):
            found = found.intersection(cls.strictly_lower_than(versions[after]))
        return found

    @classmethod
    def of_segments(cls, segments: Sequence[Segment[V]]) -> "Ranges[V]":
        """Unite intervals that may overlap and come in any order."""
        found: Ranges[V] = cls.empty()
        for segment in segments:
            found = found.union(_interval(segment))
        return found

    def segments(self) -> Iterator[Segment[V]]:
        """Walk the intervals in order."""
        lower: V | None = None
        includes_lower = False
        inside = self.unbounded_below
        for value, side in zip(self.values, self.sides, strict=True):
            if inside:
                yield Segment(lower, includes_lower, value, side == ABOVE)
            lower, includes_lower = value, side == BELOW
            inside = not inside
        if inside:
            yield Segment(lower, includes_lower, None, False)

    def contains(self, version: V) -> bool:
        """Say whether a version belongs to the set."""
        values = self.values
        if not values:
            return self.unbounded_below
        place = bisect_left(values, version)
        if place < len(values) and self.sides[place] == BELOW and not version < values[place]:
            place += 1
        return self.unbounded_below ^ (place & 1) == 1

    def __contains__(self, version: V) -> bool:
        """Say whether a version belongs to the set."""
        return self.contains(version)

    @property
    def is_empty(self) -> bool:
        """Say whether no version belongs to the set."""
        return not self.values and not self.unbounded_below

    @property
    def is_full(self) -> bool:
        """Say whether every version belongs to the set."""
        return not self.values and self.unbounded_below

    @property
    def only(self) -> V | None:
        """Give the version of a set of one, else `None`."""
        if len(self.values) != 2 or self.sides != (BELOW, ABOVE) or self.unbounded_below:
            return None
        lower, upper = self.values
        return None if lower < upper else lower

    def complement(self) -> "Ranges[V]":
        """Every version that is not in the set."""
        return Ranges(not self.unbounded_below, self.values, self.sides)

    def intersection(self, other: "Ranges[V]") -> "Ranges[V]":
        """Every version that is in both."""
        if not self.values:
            return other if self.unbounded_below else self
        if not other.values:
            return self if other.unbounded_below else other
        return _intersect(self, other)

    def union(self, other: "Ranges[V]") -> "Ranges[V]":
        """Every version that is in one or the other."""
        return self.complement().intersection(other.complement()).complement()

    def difference(self, other: "Ranges[V]") -> "Ranges[V]":
        """Every version that is here and not there."""
        return self.intersection(other.complement())

    def relation(self, other: "Ranges[V]") -> int:
        """Say whether this set is a `SUBSET` of the other, `DISJOINT` from it, or neither (`OVERLAP`)."""
        return relate(self, other)

    def subset_of(self, other: "Ranges[V]") -> bool:
        """Say whether every version of this set is in the other."""
        return relate(self, other) == SUBSET

    def is_disjoint(self, other: "Ranges[V]") -> bool:
        """Say whether no version is in both."""
        return self.is_empty or relate(self, other) == DISJOINT

    def simplify(self, versions: Sequence[V]) -> "Ranges[V]":
        """Give a shorter set with the same members among the sorted `versions`.

        It keeps the bounds that divide members from the rest and drops the others. A set of one, and one without any
        of the versions, stay as they are.
        """
        if self.only is not None:
            return self
        runs = list(_runs(self, versions))
        if not runs:
            return self
        pieces = list(self.segments())
        kept = [
            Segment(
                None if first is None else pieces[first].lower,
                first is not None and pieces[first].includes_lower,
                None if last is None else pieces[last].upper,
                last is not None and pieces[last].includes_upper,
            )
            for first, last in runs
        ]
        return Ranges.of_segments(kept)

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        if self is other:
            return True
        if not isinstance(other, Ranges):
            return NotImplemented
        return (
            self.unbounded_below == other.unbounded_below and self.sides == other.sides and self.values == other.values
        )

    def __hash__(self) -> int:
        """Hash by content, once."""
        found = self._hash
        if found is None:
            found = self._hash = hash((self.unbounded_below, self.values, self.sides))
        return found

    def __repr__(self) -> str:
        """Show the intervals as specifiers, `|` between them."""
        return f"Ranges({' | '.join(_shown(segment) for segment in self.segments()) or 'empty'})"


def _interval(segment: Segment[V]) -> Ranges[V]:
    """Make the set of one interval."""
    found: Ranges[V] = Ranges.full()
    if segment.lower is not None:
        make = Ranges.higher_than if segment.includes_lower else Ranges.strictly_higher_than
        found = make(segment.lower)
    if segment.upper is not None:
        make = Ranges.lower_than if segment.includes_upper else Ranges.strictly_lower_than
        found = found.intersection(make(segment.upper))
    return found


def _intersect(first: Ranges[V], second: Ranges[V]) -> Ranges[V]:
    """Walk both lists of cuts at once, and keep each cut at which "in both" changes."""
    values_a, sides_a, in_a = first.values, first.sides, first.unbounded_below
    values_b, sides_b, in_b = second.values, second.sides, second.unbounded_below
    count_a, count_b = len(values_a), len(values_b)
    unbounded_below = inside = in_a and in_b
    values: list[V] = []
    sides: list[int] = []
    at_a = at_b = 0
    while at_a < count_a and at_b < count_b:
        value, side = values_a[at_a], sides_a[at_a]
        other = values_b[at_b]
        order = -1 if value < other else 1 if other < value else side - sides_b[at_b]
        if order > 0:
            value, side = other, sides_b[at_b]
        if order <= 0:
            in_a = not in_a
            at_a += 1
        if order >= 0:
            in_b = not in_b
            at_b += 1
        if inside != (in_a and in_b):
            inside = not inside
            values.append(value)
            sides.append(side)
    if in_b:
        values.extend(values_a[at_a:])
        sides.extend(sides_a[at_a:])
    if in_a:
        values.extend(values_b[at_b:])
        sides.extend(sides_b[at_b:])
    return Ranges(unbounded_below, tuple(values), tuple(sides))


def relate(first: Ranges[V], second: Ranges[V]) -> int:
    """Walk both lists of cuts until the first set was seen both inside and outside the second, or to their end."""
    values_a, sides_a, in_a = first.values, first.sides, first.unbounded_below
    values_b, sides_b, in_b = second.values, second.sides, second.unbounded_below
    count_a, count_b = len(values_a), len(values_b)
    met = in_a and in_b
    left = in_a and not in_b
    at_a = at_b = 0
    while at_a < count_a and at_b < count_b:
        value, other = values_a[at_a], values_b[at_b]
        if value is not other and value < other:
            order = -1
        elif value is not other and other < value:
            order = 1
        else:
            order = sides_a[at_a] - sides_b[at_b]
        if order <= 0:
            in_a = not in_a
            at_a += 1
        if order >= 0:
            in_b = not in_b
            at_b += 1
        if in_a:
            if in_b:
                if left:
                    return OVERLAP
                met = True
            else:
                if met:
                    return OVERLAP
                left = True
    # Only one list is left. The first set comes in once more if it is out now; the second changes sides if it has cuts.
    if at_a < count_a or in_a:
        met = met or in_b
        left = left or not in_b
    if at_b < count_b and in_a:
        met = left = True
    if not left:
        return SUBSET
    return OVERLAP if met else DISJOINT


def _runs(ranges: Ranges[V], versions: Sequence[V]) -> Iterator[tuple[int | None, int | None]]:
    """Give the first and last interval of each run of members; `None` where the run reaches the end of the list."""
    bounds = len(ranges.values)
    first: int | None = None
    last: int | None = None
    running = False
    at = 0
    for number, version in enumerate(versions):
        while at < bounds and _is_past(version, ranges.values[at], ranges.sides[at]):
            at += 1
        if ranges.unbounded_below ^ (at & 1) == 1:
            interval = at // 2
            if not running:
                first, running = (None if number == 0 else interval), True
            last = interval
        elif running:
            yield first, last
            running = False
    if running:
        yield first, None


def _is_past(version: V, value: V, side: int) -> bool:
    """Say whether a version lies behind a cut."""
    return value < version or (side == BELOW and not version < value)


def _shown(segment: Segment[V]) -> str:
    if segment.lower is not None and segment.lower == segment.upper:
        return f"=={segment.lower}"
    lower = "" if segment.lower is None else f"{'>=' if segment.includes_lower else '>'}{segment.lower}"
    upper = "" if segment.upper is None else f"{'<=' if segment.includes_upper else '<'}{segment.upper}"
    return ", ".join(bound for bound in (lower, upper) if bound) or "any"
