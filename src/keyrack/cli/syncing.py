"""From the words of `sync` to the operation, and from its outcome to lines and an exit code."""

from __future__ import annotations

import msgspec

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.environment import shown_path
from keyrack.cli.installing import report, say_done
from keyrack.cli.locking import LockRun, check_fresh, checks_wheels, missing_lock, say_resolved
from keyrack.cli.progress import Live
from keyrack.cli.project_choice import extras_in, groups_in, leaving_in, packages_in, workspace_around
from keyrack.cli.project_flags import project_words
from keyrack.cli.summary import warn
from keyrack.errors import NotYet, UnmetRequest
from keyrack.operations.configure import Words
from keyrack.operations.environments import first_text
from keyrack.operations.install import InstallOutcome
from keyrack.operations.pip_install import PipInstallOutcome
from keyrack.operations.project_environment import EnvironmentRequest, ProjectEnvironment, environment_of
from keyrack.operations.project_lock import LOCK_FILE, frozen_lock, kept_lock, lock_path, write_lock
from keyrack.operations.project_target import check_declared, check_defaults, facts_meant, target_of
from keyrack.operations.streams import monotonic
from keyrack.operations.sync import SyncOutcome, SyncRequest, sync
from keyrack.operations.tools import Tools
from keyrack.policy.lock.groups import GroupChoice
from keyrack.policy.lock.pins import registries
from keyrack.values.interpreter import Interpreter
from keyrack.values.lock import Lock
from keyrack.values.workspace import Workspace


class OutOfDate(UnmetRequest):
    """The environment is not what the lock says, and `--check` asked whether it is."""


def carry_out(context: Context) -> int:
    """Sync, and say what happened. 1 where `--check` finds that something would have to be done."""
    if context.text("script"):
        raise NotYet("`keyrack sync --script` is not supported yet")
    workspace = workspace_around(context, needs_project=bool(context.listed("package")))
    packages = packages_in(context)
    facts = facts_meant(workspace, packages)
    check_defaults(facts)
    groups = groups_in(context, facts)
    live = Live(context.terminal, monotonic)
    frozen = _frozen(context, workspace)
    words = project_words(context, workspace.root)
    locked = () if frozen is None else registries(frozen)
    with open_run(Surround(words, live.log, live, locked=locked)) as tools:
        for text in tools.settings.warnings:
            warn(context.terminal, text)
        environment = _environment(context, workspace, words, tools)
        lock = frozen or _locked(LockRun(context, workspace, words, tools), environment, live)
        request = _request(context, workspace, lock, environment, groups)
        outcome = sync(request, tools)
        live.clear()
        return _report(context, workspace, environment, outcome)


def bring_up(context: Context, workspace: Workspace) -> Interpreter:
    """Let a project's environment hold what the lock says before something runs in it, and give its Python.

    With `--no-sync` it is left as it is. Only what changes is told.
    """
    packages = packages_in(context)
    facts = facts_meant(workspace, packages)
    check_defaults(facts)
    groups = groups_in(context, facts)
    live = Live(context.terminal, monotonic)
    no_sync = context.told("no-sync", "UV_NO_SYNC")
    frozen = None if no_sync else _frozen(context, workspace)
    words = project_words(context, workspace.root)
    locked = () if frozen is None else registries(frozen)
    with open_run(Surround(words, live.log, live, locked=locked)) as tools:
        for text in tools.settings.warnings:
            warn(context.terminal, text)
        environment = _environment(context, workspace, words, tools)
        if no_sync:
            return environment.interpreter
        lock = frozen or _locked(LockRun(context, workspace, words, tools), environment, live, is_told=False)
        request = _request(context, workspace, lock, environment, groups)
        outcome = sync(msgspec.structs.replace(request, exact=context.has("exact")), tools)
        live.clear()
        say_done(context, outcome.change)
        for text in (*outcome.warnings, *outcome.change.warnings):
            warn(context.terminal, text)
    return environment.interpreter


def is_dry(context: Context) -> bool:
    """Say whether nothing is to be changed."""
    return context.has("dry-run") or context.has("check")


def _frozen(context: Context, workspace: Workspace) -> Lock | None:
    """Read the lock that is to be used as it is; None where it is to be made, or brought up to date."""
    if not context.told("frozen", "UV_FROZEN"):
        return None
    flag = "`--frozen`" if "frozen" in context.words else "`UV_FROZEN=1`"
    return frozen_lock(lock_path(workspace), LOCK_FILE, flag, check_wheels=checks_wheels(context))


def _locked(run: LockRun, environment: ProjectEnvironment, live: Live, *, is_told: bool = True) -> Lock:
    """Bring the lock up to date, and say so; a lock that may not change is only compared."""
    context, path = run.context, lock_path(run.workspace)
    before = kept_lock(path, LOCK_FILE, check_wheels=checks_wheels(context))
    flag = "`--locked`" if context.told("locked", "UV_LOCKED") else ""
    if flag and before is None:
        raise missing_lock(flag)
    outcome = run.lock(before, environment.interpreter)
    live.clear()
    if is_told:
        say_resolved(context, outcome)
    if flag:
        check_fresh(outcome, before, flag)
    is_same = outcome.is_kept or outcome.lock == before
    if is_dry(context):
        verb = "Found up-to-date" if is_same else "Would create" if before is None else "Would update"
        context.terminal.say(f"{verb} lockfile at: {LOCK_FILE}")
    elif not outcome.is_kept:
        write_lock(path, outcome.text)
    for text in outcome.warnings:
        warn(context.terminal, text)
    return outcome.lock


def _environment(context: Context, workspace: Workspace, words: Words, tools: Tools) -> ProjectEnvironment:
    from keyrack.operations.configure import layers  # late: read again only for `python`

    active = context.has("active") if "active" in context.words else None
    asked = EnvironmentRequest(first_text(layers(words), "python"), active, is_dry(context))
    terminal = context.terminal
    found = environment_of(workspace, asked, tools.pythons, terminal.say, lambda text: warn(terminal, text))
    if is_dry(context) and context.text("output-format") != "json":
        shown = shown_path(found.folder, context.folder)
        terminal.say(f"Would {found.action} project environment at: {shown}")
    return found


def _request(
    context: Context, workspace: Workspace, lock: Lock, environment: ProjectEnvironment, groups: GroupChoice
) -> SyncRequest:
    target = target_of(workspace, lock, packages_in(context), everything=context.has("all-packages"))
    extras = extras_in(context)
    check_declared(workspace, target, extras, groups)
    return SyncRequest(
        lock=lock,
        root=workspace.root,
        environment=environment,
        target=target,
        extras=extras,
        groups=groups,
        leaving=leaving_in(context),
        exact=not context.has("inexact"),
        editable=False if context.told("no-editable", "UV_NO_EDITABLE") else None,
        python_platform=context.text("python-platform") or "",
        dry_run=is_dry(context),
    )


def _report(context: Context, workspace: Workspace, environment: ProjectEnvironment, outcome: SyncOutcome) -> int:
    if context.text("output-format") == "json":
        context.terminal.raw_result(_json(context, workspace, environment, outcome.change))
    plain = context.replaced(words={key: value for key, value in context.words.items() if key != "output-format"})
    told = PipInstallOutcome(resolved=outcome.change.checked.count, change=outcome.change, warnings=outcome.warnings)
    code = report(plain, told)
    if code:
        raise OutOfDate("The environment is outdated; run `keyrack sync` to update the environment")
    return code


def _json(context: Context, workspace: Workspace, environment: ProjectEnvironment, change: InstallOutcome) -> str:
    python = environment.interpreter
    root = {"path": workspace.root}
    actions = {"+": "installed", "-": "uninstalled", "~": "reinstalled"}
    whole = {
        "schema": {"version": "preview"},
        "target": "project",
        "project": {"path": workspace.current.folder if workspace.current else workspace.root, "workspace": root},
        "sync": {
            "environment": {
                "path": environment.folder,
                "python": {
                    "path": python.executable,
                    "version": python.version,
                    "implementation": python.implementation,
                },
            },
            "action": {"use": "check"}.get(environment.action, environment.action),
            "changes": [
                {"name": one.name, "version": str(one.version), "action": actions[one.sign]} for one in change.changes
            ],
        },
        "lock": {"path": lock_path(workspace), "action": "use"},
        "dry_run": is_dry(context),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
