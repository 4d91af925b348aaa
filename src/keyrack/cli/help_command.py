"""`keyrack help [COMMAND...]`: what `--help` says, with the words of the command behind it."""

from __future__ import annotations

from keyrack.cli.commands import COMMANDS, find_command
from keyrack.cli.context import Context, command_module
from keyrack.cli.flags import GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.errors import KeyrackError

GRAMMAR = Grammar(
    "help",
    "Show the help of a command",
    (Group("Options", (switch("--no-pager", "no-pager", "Show all at once (as always)"),)), GLOBAL),
    operand=Operand("command", "COMMAND", many=True),
)


def run(context: Context) -> int:
    """Print the help of a command or of a group."""
    from keyrack.cli.help import describe  # late: start-up
    from keyrack.cli.overview import show  # late: start-up

    words = context.listed("command")
    found = find_command(words)
    if found.command is not None and not found.rest:
        return describe(context.terminal, command_module(found.command).GRAMMAR)
    known = {each.words[: len(words)] for each in COMMANDS}
    if not words or words in known:
        return show(context.terminal, words)
    raise _unknown(words)


def _unknown(words: tuple[str, ...]) -> KeyrackError:
    depth = next(
        at for at in range(len(words)) if not any(each.words[: at + 1] == words[: at + 1] for each in COMMANDS)
    )
    above = words[:depth]
    names = dict.fromkeys(
        each.words[depth] for each in COMMANDS if each.words[:depth] == above and len(each.words) > depth
    )
    where = " ".join(("keyrack", *above))
    listed = "".join(f"\n    {name}" for name in names if name != "help")
    return KeyrackError(f"There is no command `{words[depth]}` for `{where}`. Did you mean one of:{listed}")
