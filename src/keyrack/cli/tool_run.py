"""`keyrack tool run` and `krx`: run a tool in an environment of its own."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import warn
from keyrack.cli.tool_flags import GROUPS, WITH, inputs_of, named, words_of

GRAMMAR = Grammar(
    "tool run",
    "Run a tool in an environment of its own",
    (
        Group(
            "Options",
            (
                text("--from", "from", "The requirement that provides the command", check="filled"),
                *WITH,
                switch("--isolated", "isolated", "Take no tool that is installed already"),
            ),
        ),
        *GROUPS,
    ),
    operand=Operand("command", "COMMAND", "The command and its words", many=True, takes_rest=True),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Prepare the environment, run the command, and give its exit code."""
    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.cli.progress import Live  # late: start-up
    from keyrack.operations.streams import monotonic  # late: start-up
    from keyrack.operations.tool_run import prepared, run_tool  # late: start-up

    words = context.listed("command")
    if not words:
        return _list(context)
    tool = named(context.text("from") or words[0])
    live = Live(context.terminal, monotonic)
    asked = inputs_of(context, (tool.requirement,))
    with open_run(Surround(words_of(context, upgrade=tool.is_latest), live.log, live), asked) as tools:
        for warning in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(context.terminal, warning)
        python = context.text("python") or context.variables.get("UV_PYTHON") or ""
        found = prepared(tools, python, lambda _count, _seconds: live.clear())
        live.clear()
    command = words[0] if context.text("from") else found.package
    return run_tool(found.python, found.package, (command, *words[1:]), context.variables)


def _list(context: Context) -> int:
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.tool_listing import list_tools  # late: start-up
    from keyrack.operations.tool_places import tool_places  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    listing = list_tools(tool_places(context.variables), pythons_of(words, context.terminal.log))
    context.terminal.result("Provide a command to run with `keyrack tool run <command>`.\n")
    if listing.tools:
        context.terminal.result("The following tools are installed:\n")
        for tool in listing.tools:
            context.terminal.result(f"- {tool.name} v{tool.version}")
        context.terminal.result("")
    context.terminal.result("See `keyrack tool run --help` for more information.")
    return 2
