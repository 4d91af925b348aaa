"""`Point`: a version, or a border between versions, in a form that C compares (PEP 440).

A point is a tuple of numbers, so a range of versions is found by bisection and a listing is sorted without a Python
call for each comparison. The numbers, in order:

* the epoch, then the release without its trailing zeros, then -1, which ends it (`1.0` and `1` are the same point);
* the phase: 0 before all pre-releases (`.dev` of the release itself), 1 `a`, 2 `b`, 3 `rc`, 4 final, then its number;
* the post-release, -1 where there is none; the development release, infinite where there is none;
* the local segments, each as its kind (0 text, 1 number) and itself: fewer segments come first.

Borders are tuples that no version has: below every version of a release (phase -1), above a version with all its
local versions (a segment of kind 2), above a version with its post-releases as well (post-release infinite).
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText
from keyrack.values.artifact import parse_version

_END = -1
_NONE = -1
_LAST = float("inf")
_PHASES = {"a": 1, "b": 2, "rc": 3}
_BEFORE_ALL = 0
_FINAL = 4
_ABOVE_LOCAL = 2
_PLAIN_END = (_END, _FINAL, 0, _NONE, _LAST)


class Border(Enum):
    """What a point stands for: a version itself, or a place beside one that no version has."""

    NONE = ""
    BELOW = "below the release and all its pre-releases"
    ABOVE_LOCAL = "above the version and its local versions"
    ABOVE_POST = "above the version, its local versions and its post-releases"


class Point(tuple[float | str, ...]):  # noqa: SLOT001  # a tuple of any length cannot have slots
    """One place on the line of versions. `text` is the version as written, `border` says which side of it this is."""

    text: str
    border: Border = Border.NONE
    is_prerelease: bool = False
    is_local: bool = False

    @property
    def version(self) -> Version:
        """The version; for a border, the one it lies beside."""
        return parse_version(self.text)

    def __repr__(self) -> str:
        """Show the text, and the side where it is a border."""
        return f"Point({self.text}{', ' + self.border.value if self.border is not Border.NONE else ''})"

    def __str__(self) -> str:
        """Show the version."""
        return self.text


@lru_cache(maxsize=65536)
def point(text: str) -> Point:
    """Place a version's text on the line, once for each distinct text; `InvalidText` if it is no version."""
    plain = _plain(text)
    if plain is not None:
        return plain
    try:
        return point_of(Version(text))
    except InvalidVersion as error:
        raise InvalidText(f"Not a valid version: {text!r}") from error


def _plain(text: str) -> Point | None:
    """Place `N.N.N` without a parser: nine of ten versions have that form."""
    if not (text.isascii() and text.replace(".", "").isdecimal()):
        return None
    try:
        release = [*map(int, text.split("."))]
    except ValueError:
        return None
    if ".0" in text or text[0] == "0":
        text = ".".join(map(str, release))
        while release and release[-1] == 0:
            release.pop()
    made = Point((0, *release, *_PLAIN_END))
    made.text = text
    return made


def point_of(version: Version) -> Point:
    """Place a version on the line."""
    numbers = _public(version)
    if version.local is not None:
        for segment in version.local.split("."):
            numbers += (1, int(segment)) if segment.isdecimal() else (0, segment)
    return _make(numbers, str(version), version)


def below_release(version: Version) -> Point:
    """Give the border below a release and all its pre-releases: the upper bound of `<1.0`."""
    return _make([*_release(version), _END, -1], str(version), version, Border.BELOW)


def above_local(version: Version) -> Point:
    """Give the border above a version and all its local versions: the upper bound of `==1.0` and `<=1.0`."""
    return _make([*_public(version), _ABOVE_LOCAL], version.public, version, Border.ABOVE_LOCAL)


def above_post(version: Version) -> Point:
    """Give the border above a version, its local versions and its post-releases: the lower bound of `>1.0`."""
    return _make([*_release(version), _END, *_phase(version), _LAST], version.public, version, Border.ABOVE_POST)


def _make(numbers: list[float | str], text: str, version: Version, border: Border = Border.NONE) -> Point:
    made = Point(numbers)
    made.text = text
    made.border = border
    made.is_prerelease = version.is_prerelease
    made.is_local = version.local is not None
    return made


def _release(version: Version) -> list[float | str]:
    release = list(version.release)
    while release and release[-1] == 0:
        release.pop()
    return [version.epoch, *release]


def _phase(version: Version) -> tuple[int, int]:
    if version.pre is not None:
        return _PHASES[version.pre[0]], version.pre[1]
    return (_BEFORE_ALL if version.post is None and version.dev is not None else _FINAL), 0


def _public(version: Version) -> list[float | str]:
    post = _NONE if version.post is None else version.post
    dev = _LAST if version.dev is None else version.dev
    return [*_release(version), _END, *_phase(version), post, dev]
