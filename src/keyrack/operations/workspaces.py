"""Find the project and the workspace around a folder, as uv does."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from keyrack.adapters.workspace_files import (
    PROJECT_FILE,
    has_project_file,
    is_bare,
    matching_folders,
    project_folders,
    read_project_file,
)
from keyrack.errors import KeyrackError
from keyrack.formats.workspace_text import parse_project_facts
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.workspace import Member, ProjectFacts, Workspace, WorkspaceTable


class NoProject(KeyrackError):
    """There is no project around a folder, or none that is managed."""


class BadWorkspace(KeyrackError):
    """A workspace's own word about its members does not fit what is there."""


def find_workspace(folder: str, log: Log = silent, *, needs_project: bool = True) -> Workspace:
    """Find the nearest project and its workspace. Raises `NoProject`, `BadWorkspace`, `InvalidText`.

    Where no project is needed, a pyproject.toml without one is the root of a workspace: it may have groups.
    """
    own = next(project_folders(folder), None)
    if own is None:
        raise NoProject(f"No `{PROJECT_FILE}` found in current directory or any parent directory")
    facts = facts_of(own)
    if not facts.managed:
        raise NoProject(f"The project is marked as unmanaged: {own}")
    root, table = own, facts.workspace
    if table is None:
        if facts.name is None and needs_project:
            raise NoProject(f"No `project` table found in: {os.path.join(own, PROJECT_FILE)}")
        above = None if facts.name is None else _root_above(own, log)
        root, table = above or (own, WorkspaceTable())
    log(Level.DEBUG, f"Found workspace root: `{root}`")
    root_facts = facts if root == own else facts_of(root)
    members = _members(root, root_facts, table)
    current = next((each for each in members if each.folder == own), None)
    if current is None and facts.name is not None:
        current = Member(own, _relative(own, root), facts)
    return Workspace(root, root_facts, members, current)


def facts_of(folder: str) -> ProjectFacts:
    """Read what the pyproject.toml of a folder says beside its requirements."""
    return parse_project_facts(read_project_file(folder), os.path.join(folder, PROJECT_FILE))


def _root_above(own: str, log: Log) -> tuple[str, WorkspaceTable] | None:
    """Find the workspace that a project is a member of: it is that of the next pyproject.toml above, or there is none.

    A project in the folder of another is its own, unless that one says that it is a member.
    """
    above = next((folder for folder in project_folders(os.path.dirname(own)) if folder != own), None)
    if above is None:
        return None
    table = facts_of(above).workspace
    if table is None:
        return None
    if not any(is_meant(own, above, pattern) for pattern in table.members):
        log(Level.DEBUG, f"Found workspace root `{above}`, but project is not included")
        return None
    if any(is_meant(own, above, pattern) for pattern in table.exclude):
        log(Level.DEBUG, f"Found workspace root `{above}`, but project is excluded")
        return None
    return above, table


def is_meant(folder: str, root: str, pattern: str) -> bool:
    """Say whether a glob means a folder; a star stands for several levels too, as in uv."""
    wanted = os.path.normpath(pattern)
    return fnmatchcase(_relative(folder, root), wanted) or fnmatchcase(folder, wanted)


def _relative(folder: str, root: str) -> str:
    return os.path.relpath(folder, root).replace(os.sep, "/")


def _members(root: str, facts: ProjectFacts, table: WorkspaceTable) -> tuple[Member, ...]:
    found = dict[PackageName, Member]()
    if facts.name is not None:
        found[facts.name] = Member(root, ".", facts)
    seen = {root}
    for pattern in table.members:
        for folder in matching_folders(root, pattern):
            if folder in seen or any(is_meant(folder, root, each) for each in table.exclude):
                continue
            seen.add(folder)
            member = _member(folder, root, pattern)
            if member is not None:
                _check_alone(member, found.get(member.name))
                found[member.name] = member
    return tuple(found[name] for name in sorted(found))


def _member(folder: str, root: str, pattern: str) -> Member | None:
    if not has_project_file(folder):
        if is_bare(folder):
            return None
        raise BadWorkspace(f"Workspace member `{folder}` is missing a `{PROJECT_FILE}` (matches: `{pattern}`)")
    facts = facts_of(folder)
    if not facts.managed:
        return None
    if facts.name is None:
        raise BadWorkspace(f"No `project` table found in: {os.path.join(folder, PROJECT_FILE)}")
    if facts.workspace is not None:
        raise BadWorkspace(
            "Nested workspaces are not supported, but workspace member has a `tool.uv.workspace` table:"
            f" {os.path.join(folder)}"
        )
    return Member(folder, _relative(folder, root), facts)


def _check_alone(member: Member, other: Member | None) -> None:
    if other is not None:
        raise BadWorkspace(
            f"Two workspace members are both named `{member.name}`: `{other.folder}` and `{member.folder}`"
        )
