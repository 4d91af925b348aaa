"""`LockInputs`: what `[tool.uv]` of a project's root says of its lock, beside what the settings of any run say."""

from __future__ import annotations

import msgspec
from packaging.markers import Marker

from keyrack.values.conflicts import ConflictSet
from keyrack.values.lock import ScopedExclude, ScopedOverride, StaticMetadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.settings import ForkStrategy


class LockInputs(msgspec.Struct, frozen=True):
    """Requirements are as written: their sources are looked up later."""

    constraints: tuple[Requirement, ...] = ()
    overrides: tuple[Requirement, ...] = ()
    scoped_overrides: tuple[ScopedOverride, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    scoped_excludes: tuple[ScopedExclude, ...] = ()
    build_constraints: tuple[Requirement, ...] = ()
    environments: tuple[Marker, ...] = ()
    required_environments: tuple[Marker, ...] = ()
    conflicts: tuple[ConflictSet, ...] = ()
    dependency_metadata: tuple[StaticMetadata, ...] = ()
    minimum_libc: tuple[tuple[str, str], ...] = ()
    fork_strategy: ForkStrategy | None = None
