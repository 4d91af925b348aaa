"""`keyrack tool dir`: where tools are installed."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group

GRAMMAR = Grammar(
    "tool dir",
    "Show where tools are installed",
    (Group("Options", (switch("--bin", "bin", "Show where their executables are linked"),)), CACHE, GLOBAL),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print the folder."""
    from keyrack.operations.tool_places import tool_places  # late: start-up

    places = tool_places(context.variables)
    context.terminal.result(places.executables if context.has("bin") else places.tools)
    return 0
