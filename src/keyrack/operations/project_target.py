"""What of a workspace a command is about: its roots, and whether the extras and groups that were named exist."""

from __future__ import annotations

from keyrack.errors import KeyrackError
from keyrack.policy.lock.groups import DEV, ExtraChoice, GroupChoice
from keyrack.policy.lock.selecting import Target
from keyrack.values.lock import AllGroups, Lock, LockedTree
from keyrack.values.names import GroupName, PackageName
from keyrack.values.workspace import Member, ProjectFacts, Workspace


class NotDeclared(KeyrackError):
    """An extra or a group was named that no project declares."""


def target_of(workspace: Workspace, lock: Lock, packages: tuple[PackageName, ...], *, everything: bool) -> Target:
    """Say what is meant: the project itself, the members that were named, or all members.

    A root that is no project stands for all its members.
    """
    is_virtual = workspace.facts.name is None
    if not everything and len(packages) > 1:
        return Target(packages, with_manifest=is_virtual)
    current = workspace.current.name if workspace.current is not None and not packages else None
    if everything or (not packages and current is None):
        members = lock.manifest.members
        if members or current is None:
            return Target(members, with_manifest=is_virtual)
        root = _root(lock)
        return Target(() if root is None else (root,), project=root)
    name = packages[0] if packages else current
    member = None if name is None else workspace.member(name)
    own = frozenset(member.facts.groups) if member is not None else frozenset[GroupName]()
    root = workspace.facts.name
    inherited = root if root is not None and root != name and lock.named(root) else None
    return Target(() if name is None else (name,), name, is_virtual, inherited, own)


def check_declared(workspace: Workspace, target: Target, extras: ExtraChoice, groups: GroupChoice) -> None:
    """Raise `NotDeclared` for an extra or a group that was named and that no project of the target declares."""
    facts = [member.facts for name in target.roots if (member := workspace.member(name)) is not None]
    for extra in sorted(extras.named | extras.without):
        if not any(extra in each.extras for each in facts):
            if target.project is not None:
                raise NotDeclared(
                    f"Extra `{extra}` is not defined in the `optional-dependencies` table for `{target.project}`"
                )
            raise NotDeclared(f"Extra `{extra}` is not defined in any project's `optional-dependencies` table")
    known = {group for each in (*facts, workspace.facts) for group in each.groups}
    for group in groups.explicit:
        if group not in known:
            where = "the" if target.project is not None else "any"
            raise NotDeclared(f"Group `{group}` is not defined in {where} project's `dependency-groups` table")


def check_defaults(facts: ProjectFacts) -> None:
    """Raise `NotDeclared` for a default group that the project does not declare."""
    if facts.default_groups is None or isinstance(facts.default_groups, AllGroups):
        return
    for group in facts.default_groups:
        if group not in facts.groups and group != DEV:
            raise NotDeclared(
                f"Default group `{group}` (from `tool.uv.default-groups`) is not defined in the project's"
                " `dependency-groups` table"
            )


def facts_meant(workspace: Workspace, packages: tuple[PackageName, ...]) -> ProjectFacts:
    """Give the facts of the project whose default groups count: the one that the command is run in."""
    member: Member | None = workspace.current
    if member is None and len(packages) == 1:
        member = workspace.member(packages[0])
    return workspace.facts if member is None else member.facts


def _root(lock: Lock) -> PackageName | None:
    """Give the package that lies in the folder of the lock itself."""
    return next(
        (
            package.id.name
            for package in lock.packages
            if isinstance(package.id.source, LockedTree) and package.id.source.path == "."
        ),
        None,
    )
