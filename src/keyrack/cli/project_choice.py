"""From words to what of a project is meant: its groups, its extras, its packages, and what is left out."""

from __future__ import annotations

import os

from keyrack.cli.context import Context
from keyrack.errors import KeyrackError
from keyrack.operations.workspaces import find_workspace
from keyrack.policy.lock.groups import DEV, ExtraChoice, GroupChoice, Leaving
from keyrack.values.names import PackageName, extra_name, group_name, package_name
from keyrack.values.workspace import ProjectFacts, Workspace


def workspace_around(context: Context, *, needs_project: bool = True) -> Workspace:
    """Find the workspace around the folder of the run, or the one that `--project` names."""
    told = context.text("project") or context.variables.get("UV_PROJECT")
    folder = os.path.join(context.folder, told) if told else context.folder
    if told and not os.path.isdir(folder):
        raise KeyrackError(f"Project directory `{told}` does not exist")
    return find_workspace(os.path.normpath(folder), context.terminal.log, needs_project=needs_project)


def packages_in(context: Context) -> tuple[PackageName, ...]:
    """Give the members that were named."""
    return tuple(map(package_name, context.listed("package")))


def extras_in(context: Context) -> ExtraChoice:
    """Give the extras that are meant."""
    return ExtraChoice(
        frozenset(map(extra_name, context.listed("extra"))),
        context.has("all-extras"),
        frozenset(map(extra_name, context.listed("no-extra"))),
    )


def groups_in(context: Context, facts: ProjectFacts) -> GroupChoice:
    """Give the groups that are meant, where a project's defaults are known."""
    named = set(map(group_name, context.listed("group")))
    only = set(map(group_name, context.listed("only-group")))
    without = set(map(group_name, context.listed("no-group") or context.variables.get("UV_NO_GROUP", "").split()))
    if context.has("dev"):
        named.add(DEV)
    if context.has("only-dev"):
        only.add(DEV)
    if context.told("no-dev", "UV_NO_DEV") and not context.has("dev"):
        without.add(DEV)
    return GroupChoice(
        frozenset(named),
        context.has("all-groups"),
        frozenset(only),
        frozenset(without),
        facts.default_groups,
        context.told("no-default-groups", "UV_NO_DEFAULT_GROUPS"),
    )


def leaving_in(context: Context, kind: str = "install") -> Leaving:
    """Give what is left out: `--no-install-*`, or `--no-emit-*`."""

    def has(what: str) -> bool:
        return context.told(f"no-{kind}-{what}", f"UV_NO_{kind.upper()}_{what.upper()}")

    names = frozenset(map(package_name, context.listed(f"no-{kind}-package")))
    return Leaving(has("project"), has("workspace"), has("local"), names)
