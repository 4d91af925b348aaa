"""The part of a distribution's core metadata that a resolver reads."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.requirement import Requirement


class Believed(msgspec.Struct, frozen=True):
    """What the user says of a package in place of its own metadata; `version` None stands for all of its versions."""

    name: PackageName
    version: Version | None = None
    requires: tuple[Requirement, ...] = ()
    requires_python: SpecifierSet | None = None
    extras: tuple[ExtraName, ...] = ()


class Metadata(msgspec.Struct, frozen=True):
    """Name, version, requirements, Python range and extras of one version of one project (core metadata 2.x).

    `dynamic` are the fields (lower case) that an sdist says a build may change (PEP 643). `groups` are the dependency
    groups of a source tree, their includes resolved (PEP 735); published metadata has none.
    """

    name: PackageName
    version: Version
    requires: tuple[Requirement, ...] = ()
    requires_python: SpecifierSet | None = None
    extras: tuple[ExtraName, ...] = ()
    metadata_version: str = ""
    dynamic: frozenset[str] = frozenset()
    groups: Mapping[GroupName, tuple[Requirement, ...]] = {}
