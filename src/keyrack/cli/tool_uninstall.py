"""`keyrack tool uninstall`: remove tools."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import counted
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "tool uninstall",
    "Remove tools",
    (Group("Options", (switch("--all", "all", "Remove all tools"),)), CACHE, GLOBAL),
    operand=Operand("names", "NAME", "The tool", many=True),
    one_of=("names", "all"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Remove, and say which executables are gone."""
    from keyrack.operations.tool_places import (
        installed_tool,
        installed_tools,
        remove_tool,
        tool_places,
    )  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    places = tool_places(context.variables)
    if context.has("all"):
        tools = tuple(installed_tools(places))
    else:
        # All are looked for before one is removed.
        tools = tuple(installed_tool(places, package_name(name)) for name in context.listed("names"))
    if not tools:
        context.terminal.say("Nothing to uninstall")
        return 0
    gone = sorted(name for tool in tools for name in remove_tool(tool))
    executables = counted(len(gone), "executable")
    context.terminal.say(f"Uninstalled {executables}: ", Styled(", ".join(gone), Style.BOLD))
    return 0
