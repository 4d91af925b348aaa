"""From the words of `pip install` to the operation, and from its outcome to lines and an exit code."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.environment import name_acted
from keyrack.cli.progress import Live
from keyrack.cli.summary import done, list_changes, warn, would
from keyrack.operations.answered import Looked
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_value
from keyrack.operations.inputs import InputRequest
from keyrack.operations.install import Changed, InstallOutcome
from keyrack.operations.pip_install import PipInstallOutcome, PipInstallRequest, pip_install
from keyrack.operations.streams import monotonic
from keyrack.operations.targets import Acted, choose, refuse_managed, told
from keyrack.operations.tools import Tools
from keyrack.values.names import package_name
from keyrack.values.settings import Selection


def carry_out(
    context: Context, words: Words, inputs: InputRequest, looked: Looked | None = None, *, is_sync: bool = False
) -> int:
    """Install, and say what happened. 1 where `--check` finds that something would have to be done.

    `looked` is what a look at the environment showed, where there was one; `is_sync` takes out all else.
    """
    live = Live(context.terminal, monotonic)
    faults = _faults() if context.has("strict") and not _is_dry(context) else _no_faults
    with open_run(Surround(words, live.log, live), inputs, looked) as tools:
        for text in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(context.terminal, text)
        if is_sync and _is_empty(tools) and not first_value(layers(words), "allow_empty_requirements"):
            context.terminal.say(_NOTHING_TO_SYNC)
            return 0
        choice = looked.choice if looked else told(words)
        acted = looked.acted if looked else choose(tools.pythons, choice)
        name_acted(context, acted)
        refuse_managed(acted, choice)
        request = msgspec.structs.replace(_request(context, tools, acted, live), looked=looked, is_sync=is_sync)
        outcome = pip_install(request, tools)
        live.clear()
        code = report(context, outcome)
        for text in faults(acted, tools):
            warn(context.terminal, text)
    return code


_NOTHING_TO_SYNC = "No requirements found (hint: use `--allow-empty-requirements` to clear the environment)"


def _is_empty(tools: Tools) -> bool:
    return not tools.inputs.requirements and tools.inputs.lock is None


def _faults() -> Callable[[Acted, Tools], list[str]]:
    """Give what looks for faults afterwards; it is imported now, before a file is changed."""
    from keyrack.operations.check import faults_of  # late: start-up
    from keyrack.operations.environments import survey_again  # late: start-up

    def look(acted: Acted, tools: Tools) -> list[str]:
        found = survey_again(acted.interpreter, acted.scheme.roots)
        return [fault.message for fault in faults_of(found, (one.name for one in tools.inputs.requirements))]

    return look


def _no_faults(_acted: Acted, _tools: Tools) -> list[str]:
    return []


def report(context: Context, outcome: PipInstallOutcome) -> int:
    """Print what was resolved, done and changed, and warnings."""
    terminal, change = context.terminal, outcome.change
    is_dry = _is_dry(context)
    if change is None or not change.changes:
        seconds = outcome.check_time if change is None else change.checked.seconds
        terminal.say(*done("Checked", outcome.checked or outcome.resolved, seconds))
        if is_dry:
            terminal.say("Would make no changes")
    elif is_dry:
        _say_would(context, change)
    else:
        say_done(context, change)
    changes = _shown(change, is_dry=is_dry)
    list_changes(terminal, changes)
    for text in (*outcome.warnings, *(change.warnings if change else ())):
        warn(terminal, text)
    if context.text("output-format") == "json":
        terminal.raw_result(_json(changes, is_dry=is_dry))
    return 1 if context.has("check") and changes else 0


def _is_dry(context: Context) -> bool:
    return context.has("dry-run") or context.has("check")


def _request(context: Context, tools: Tools, acted: Acted, live: Live) -> PipInstallRequest:
    def say_caution(text: str) -> None:
        live.clear()
        warn(context.terminal, text)

    def say_resolved(count: int, seconds: float) -> None:
        live.clear()
        context.terminal.say(*done("Resolved", count, seconds))

    return PipInstallRequest(
        inputs=tools.inputs,
        interpreter=acted.interpreter,
        scheme=acted.scheme,
        lock=acted.lock,
        exact=context.has("exact"),
        dry_run=_is_dry(context),
        strict=context.has("strict"),
        python_version=context.text("python-version") or "",
        python_platform=context.text("python-platform") or "",
        on_caution=say_caution,
        on_resolved=say_resolved,
        no_editable=Selection(
            context.told("no-editable", "UV_NO_EDITABLE"),
            frozenset(map(package_name, context.listed("no-editable-package"))),
        ),
    )


def _say_would(context: Context, change: InstallOutcome) -> None:
    for verb, phase in (
        ("download", change.prepared),
        ("uninstall", change.uninstalled),
        ("install", change.installed),
    ):
        if phase.count:
            context.terminal.say(*would(verb, phase.count))


def say_done(context: Context, change: InstallOutcome) -> None:
    """Say what was prepared, taken out and installed, and how long it took."""
    phases = (("Prepared", change.prepared), ("Uninstalled", change.uninstalled), ("Installed", change.installed))
    for verb, phase in phases:
        if phase.count:
            context.terminal.say(*done(verb, phase.count, phase.seconds))
    if change.compiled.seconds:
        context.terminal.say(*done("Bytecode compiled", change.compiled.count, change.compiled.seconds, "file"))


def _shown(change: InstallOutcome | None, *, is_dry: bool) -> tuple[Changed, ...]:
    """Give the changes; what would be installed anew is shown as going and coming, as uv does."""
    if change is None:
        return ()
    if not is_dry:
        return change.changes
    return tuple(
        msgspec.structs.replace(one, sign=sign)
        for one in change.changes
        for sign in ("-+" if one.sign == "~" else one.sign)
    )


def _json(changes: tuple[Changed, ...], *, is_dry: bool) -> str:
    actions = {"+": "installed", "-": "uninstalled", "~": "reinstalled"}
    listed = [{"name": one.name, "version": str(one.version), "action": actions[one.sign]} for one in changes]
    whole = {"schema": {"version": "preview"}, "changes": listed, "dry_run": is_dry}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
