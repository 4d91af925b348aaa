"""`keyrack tool install`: install a tool into an environment of its own."""

from __future__ import annotations

import os

from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, several, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import counted, warn
from keyrack.cli.tool_flags import GROUPS, WITH, inputs_of, named, words_of
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.tool_install import ToolOutcome
    from keyrack.operations.tool_places import ToolPlaces

GRAMMAR = Grammar(
    "tool install",
    "Install a tool into an environment of its own",
    (
        Group(
            "Options",
            (
                text("--from", "from", "The requirement that provides the tool", check="filled"),
                *WITH,
                several(
                    "--with-executables-from",
                    "with-executables-from",
                    "Install this beside the tool, and its executables, too; repeatable",
                ),
                switch("--editable -e", "is-editable", "Install the tool's source tree so that changes take effect"),
                switch("--force", "force", "Replace executables of others"),
            ),
        ),
        *GROUPS,
    ),
    operand=Operand("package", "PACKAGE", "The tool", required=True),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Install, and say what is there now."""
    import msgspec  # late: start-up

    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.cli.installing import report  # late: start-up
    from keyrack.cli.progress import Live  # late: start-up
    from keyrack.cli.summary import done  # late: start-up
    from keyrack.operations.streams import monotonic  # late: start-up
    from keyrack.operations.tool_install import (  # late: start-up
        NoExecutables,
        complete_inputs,
        install_tool,
        known_tool,
        tool_named,
    )
    from keyrack.operations.tool_places import tool_places  # late: start-up

    terminal, places = context.terminal, tool_places(context.variables)
    tool = named(context.text("from") or context.text("package") or "")
    words = words_of(context, upgrade=tool.is_latest)
    beside = context.listed("with-executables-from")
    live = Live(terminal, monotonic)

    def resolved(count: int, seconds: float) -> None:
        live.clear()
        terminal.say(*done("Resolved", count, seconds))

    is_editable = context.has("is-editable")
    packages, editables = ((), (tool.requirement,)) if is_editable else ((tool.requirement,), ())
    asked = inputs_of(context, (*packages, *beside), editables)
    python = context.text("python") or context.variables.get("UV_PYTHON") or ""
    with open_run(Surround(words, live.log, live), asked) as opened:
        tools = complete_inputs(opened, python)
        for warning in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(terminal, warning)
        request = tool_named(tools.inputs, beside, python)
        before = known_tool(places, request.name)
        is_same = (
            before is not None and before.receipt is not None and before.receipt.requirements == request.requirements
        )
        settings = tools.settings
        if is_same and not (context.has("force") or settings.resolving.upgrade or settings.installing.reinstall):
            terminal.say("`", Styled(request.name, Style.CYAN), "` is already installed")
            return 0
        request = msgspec.structs.replace(request, force=context.has("force"), on_resolved=resolved)
        try:
            made = install_tool(request, places, tools)
        except NoExecutables:
            live.clear()
            terminal.say(f"No executables are provided by package `{request.name}`; removing tool")
            raise
        live.clear()
        if made.outcome.change is not None and made.outcome.change.changes:
            report(context, made.outcome)
    _tell(context, made, places)
    return 0


def _tell(context: Context, made: ToolOutcome, places: ToolPlaces) -> None:
    names = ", ".join(made.executables)
    context.terminal.say(f"Installed {counted(len(made.executables), 'executable')}: ", Styled(names, Style.BOLD))
    folders = context.variables.get("PATH", "").split(os.pathsep)
    if places.executables not in map(os.path.abspath, filter(None, folders)):
        warn(
            context.terminal,
            f"`{places.executables}` is not on your PATH. To use installed tools, run"
            f' `export PATH="{places.executables}:$PATH"`.',
        )
