"""`Project`: what a pyproject.toml says of requirements (PEP 621, 735) and of where they come from."""

from __future__ import annotations

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.requirement import Requirement


class GroupInclude(msgspec.Struct, frozen=True):
    """`{include-group = "name"}` in a dependency group (PEP 735)."""

    group: GroupName


GroupItem = Requirement | GroupInclude


class Project(msgspec.Struct, frozen=True):
    """A project's requirements as written. `name` is None where there is no `[project]` table.

    `requires_python` is None where it is not said. `dependencies` and `optional` are None where they are dynamic: only
    a build tells them. `groups` are as written.
    """

    place: str
    name: PackageName | None = None
    requires_python: SpecifierSet | None = None
    dependencies: tuple[Requirement, ...] | None = ()
    optional: dict[ExtraName, tuple[Requirement, ...]] | None = {}
    groups: dict[GroupName, tuple[GroupItem, ...]] = {}
    sources: tuple[SourceEntry, ...] = ()
    indexes: tuple[IndexEntry, ...] = ()
