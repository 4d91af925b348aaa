"""From the words of `add` and `remove` to a changed file, a lock and an environment; or all as it was."""

from __future__ import annotations

from collections.abc import Callable

from keyrack.app import Surround, open_run
from keyrack.cli import syncing
from keyrack.cli.context import Context
from keyrack.cli.locking import LockRun, check_fresh, checks_wheels, missing_lock, python_of, say_resolved
from keyrack.cli.progress import Live
from keyrack.cli.project_choice import workspace_around
from keyrack.cli.project_flags import project_words
from keyrack.cli.summary import warn
from keyrack.errors import KeyrackError, NotYet
from keyrack.operations.completing import completed
from keyrack.operations.configure import layers
from keyrack.operations.edit import (
    AddRequest,
    Bounds,
    ListKind,
    ListName,
    RevisionKind,
    Snapshot,
    add,
    bound,
    project_file,
    remove,
    told_indexes,
)
from keyrack.operations.inputs import InputRequest
from keyrack.operations.project_lock import LOCK_FILE, kept_lock, lock_path, write_lock
from keyrack.operations.project_version import VersionRequest, VersionTold, project_version
from keyrack.operations.streams import monotonic
from keyrack.values.lock import Lock
from keyrack.values.names import extra_name, group_name, package_name
from keyrack.values.workspace import Workspace

_ANYWAY = (
    "If you want to add the package regardless of the failed resolution, provide the `--frozen` flag to skip locking"
    " and syncing"
)


def carry_out_add(context: Context) -> int:
    """Add, lock and sync; whatever fails leaves the files as they were."""
    _refuse_scripts(context)
    workspace, where = workspace_around(context), _list_in(context)
    folder = member_folder(context, workspace)
    snapshot = _snapshot(workspace, folder)
    try:
        request = _request(context, workspace, folder, where)
        added, said = add(request, workspace)
        for line in said:
            context.terminal.say(line)
        if context.told("frozen", "UV_FROZEN"):
            return 0
        bounds = Bounds(context.text("bounds") or "lower")
        return lock_and_sync(context, lambda lock: bound(folder, where, added, lock, bounds))
    except KeyrackError as error:
        snapshot.restore()
        if not context.told("frozen", "UV_FROZEN") and error.exit_code == 1 and not context.told("locked", "UV_LOCKED"):
            error.causes = (error.message, *error.causes)
            error.message = "Failed to add dependencies"
            error.hints = (*error.hints, _ANYWAY)
        raise
    except BaseException:
        snapshot.restore()
        raise


def carry_out_version(context: Context, request: VersionRequest) -> VersionTold:
    """Raise the version, lock and sync; whatever fails leaves the files as they were."""
    if request.is_dry or context.told("frozen", "UV_FROZEN") or not (request.value or request.bumps):
        return project_version(request)
    workspace = workspace_around(context)
    snapshot = _snapshot(workspace, request.folder)
    try:
        told = project_version(request)
        lock_and_sync(context, lambda _lock: False)
    except BaseException:
        snapshot.restore()
        raise
    return told


def carry_out_remove(context: Context) -> int:
    """Remove, lock and sync; whatever fails leaves the files as they were."""
    _refuse_scripts(context)
    workspace = workspace_around(context)
    folder = member_folder(context, workspace)
    names = tuple(map(package_name, context.listed("packages")))
    snapshot = _snapshot(workspace, folder)
    try:
        remove(folder, _list_in(context), names)
        return 0 if context.told("frozen", "UV_FROZEN") else lock_and_sync(context, lambda _lock: False, exact=True)
    except BaseException:
        snapshot.restore()
        raise


def _refuse_scripts(context: Context) -> None:
    if context.text("script"):
        raise NotYet("Scripts are not supported yet: add to the block of the script by hand")


def _snapshot(workspace: Workspace, folder: str) -> Snapshot:
    return Snapshot({project_file(folder), project_file(workspace.root), lock_path(workspace)})


def _list_in(context: Context) -> ListName:
    if name := context.text("optional"):
        return ListName(ListKind.OPTIONAL, extra_name(name))
    if name := context.text("group"):
        return ListName(ListKind.GROUP, group_name(name))
    return ListName(ListKind.GROUP, "dev") if context.told("dev", "UV_DEV") else ListName()


def member_folder(context: Context, workspace: Workspace) -> str:
    name = context.text("package")
    if name is None:
        return workspace.current.folder if workspace.current else workspace.root
    member = workspace.member(package_name(name))
    if member is None:
        raise KeyrackError(f"Package `{name}` not found in workspace")
    return member.folder


def _request(context: Context, workspace: Workspace, folder: str, where: ListName) -> AddRequest:
    """Read what is to be added; a name that only a tree knows is looked up there."""
    live = Live(context.terminal, monotonic)
    words, marker = project_words(context, workspace.root), context.text("marker")
    texts = tuple(f"{text} ; {marker}" if marker else text for text in context.listed("packages"))
    asked = InputRequest(
        folder=context.folder,
        packages=texts,
        requirement_files=context.listed("requirements"),
        constraint_files=context.listed("constraints"),
        variables=context.variables,
    )
    with open_run(Surround(words, live.log, live), asked) as tools:
        for text in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(context.terminal, text)
        inputs = tools.inputs
        if not inputs.is_complete:
            tools.workshop.begin(python_of(context, workspace, words, tools, is_told=False))
            inputs = completed(inputs, tools.workshop)
        requirements = inputs.requirements
    live.clear()
    told = told_indexes(layers(words))
    kinds = (("rev", RevisionKind.ANY), ("tag", RevisionKind.TAG), ("branch", RevisionKind.BRANCH))
    revision = next(((kind, told_as) for key, kind in kinds if (told_as := context.text(key))), None)
    return AddRequest(
        requirements=requirements,
        written=texts,
        folder=folder,
        where=where,
        raw=context.has("raw"),
        editable=context.has("is-editable") if "is-editable" in context.words else None,
        extras=tuple(map(extra_name, context.listed("extra"))),
        index=told[0].name if len(told) == 1 else "",
        indexes=told,
        revision=revision,
        lfs=context.has("lfs") or None,
        workspace=context.has("workspace") if "workspace" in context.words else None,
    )


def lock_and_sync(context: Context, bound_by: Callable[[Lock], bool], *, exact: bool = False) -> int:
    """Lock what the file says now, let bounds be written from that, lock again if any were, and sync.

    What has been added may stand beside what is not locked; what was removed is to go (`exact`).
    """
    workspace = workspace_around(context)
    path = lock_path(workspace)
    flag = "`--locked`" if context.told("locked", "UV_LOCKED") else ""
    live = Live(context.terminal, monotonic)
    words = project_words(context, workspace.root)
    with open_run(Surround(words, live.log, live)) as tools:
        is_last = context.told("no-sync", "UV_NO_SYNC")
        python = python_of(context, workspace, words, tools, is_told=is_last)
        before = kept_lock(path, LOCK_FILE, check_wheels=checks_wheels(context))
        if flag and before is None:
            raise missing_lock(flag)
        outcome = LockRun(context, workspace, words, tools).lock(before, python)
        if flag:
            check_fresh(outcome, before, flag)
        if bound_by(outcome.lock):
            outcome = LockRun(context, workspace_around(context), words, tools).lock(outcome.lock, python)
        live.clear()
        write_lock(path, outcome.text)
    if context.told("no-sync", "UV_NO_SYNC"):
        say_resolved(context, outcome)
        return 0
    kept = {key: value for key, value in context.words.items() if key not in _OWN}
    return syncing.carry_out(context.replaced(words={**kept, "inexact": not exact}))


_OWN = frozenset(("packages", "dev", "group", "optional", "extra", "package", "upgrade", "upgrade-package", "refresh"))
"""Words that mean something else where an environment is synced, or have done their work."""
