"""`keyrack tool list`: the installed tools and their executables."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, PYTHON, switch
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.summary import warn
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.tool_listing import ListedTool

GRAMMAR = Grammar(
    "tool list",
    "List the installed tools",
    (
        Group(
            "Options",
            (
                switch("--show-paths", "show-paths", "Show where environments and executables are"),
                switch("--show-version-specifiers", "show-version-specifiers", "Show what was asked for"),
                switch("--show-with", "show-with", "Show what was installed beside each tool"),
                switch("--show-extras", "show-extras", "Show the extras that were asked for"),
                switch("--show-python", "show-python", "Show the Python of each tool"),
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print each tool with its executables."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.tool_listing import list_tools  # late: start-up
    from keyrack.operations.tool_places import tool_places  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    listing = list_tools(tool_places(context.variables), pythons_of(words, context.terminal.log))
    for text in listing.warnings:
        warn(context.terminal, text)
    if not listing.tools:
        context.terminal.say("No tools installed")
    for tool in listing.tools:
        context.terminal.result(Styled(f"{tool.name} v{tool.version}{_details(context, tool)}", Style.BOLD))
        for point in tool.entry_points:
            where = f" ({point.path})" if context.has("show-paths") else ""
            context.terminal.result(f"- {point.name}{where}")
    return 0


def _details(context: Context, tool: ListedTool) -> str:
    parts = [
        f"required: {tool.specifier}" if context.has("show-version-specifiers") and tool.specifier else "",
        f"extras: {', '.join(tool.extras)}" if context.has("show-extras") and tool.extras else "",
        f"with: {', '.join(tool.beside)}" if context.has("show-with") and tool.beside else "",
        f"{tool.implementation} {tool.python}" if context.has("show-python") else "",
    ]
    shown = "".join(f" [{part}]" for part in parts if part)
    return f"{shown} ({tool.folder})" if context.has("show-paths") else shown
