"""From the words of `lock` to the operation, and from its outcome to lines and an exit code."""

from __future__ import annotations

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.progress import Live
from keyrack.cli.project_choice import workspace_around
from keyrack.cli.project_flags import project_words
from keyrack.cli.summary import done, warn
from keyrack.errors import NotYet, UnmetRequest
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_text
from keyrack.operations.lock import LockOutcome, LockRequest, doubt_of_python, lock_project
from keyrack.operations.project_environment import EnvironmentRequest, environment_of
from keyrack.operations.project_lock import LOCK_FILE, frozen_lock, kept_lock, lock_path, write_lock
from keyrack.operations.streams import monotonic
from keyrack.operations.tools import Tools
from keyrack.policy.lock.changes import ChangeKind, changes_of
from keyrack.values.interpreter import Interpreter
from keyrack.values.light import Light
from keyrack.values.lock import Lock
from keyrack.values.settings import ForkStrategy
from keyrack.values.styled import Style, Styled
from keyrack.values.workspace import Workspace


class StaleLock(UnmetRequest):
    """The lock is not up to date, and may not be changed."""


_ONLY_READ = (
    f"The lockfile at `{LOCK_FILE}` was only checked for validity, not whether it is up-to-date, because `--frozen` was"
    " provided; use `--check` instead"
)
_STYLES = {ChangeKind.ADDED: Style.GREEN, ChangeKind.REMOVED: Style.RED, ChangeKind.UPDATED: Style.GREEN}
_WOULD = {ChangeKind.ADDED: "Add", ChangeKind.REMOVED: "Remove", ChangeKind.UPDATED: "Update"}


def carry_out(context: Context) -> int:
    """Lock, and say what changed."""
    if context.text("script"):
        raise NotYet("`keyrack lock --script` is not supported yet")
    workspace = workspace_around(context, needs_project=False)
    if context.told("frozen", "UV_FROZEN"):
        frozen_lock(lock_path(workspace), LOCK_FILE, "`--frozen`", check_wheels=checks_wheels(context))
        warn(context.terminal, _ONLY_READ)
        return 0
    live = Live(context.terminal, monotonic)
    words = project_words(context, workspace.root)
    with open_run(Surround(words, live.log, live)) as tools:
        for text in tools.settings.warnings:
            warn(context.terminal, text)
        python = python_of(context, workspace, words, tools)
        run = LockRun(context, workspace, words, tools)
        before = kept_lock(lock_path(workspace), LOCK_FILE, check_wheels=checks_wheels(context))
        flag = "`--check`" if context.told("check", "UV_LOCKED") else ""
        if flag and before is None:
            raise missing_lock(flag)
        outcome = run.lock(before, python)
        live.clear()
        say_resolved(context, outcome)
        if flag:
            check_fresh(outcome, before, flag)
        elif not context.has("dry-run"):
            write_lock(lock_path(workspace), outcome.text)
    say_changes(context, before, outcome)
    return 0


class LockRun(Light):
    """One run that may lock."""

    context: Context
    workspace: Workspace
    words: Words
    tools: Tools

    def lock(self, before: Lock | None, python: Interpreter) -> LockOutcome:
        """Lock the workspace as the words want it."""
        if doubt := doubt_of_python(self.workspace, python):
            warn(self.context.terminal, doubt)
        strategy = self.context.text("fork-strategy")
        request = LockRequest(
            self.workspace,
            layers(self.words),
            python,
            before,
            fork_strategy=None if strategy is None else ForkStrategy(strategy),
            say=self.context.terminal.say,
        )
        return lock_project(request, self.tools)


def lock_for(context: Context, workspace: Workspace) -> Lock:
    """Give the lock that a command reads: as it is with `--frozen`, else brought up to date, which is said."""
    if context.told("frozen", "UV_FROZEN"):
        flag = "`--frozen`" if "frozen" in context.words else "`UV_FROZEN=1`"
        return frozen_lock(lock_path(workspace), LOCK_FILE, flag, check_wheels=checks_wheels(context))
    live = Live(context.terminal, monotonic)
    words = project_words(context, workspace.root)
    path, flag = lock_path(workspace), "`--locked`" if context.told("locked", "UV_LOCKED") else ""
    with open_run(Surround(words, live.log, live)) as tools:
        for text in tools.settings.warnings:
            warn(context.terminal, text)
        before = kept_lock(path, LOCK_FILE, check_wheels=checks_wheels(context))
        if flag and before is None:
            raise missing_lock(flag)
        python = python_of(context, workspace, words, tools)
        outcome = LockRun(context, workspace, words, tools).lock(before, python)
        live.clear()
        say_resolved(context, outcome)
        if flag:
            check_fresh(outcome, before, flag)
        elif not outcome.is_kept:
            write_lock(path, outcome.text)
    return outcome.lock


def python_of(
    context: Context, workspace: Workspace, words: Words, tools: Tools, *, is_told: bool = True
) -> Interpreter:
    """Find the Python that builds what must be built: the project's own, or the one that it would get.

    Without `is_told` nobody hears which that is, since somebody says so later.
    """
    terminal = context.terminal
    asked = EnvironmentRequest(first_text(layers(words), "python"), active=False, dry_run=True)

    def say(text: str) -> None:
        if is_told:
            terminal.say(text)

    found = environment_of(workspace, asked, tools.pythons, say, lambda text: warn(terminal, text) if is_told else None)
    return found.interpreter


def checks_wheels(context: Context) -> bool:
    """Say whether wheels of other versions than their packages' are refused."""
    return not context.told("skip-wheel-filename-check", "UV_SKIP_WHEEL_FILENAME_CHECK")


def missing_lock(flag: str) -> UnmetRequest:
    """Make the error about a lock that is not there."""
    return UnmetRequest(
        f"Unable to find lockfile at `{LOCK_FILE}`, but {flag} was provided. To create a lockfile, run `keyrack lock`"
        " or `keyrack sync` without the flag."
    )


def check_fresh(outcome: LockOutcome, before: Lock | None, flag: str) -> None:
    """Raise `StaleLock` where the lock would change."""
    if not outcome.is_kept and outcome.lock != before:
        raise StaleLock(
            f"The lockfile at `{LOCK_FILE}` needs to be updated, but {flag} was provided.",
            hints=("To update the lockfile, run `keyrack lock`.",),
        )


def say_resolved(context: Context, outcome: LockOutcome) -> None:
    """Say how many packages the lock holds."""
    context.terminal.say(*done("Resolved", len(outcome.lock.packages), outcome.seconds))


def say_changes(context: Context, before: Lock | None, outcome: LockOutcome) -> None:
    """Say what changed, line by line; of a first lock nothing is said."""
    terminal, is_dry = context.terminal, context.has("dry-run")
    found = () if outcome.is_kept else changes_of(before, outcome.lock)
    if is_dry and not found:
        terminal.say("No lockfile changes detected")
    if before is not None or is_dry:
        for change in found:
            verb = _WOULD[change.kind] if is_dry else change.kind.value
            terminal.say(Styled(verb, _STYLES[change.kind]), f" {change.name} {change.words()}")
    for text in outcome.warnings:
        warn(terminal, text)
