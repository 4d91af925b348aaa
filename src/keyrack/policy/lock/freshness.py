"""Whether a lock still answers what a project asks for, and if not, how much of it can be kept (uv's order)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.policy.lock.make import LocalFacts
from keyrack.policy.lock.pins import owner, registries
from keyrack.policy.markers.algebra import Diagram, diagram, python_diagram, within_python
from keyrack.values.conflicts import ConflictSet
from keyrack.values.index import Indexes
from keyrack.values.lock import Lock, LockedPackage, LockedTree, LockManifest, LockOptions, TreeKind
from keyrack.values.names import PackageName


class Kept(Enum):
    """How much of a lock is kept: all, or versions and forks as preferences, or versions alone, or nothing."""

    ALL = "all"
    FORKS = "forks"
    VERSIONS = "versions"
    NOTHING = "nothing"


class Verdict(msgspec.Struct, frozen=True):
    """What is kept, and why no more; `is_told` where the user should hear why."""

    kept: Kept
    why: str = ""
    is_told: bool = False


class Expected(msgspec.Struct, frozen=True):
    """What a lock would say now. `facts` tell of the tree in a path of the lock, None where only a build can tell.

    `members` have their path and what is done with them. `is_unchanged` says whether an archive on this disk is the
    one that was locked.
    """

    requires_python: SpecifierSet
    options: LockOptions
    manifest: LockManifest
    members: Mapping[PackageName, tuple[LockedTree, str | None]]
    indexes: Indexes
    facts: Callable[[str], LocalFacts | None]
    supported: tuple[Diagram, ...] = ()
    required: tuple[Diagram, ...] = ()
    conflicts: tuple[ConflictSet, ...] = ()
    is_unchanged: Callable[[LockedPackage], bool] = lambda _package: True


def judge(lock: Lock, expected: Expected) -> Verdict:
    """Say how much of a lock can be kept."""
    return (
        _by_options(lock, expected)
        or _by_environments(lock, expected)
        or _by_content(lock, expected)
        or Verdict(Kept.ALL)
    )


def _by_options(lock: Lock, expected: Expected) -> Verdict | None:
    was, now = lock.options, expected.options
    if was.resolution is not now.resolution:
        return _ignored("resolution mode", was.resolution.value, now.resolution.value)
    if was.fork_strategy is not now.fork_strategy:
        return _ignored("fork strategy", was.fork_strategy.value, now.fork_strategy.value)
    return None


def _ignored(what: str, was: str, now: str) -> Verdict:
    return Verdict(
        Kept.NOTHING, f"Ignoring existing lockfile due to change in {what}: `{was}` vs. `{now}`", is_told=True
    )


def _by_environments(lock: Lock, expected: Expected) -> Verdict | None:
    pythons = expected.requires_python
    for what, was, now in (
        ("supported environments", lock.supported_markers, expected.supported),
        ("required environments", lock.required_markers, expected.required),
    ):
        if [diagram(marker) for marker in was] != [within_python(marker, pythons) for marker in now]:
            return Verdict(Kept.VERSIONS, f"Resolving despite existing lockfile due to change in {what}")
    if lock.options.minimum_libc != expected.options.minimum_libc:
        return Verdict(Kept.VERSIONS, "Resolving despite existing lockfile due to change in minimum libc version")
    if set(lock.conflicts) != set(expected.conflicts):
        return Verdict(Kept.VERSIONS, "Resolving despite existing lockfile due to change in conflicting groups")
    if python_diagram(lock.requires_python) is not python_diagram(pythons):
        kept = Kept.VERSIONS if lock.resolution_markers else Kept.FORKS
        return Verdict(kept, "Resolving despite existing lockfile due to change in Python requirement")
    return None


def _by_content(lock: Lock, expected: Expected) -> Verdict | None:
    was, now = lock.options, expected.options
    if (was.exclude_newer, sorted(was.exclude_newer_package)) != (now.exclude_newer, sorted(now.exclude_newer_package)):
        why = _cutoff_change(was, now)
        return Verdict(Kept.FORKS, f"Resolving despite existing lockfile due to {why}", is_told=True)
    if (was.prerelease, sorted(was.prerelease_package)) != (now.prerelease, sorted(now.prerelease_package)):
        return Verdict(Kept.FORKS, "Resolving despite existing lockfile due to change in pre-release mode")
    why = _manifest_change(lock, expected) or _member_change(lock, expected) or _content_change(lock, expected)
    return Verdict(Kept.FORKS, f"Resolving despite existing lockfile due to {why}") if why else None


def _cutoff_change(was: LockOptions, now: LockOptions) -> str:
    if was.exclude_newer is None and now.exclude_newer is not None:
        return f"addition of global exclude newer {now.exclude_newer.instant or now.exclude_newer.span}"
    if was.exclude_newer is not None and now.exclude_newer is None:
        return "removal of global exclude newer"
    return "change of exclude newer timestamp"


def _manifest_change(lock: Lock, expected: Expected) -> str:
    was, now = lock.manifest, expected.manifest
    for field in LockManifest.__struct_fields__:
        if getattr(was, field) != getattr(now, field):
            return f"mismatched {field.replace('_', ' ')}"
    return ""


def _member_change(lock: Lock, expected: Expected) -> str:
    for name, (source, version) in expected.members.items():
        found = [package for package in lock.named(name) if package.id.source == source]
        if len(found) != 1:
            return f"mismatched source: `{name}`"
        locked = found[0].id.version
        if version is None and locked is not None:
            return f"dynamic version: `{name}`"
        if version is not None and str(locked) != version:
            return f"mismatched version: `{name}`"
    return ""


def _content_change(lock: Lock, expected: Expected) -> str:
    """Walk all packages: those of indexes and repositories never change, those on this disk may have."""
    for url in registries(lock):
        if owner(url, expected.indexes) is None:
            return f"missing remote index: `{url}`"
    for package in lock.packages:
        if isinstance(package.id.source, LockedTree):
            facts = expected.facts(package.id.source.path)
            if facts is None:
                return f"dynamic metadata: `{package.id.name}`"
            if why := _tree_change(package, facts):
                return f"mismatched {why}: `{package.id.name}`"
        elif not expected.is_unchanged(package):
            return f"changed archive: `{package.id.name}`"
    return ""


def _tree_change(package: LockedPackage, facts: LocalFacts) -> str:
    if set(package.metadata.requires_dist) != set(facts.metadata.requires_dist):
        return "requirements"
    if set(package.metadata.provides_extras) != set(facts.metadata.provides_extras):
        return "extras"
    if dict(package.metadata.requires_dev) != dict(facts.metadata.requires_dev):
        return "dependency groups"
    if package.default_groups != facts.default_groups:
        return "default groups"
    return "" if package.group_requires_python == facts.group_requires_python else "group `requires-python`"


def kind_of(*, is_package: bool) -> TreeKind:
    """Say what is done with a member: installed so that changes take effect, or not at all."""
    return TreeKind.EDITABLE if is_package else TreeKind.VIRTUAL
