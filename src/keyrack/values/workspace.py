"""A workspace as it lies on this disk: its root, its members, and what each says of itself in `[tool.uv]`."""

from __future__ import annotations

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.values.lock import DefaultGroups
from keyrack.values.names import ExtraName, GroupName, PackageName


class WorkspaceTable(msgspec.Struct, frozen=True):
    """`[tool.uv.workspace]`: globs of folders that are members, and of those that are not."""

    members: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class ProjectFacts(msgspec.Struct, frozen=True):
    """What a pyproject.toml says beside its requirements.

    `name` is None where there is no `[project]` table, `version` where it is dynamic. `default_groups` None is `dev`.
    `package` None: what has a build system is one. `of_workspace` are names that its sources take from the workspace.
    """

    name: PackageName | None = None
    version: str | None = None
    requires_python: SpecifierSet | None = None
    extras: tuple[ExtraName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    default_groups: DefaultGroups | None = None
    group_requires_python: tuple[tuple[GroupName, SpecifierSet], ...] = ()
    managed: bool = True
    package: bool | None = None
    has_build_system: bool = False
    has_scripts: bool = False
    workspace: WorkspaceTable | None = None
    of_workspace: frozenset[PackageName] = frozenset()

    @property
    def is_package(self) -> bool:
        """Whether it is built and installed, and not only what it requires."""
        return self.has_build_system if self.package is None else self.package


class Member(msgspec.Struct, frozen=True):
    """A member: its absolute folder, and its path from the root as locks write it (`.` for the root itself)."""

    folder: str
    path: str
    facts: ProjectFacts

    @property
    def name(self) -> PackageName:
        """Its name; every member has one."""
        return self.facts.name or PackageName("")


class Workspace(msgspec.Struct, frozen=True):
    """All members by name in order. `current` is the one that was asked for, None in a root that is no project."""

    root: str
    facts: ProjectFacts
    members: tuple[Member, ...]
    current: Member | None = None

    def member(self, name: PackageName) -> Member | None:
        """Give the member of a name."""
        return next((each for each in self.members if each.name == name), None)

    def is_package(self, member: Member) -> bool:
        """Say whether a member is built and installed: also without a build system, where another one requires it."""
        facts = member.facts
        required = any(member.name in one.of_workspace for one in self._others(member))
        return facts.is_package or (facts.package is None and required)

    def _others(self, member: Member) -> tuple[ProjectFacts, ...]:
        found = tuple(each.facts for each in self.members if each.name != member.name)
        return found if self.facts.name is not None else (*found, self.facts)
