"""What a source tree says of how it is built (PEP 517, 518)."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement

LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""The backend of trees that name none."""


class BuildSystem(msgspec.Struct, frozen=True):
    """The `[build-system]` table, or what stands in for it. `backend_path` are folders of the tree, as written.

    `name`, `version` and `dynamic` are those of `[project]`, where it has them; `sources` and `indexes` those of
    `[tool.uv]`, which count for what is named in `requires`. What the tree does not say itself `is_implied`.
    """

    requires: tuple[Requirement, ...]
    backend: str = LEGACY_BACKEND
    backend_path: tuple[str, ...] = ()
    name: PackageName | None = None
    version: Version | None = None
    dynamic: frozenset[str] = frozenset()
    sources: tuple[SourceEntry, ...] = ()
    indexes: tuple[IndexEntry, ...] = ()
    is_implied: bool = False
