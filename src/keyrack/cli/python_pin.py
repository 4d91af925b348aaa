"""`keyrack python pin`: write down which Python a folder is for, show it, or take it back."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import shown_path
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.python_find import DOWNLOADS
from keyrack.cli.summary import warn
from keyrack.cli.usage import UsageError
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "python pin",
    "Write down which Python a folder is for",
    (
        Group(
            "Options",
            (
                switch("--resolved", "resolved", "Write the path of the Python instead of the request"),
                switch("--no-resolved", "resolved", kind="no"),
                switch("--no-project", "no-project", "Do not compare with the project", "UV_NO_PROJECT"),
                switch("--global", "global", "Pin it for everything of this user"),
                switch("--rm", "rm", "Take the pin back"),
                DOWNLOADS,
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    operand=Operand("request", "REQUEST", "The Python that is pinned; without one, the pin is shown"),
    exclusive=(*EXCLUSIVE, ("rm", "resolved")),
)


def run(context: Context) -> int:
    """Pin, show or take back."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.python_pin import PinRequest, pin, pinned, unpin  # late: start-up

    pythons = pythons_of(Words(context.words, context.variables, context.folder), context.terminal.log)
    is_global, asked = context.has("global"), context.text("request")
    if context.has("rm"):
        if asked is not None:
            raise UsageError(
                "the argument '[REQUEST]' cannot be used with '--rm'", "Usage: keyrack python pin <REQUEST>"
            )
        gone = shown_path(unpin(pythons, is_global=is_global), context.folder)
        what = "global Python pin" if is_global else "Python version file"
        context.terminal.result(f"Removed {what} at `", Styled(gone, Style.CYAN), "`")
        return 0
    if asked is None:
        for line in pinned(pythons, is_global=is_global):
            context.terminal.result(line)
        return 0
    with_project = not context.told("no-project", "UV_NO_PROJECT")
    done = pin(pythons, PinRequest(asked, context.has("resolved"), is_global, with_project))
    for text in done.warnings:
        warn(context.terminal, text)
    file = shown_path(done.file, context.folder)
    if done.before and done.before != done.text:
        context.terminal.result(f"Updated `{file}` from `{done.before}` -> `{done.text}`")
    else:
        context.terminal.result(f"Pinned `{file}` to `{done.text}`")
    return 0
