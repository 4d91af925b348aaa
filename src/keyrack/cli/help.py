"""The overview of commands, help of one command, and what is said about words that name none."""

from __future__ import annotations

from difflib import get_close_matches

from keyrack.cli.commands import COMMANDS, GROUPS, Command, Found
from keyrack.cli.context import parser_for
from keyrack.cli.output import Output
from keyrack.values.styled import Style, Styled

MORE = "For more information, try '--help'."


def overview(output: Output, found: Found) -> int:
    """List the commands, or those of a group. Without any words it is an error, on stderr, as in uv."""
    write = output.result if found.words or found.rest else output.complain
    inside = found.words
    write("keyrack installs Python packages, each from its own index with that index's own key")
    write("")
    write(Styled("Usage: ", Style.BOLD), " ".join(("keyrack", *inside)), " [OPTIONS] <COMMAND>")
    write("")
    write(Styled("Commands:", Style.BOLD))
    shown = [command for command in COMMANDS if command.words[: len(inside)] == inside]
    for name, text in _rows(shown, len(inside)):
        write("  ", Styled(f"{name:<12}", Style.BOLD), text)
    write("")
    write(f"Use `keyrack {' '.join((*inside, '<COMMAND>'))} --help` for the flags of a command")
    return 0 if found.words or found.rest else 2


def _rows(commands: list[Command], depth: int) -> list[tuple[str, str]]:
    rows = dict[str, str]()
    for command in commands:
        is_group = len(command.words) > depth + 1
        name = command.words[depth]
        rows.setdefault(name, GROUPS.get(name, "") if is_group else command.help)
    return list(rows.items())


def describe(output: Output, command: Command) -> int:
    """Print the help of one command to stdout."""
    output.raw_result(parser_for(command).format_help())
    return 0


def misnamed(output: Output, found: Found) -> int:
    """Say that these words name no command, and what may have been meant."""
    known = [command.words for command in COMMANDS]
    depth = len(found.words) - 1
    if any(words[: depth + 1] == found.words for words in known):
        return overview(output, Found(None, found.words, ()))
    siblings = list(dict.fromkeys(words[depth] for words in known if words[:depth] == found.words[:depth]))
    output.complain(Styled("error", Style.ERROR), f": unrecognized subcommand '{found.words[-1]}'")
    if close := get_close_matches(found.words[-1], siblings):
        names = ", ".join(f"'{name}'" for name in close)
        several = "some similar subcommands exist" if len(close) > 1 else "a similar subcommand exists"
        output.complain("")
        output.complain(f"  tip: {several}: {names}")
    output.complain("")
    output.complain(f"Usage: {' '.join(('keyrack', *found.words[:-1]))} [OPTIONS] <COMMAND>")
    output.complain("")
    output.complain(MORE)
    return 2
