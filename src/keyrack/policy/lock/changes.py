"""What changed from one lock to the next, as people read it."""

from __future__ import annotations

from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.values.lock import Lock
from keyrack.values.names import PackageName


class ChangeKind(Enum):
    """What happened to a package."""

    ADDED = "Added"
    REMOVED = "Removed"
    UPDATED = "Updated"


class LockChange(msgspec.Struct, frozen=True):
    """A package whose versions changed: those before and those after, each in order."""

    name: PackageName
    kind: ChangeKind
    before: tuple[Version | None, ...] = ()
    after: tuple[Version | None, ...] = ()

    def words(self) -> str:
        """Write the versions: `v1.0 -> v2.0`."""
        return " -> ".join(_listed(versions) for versions in (self.before, self.after) if versions)


def _listed(versions: tuple[Version | None, ...]) -> str:
    return ", ".join("(dynamic)" if version is None else f"v{version}" for version in versions)


def changes_of(before: Lock | None, after: Lock) -> tuple[LockChange, ...]:
    """Compare the versions of two locks, by name in order."""
    was = {} if before is None else _versions(before)
    now = _versions(after)
    found = list[LockChange]()
    for name in sorted({*was, *now}):
        old, new = was.get(name, ()), now.get(name, ())
        if old == new:
            continue
        kind = ChangeKind.ADDED if not old else ChangeKind.UPDATED if new else ChangeKind.REMOVED
        found.append(LockChange(name, kind, old, new))
    return tuple(found)


def _versions(lock: Lock) -> dict[PackageName, tuple[Version | None, ...]]:
    found = dict[PackageName, tuple[Version | None, ...]]()
    for package in lock.packages:
        found[package.id.name] = (*found.get(package.id.name, ()), package.id.version)
    return found
