"""Raise a version by one of its parts: `--bump minor`, `--bump rc`, `--bump dev=3` (PEP 440; uv's rules)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.errors import KeyrackError


class Part(Enum):
    """The parts of a version that can be raised, in the order in which that is done."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    STABLE = "stable"
    ALPHA = "alpha"
    BETA = "beta"
    RC = "rc"
    POST = "post"
    DEV = "dev"


_RELEASE = (Part.MAJOR, Part.MINOR, Part.PATCH)
_BEFORE_RELEASE = (Part.ALPHA, Part.BETA, Part.RC, Part.DEV)
_KINDS = {Part.ALPHA: "a", Part.BETA: "b", Part.RC: "rc"}


class Bump(msgspec.Struct, frozen=True):
    """One part to raise: to `value`, or (None) by one."""

    part: Part
    value: int | None = None

    def __str__(self) -> str:
        """Write it as it is typed."""
        return self.part.value if self.value is None else f"{self.part.value}={self.value}"


class BadBump(KeyrackError):
    """The parts do not go together, or the version did not grow."""


def bumped(old: Version, bumps: Sequence[Bump]) -> Version:
    """Raise a version. Raises `BadBump` where it would not be a later one."""
    _check(bumps)
    new = old
    for bump in sorted(bumps, key=lambda bump: list(Part).index(bump.part)):
        new = _raised(new, bump)
    if new > old:
        return new
    change = f"{old} => {new} didn't increase the version"
    release, parts = "major|minor|patch", "major|minor|patch|alpha|beta|rc"
    if not old.is_prerelease and new.pre is not None:
        raise BadBump(
            f"{change}; when bumping to a pre-release version you also need to increase a release version component,"
            f" e.g., with `--bump <{release}>`"
        )
    if new.dev is not None and old.dev is None:
        raise BadBump(
            f"{change}; when bumping to a dev version you also need to increase another version component, e.g., with"
            f" `--bump <{parts}>`"
        )
    raise BadBump(f"{change}; provide the exact version to force an update")


def _check(bumps: Sequence[Bump]) -> None:
    for alone in (Part.STABLE, Part.POST):
        if len(bumps) > 1 and any(bump.part is alone for bump in bumps):
            told = ", ".join(map(str, bumps))
            raise BadBump(f"`--bump {alone.value}` cannot be used with another `--bump` value, got: {told}")
    for parts, words in ((_RELEASE, "release"), (_BEFORE_RELEASE, "pre-release")):
        found = [bump for bump in bumps if bump.part in parts]
        if len(found) > 1:
            told = ", ".join(map(str, found))
            raise BadBump(f"Only one {words} version component can be provided to `--bump`, got: {told}")


def _raised(old: Version, bump: Bump) -> Version:
    """Raise one part; what stands behind it falls away, what stands in front of it stays."""
    epoch = f"{old.epoch}!" if old.epoch else ""
    local = f"+{old.local}" if old.local else ""
    release = ".".join(map(str, old.release))
    pre = f"{old.pre[0]}{old.pre[1]}" if old.pre else ""
    post = f".post{old.post}" if old.post is not None else ""
    part = bump.part
    if part in _RELEASE:
        return Version(f"{epoch}{_release(old, _RELEASE.index(part), bump.value)}{local}")
    if part is Part.STABLE:
        return Version(f"{epoch}{release}{local}")
    if part in _KINDS:
        kind = _KINDS[part]
        present = old.pre[1] if old.pre and old.pre[0] == kind else 0
        return Version(f"{epoch}{release}{kind}{_next(bump.value, present)}{local}")
    if part is Part.POST:
        return Version(f"{epoch}{release}{pre}.post{_next(bump.value, old.post or 0)}{local}")
    return Version(f"{epoch}{release}{pre}{post}.dev{_next(bump.value, old.dev or 0)}{local}")


def _next(value: int | None, present: int) -> int:
    return present + 1 if value is None else value


def _release(old: Version, place: int, value: int | None) -> str:
    numbers = [*old.release, *([0] * (place + 1 - len(old.release)))]
    numbers[place] = _next(value, numbers[place])
    return ".".join(map(str, (*numbers[: place + 1], *([0] * (len(numbers) - place - 1)))))
