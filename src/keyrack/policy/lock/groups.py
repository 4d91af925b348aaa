"""Which extras and dependency groups a command is about, and whether a package is installed at all (uv's flags)."""

from __future__ import annotations

import msgspec

from keyrack.values.lock import AllGroups, DefaultGroups, LockedArchive, LockedId, LockedTree
from keyrack.values.names import ExtraName, GroupName, PackageName

DEV = GroupName("dev")


class GroupChoice(msgspec.Struct, frozen=True):
    """`--group`, `--dev` (`named`), `--all-groups`, `--only-group`, `--only-dev`, `--no-group`, `--no-dev`.

    `defaults` are the project's own, None for `dev`; `no_defaults` is `--no-default-groups`.
    """

    named: frozenset[GroupName] = frozenset()
    everything: bool = False
    only: frozenset[GroupName] = frozenset()
    without: frozenset[GroupName] = frozenset()
    defaults: DefaultGroups | None = None
    no_defaults: bool = False

    @property
    def production(self) -> bool:
        """Whether the project's own requirements are meant too."""
        return not self.only

    def holds(self, group: GroupName) -> bool:
        """Say whether a group is meant."""
        return self.is_named(group) or (group not in self.without and self._is_default(group))

    def is_named(self, group: GroupName) -> bool:
        """Say whether a group is meant because a flag says so, and not only by default."""
        if group in self.without:
            return False
        return (self.everything and not self.only) or group in self.named or group in self.only

    @property
    def explicit(self) -> tuple[GroupName, ...]:
        """All groups that flags name, in order: each must exist somewhere."""
        return tuple(sorted((self.named | self.only | self.without) - {DEV}))

    def _is_default(self, group: GroupName) -> bool:
        if self.no_defaults or self.only:
            return False
        if isinstance(self.defaults, AllGroups):
            return True
        return group in (self.defaults if self.defaults is not None else (DEV,))


class ExtraChoice(msgspec.Struct, frozen=True):
    """`--extra`, `--all-extras`, `--no-extra`."""

    named: frozenset[ExtraName] = frozenset()
    everything: bool = False
    without: frozenset[ExtraName] = frozenset()

    def holds(self, extra: ExtraName) -> bool:
        """Say whether an extra is meant."""
        return extra not in self.without and (self.everything or extra in self.named)


class Leaving(msgspec.Struct, frozen=True):
    """What `--no-install-*` (or `--no-emit-*`) leave out: the project, all members, all that is local, or by name."""

    project: bool = False
    workspace: bool = False
    local: bool = False
    names: frozenset[PackageName] = frozenset()

    def leaves_out(self, package: LockedId, project: PackageName | None, members: tuple[PackageName, ...]) -> bool:
        """Say whether a package is left out; `project` is the one that the command is about, if it is about one."""
        is_project = package.name == project
        if (self.project and is_project) or package.name in self.names:
            return True
        if self.workspace and (is_project or package.name in members):
            return True
        return self.local and isinstance(package.source, LockedArchive | LockedTree)
