"""`keyrack tool upgrade`: install tools anew in their newest versions."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import list_changes, warn
from keyrack.cli.tool_flags import GROUPS, words_of
from keyrack.errors import KeyrackError
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.tool_places import InstalledTool, ToolPlaces

GRAMMAR = Grammar(
    "tool upgrade",
    "Install tools anew in their newest versions",
    (Group("Options", (switch("--all", "all", "Upgrade all tools"),)), *GROUPS),
    operand=Operand("names", "NAME", "The tool", many=True),
    one_of=("names", "all"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Upgrade each; one that cannot be does not keep the others from it."""
    from keyrack.cli.messages import complain  # late: start-up
    from keyrack.operations.tool_places import installed_tool, installed_tools, tool_places  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    places = tool_places(context.variables)
    if context.has("all"):
        tools = tuple(installed_tools(places))
    else:
        tools = tuple(installed_tool(places, package_name(name)) for name in context.listed("names"))
    code, changed = 0, False
    for tool in tools:
        try:
            changed |= _upgrade(context, tool, places)
        except KeyrackError as error:
            complain(context.terminal, error)
            code = max(code, error.exit_code)
    if not changed and not code:
        context.terminal.say("Nothing to upgrade")
    return code


def _upgrade(context: Context, tool: InstalledTool, places: ToolPlaces) -> bool:
    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.cli.progress import Live  # late: start-up
    from keyrack.operations.inputs import InputRequest  # late: start-up
    from keyrack.operations.streams import monotonic  # late: start-up
    from keyrack.operations.tool_install import install_tool, tool_named  # late: start-up

    if tool.receipt is None:
        hint = f"Run `keyrack tool install --force {tool.name}` to install it anew"
        raise KeyrackError(f"`{tool.name}` is missing a valid receipt", hints=(hint,))
    live = Live(context.terminal, monotonic)
    asked = InputRequest(folder=context.folder, packages=tool.receipt.requirements, variables=context.variables)
    with open_run(Surround(words_of(context, upgrade=True), live.log, live), asked) as tools:
        for warning in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(context.terminal, warning)
        python = context.text("python") or tool.receipt.python
        made = install_tool(tool_named(tools.inputs, (), python), places, tools)
        live.clear()
    change = made.outcome.change
    if change is None or not change.changes:
        return False
    context.terminal.say("Updated ", Styled(tool.name, Style.CYAN))
    list_changes(context.terminal, change.changes)
    return True
