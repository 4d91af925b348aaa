"""Specifiers as ranges of points, as uv reads them (PEP 440, version specifiers).

No version equals a border; on which side of it a cut lies is chosen so that its sign reads right: `>2`, and `<=2`
for the rest.

Pre-releases are members of a range like any other version: whether one is chosen is decided elsewhere, and the ranges
never change for it, so what the solver learned stays true.
"""

from __future__ import annotations

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keyrack.policy.solver.ranges import Ranges, Segment
from keyrack.values.points import Border, Point, above_local, above_post, below_release, point_of

Versions = Ranges[Point]

ANY: Versions = Ranges.full()


class SpecifierRanges:
    """Turns specifiers into ranges, each distinct text once."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._known: dict[str, Versions] = {"": ANY}
        self._single: dict[str, Versions] = {}
        self._texts: dict[Versions, str] = {}

    def text(self, versions: Versions) -> str:
        """Write a range for the log, once."""
        found = self._texts.get(versions)
        if found is None:
            found = self._texts[versions] = range_text(versions)
        return found

    def of(self, specifiers: SpecifierSet) -> Versions:
        """Give the versions that all specifiers allow."""
        text = str(specifiers)
        found = self._known.get(text)
        if found is None:
            found = ANY
            for specifier in specifiers:
                found = found.intersection(self.of_one(specifier))
            self._known[text] = found
        return found

    def of_one(self, specifier: Specifier) -> Versions:
        """Give the versions that one specifier allows."""
        text = str(specifier)
        found = self._single.get(text)
        if found is None:
            found = self._single[text] = to_range(specifier)
        return found


def to_range(specifier: Specifier) -> Versions:
    """Give the versions that a specifier allows; none for a `===` whose text is no version."""
    operator, text = specifier.operator, specifier.version
    if text.endswith(".*"):
        inside = _prefix(Version(text[:-2]))
        return inside if operator == "==" else inside.complement()
    if operator == "===":
        try:
            return Ranges.singleton(point_of(Version(text)))
        except InvalidVersion:
            return Ranges.empty()
    version = Version(text)
    match operator:
        case "==":
            return _equal(version)
        case "!=":
            return _equal(version).complement()
        case "~=":
            return Ranges.between(point_of(version), point_of(_next_release(version, version.release[:-1])))
        case "<=":
            return Ranges.strictly_lower_than(above_local(version))
        case ">=":
            return Ranges.higher_than(point_of(version))
        case "<":
            return Ranges.strictly_lower_than(_below(version))
        case _:
            return _above(version)


def is_pin(versions: Versions) -> bool:
    """Say whether a range is what one `==` or `===` allows: a version, with or without its local versions."""
    segments = list(versions.segments())
    if len(segments) != 1:
        return False
    lower, upper = segments[0].lower, segments[0].upper
    if lower is None or upper is None:
        return False
    return lower == upper or (upper.border is Border.ABOVE_LOCAL and lower.text == upper.text)


def release_range(specifiers: SpecifierSet) -> Versions:
    """Give the Python versions that `Requires-Python` allows, comparing releases only.

    `>=3.13` holds for 3.13.0b1 as well, as in uv and pip: markers and tags tell no pre-release from its release.
    """
    found = ANY
    for specifier in specifiers:
        found = found.intersection(_release_one(specifier))
    return found


def lower_bound(versions: Versions) -> tuple[Point | None, bool]:
    """Give where a range begins (None: everywhere) and whether that point is in it."""
    first = next(versions.segments(), None)
    return (None, False) if first is None else (first.lower, first.includes_lower)


def _equal(version: Version) -> Versions:
    if version.local is not None:
        return Ranges.singleton(point_of(version))
    return Ranges.between(point_of(version), above_local(version))


def _below(version: Version) -> Point:
    """Give the border of `<V`: V's own pre-releases are below it only where V is one itself."""
    if version.is_prerelease:
        return point_of(version)
    return point_of(Version(f"{version.public}.dev0")) if version.is_postrelease else below_release(version)


def _above(version: Version) -> Versions:
    """Give the range of `>V`: V's post-releases are in it only where V is one itself, its local versions never."""
    if version.dev is not None:
        stem = version.public.rpartition(".dev")[0]
        return Ranges.higher_than(point_of(Version(f"{stem}.dev{version.dev + 1}")))
    if version.is_postrelease:
        return Ranges.higher_than(above_local(version))
    return Ranges.strictly_higher_than(above_post(version))


def _prefix(version: Version) -> Versions:
    low = point_of(Version(f"{version.public}.dev0"))
    return Ranges.between(low, point_of(_next_release(version, version.release)))


def _next_release(version: Version, release: tuple[int, ...]) -> Version:
    """Give the first version after all that begin with a release: `1.4` -> `1.5.dev0`."""
    bumped = (*release[:-1], release[-1] + 1)
    return Version(f"{version.epoch}!{'.'.join(map(str, bumped))}.dev0")


def _release_one(specifier: Specifier) -> Versions:
    operator, text = specifier.operator, specifier.version.removesuffix(".*")
    try:
        version = Version(text)
    except InvalidVersion:
        return Ranges.empty()
    here = point_of(Version(version.base_version))
    if specifier.version.endswith(".*") or operator == "~=":
        release = version.release[:-1] if operator == "~=" else version.release
        after = point_of(Version(_next_release(version, release).base_version))
        inside = Ranges.between(here, after)
        return inside.complement() if operator == "!=" else inside
    match operator:
        case "==" | "===":
            return Ranges.singleton(here)
        case "!=":
            return Ranges.singleton(here).complement()
        case "<=":
            return Ranges.lower_than(here)
        case ">=":
            return Ranges.higher_than(here)
        case "<":
            return Ranges.strictly_lower_than(here)
        case _:
            return Ranges.strictly_higher_than(here)


def range_text(versions: Versions) -> str:
    """Write a range as uv's log does: `*`, `>=1, <2`, `==1.2.3`, intervals with `|` between them."""
    if versions.is_full:
        return "*"
    return " | ".join(range_text_of(segment) for segment in versions.segments()) or "∅"


def range_text_of(segment: Segment[Point], separator: str = ", ") -> str:
    """Write one interval."""
    lower, upper = segment.lower, segment.upper
    if lower is not None and upper is not None and lower.text == upper.text and lower.border is Border.NONE:
        return f"=={lower}"
    bounds = []
    if lower is not None:
        includes = segment.includes_lower and lower.border is not Border.ABOVE_LOCAL
        bounds.append(f"{'>=' if includes else '>'}{lower}")
    if upper is not None:
        includes = segment.includes_upper or upper.border is Border.ABOVE_LOCAL
        bounds.append(f"{'<=' if includes else '<'}{upper}")
    return separator.join(bounds) or "*"


def prefix_of(segment: Segment[Point]) -> str | None:
    """Give `2.4` where an interval is what `==2.4.*` allows, else None."""
    lower, upper = segment.lower, segment.upper
    if lower is None or upper is None or not segment.includes_lower or segment.includes_upper:
        return None
    first, after = lower.version, upper.version
    if any(one.dev != 0 or one.pre or one.post is not None or one.local for one in (first, after)):
        return None
    *head, last = first.release
    *other, next_one = after.release
    return str(first).removesuffix(".dev0") if (head, last + 1) == (other, next_one) else None
