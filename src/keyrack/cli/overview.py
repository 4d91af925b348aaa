"""The overview of commands, and what is said about words that name none."""

from __future__ import annotations

from keyrack.cli.commands import COMMANDS, GROUPS, Command, Found
from keyrack.cli.flags import CACHE, GLOBAL
from keyrack.cli.grammar import Flag, Grammar, Group, Operand
from keyrack.cli.help import help_lines
from keyrack.cli.output import Output
from keyrack.cli.reading import read_words
from keyrack.cli.similar import similar
from keyrack.cli.usage import UsageError, unknown_flag
from keyrack.values.styled import Style, Styled
from keyrack.values.version import SPEAKS, VERSION


def answer(output: Output, found: Found) -> int:
    """Answer words that name no command: with an overview, our version, or what is wrong with them."""
    grammar = group_grammar(found.words)
    if found.words and found.words[-1] not in _names_below(found.words[:-1]):
        if _asks(found, "--help", "-h"):
            return show(output, found.words[:-1])
        raise misnamed(found.words)
    if found.stray:
        raise unknown_flag(grammar, found.stray.partition("=")[0])
    words = read_words(grammar.replaced(operand=None), found.rest)
    if words.get("help"):
        return show(output, found.words)
    if words.get("version"):
        output.result(f"keyrack {VERSION} (speaks uv {SPEAKS})")
        return 0
    return show(output, found.words, is_error=True)


def show(output: Output, words: tuple[str, ...], *, is_error: bool = False) -> int:
    """List the commands, or those of a group; on stderr where nobody asked for it."""
    write = output.complain if is_error else output.result
    grammar = group_grammar(words)
    lines = list(help_lines(grammar))
    for line in lines[:3]:
        write(*line)
    write("")
    write(Styled("Commands:", Style.HEADING))
    entries = _entries(words)
    width = max(len(name) for name, _ in entries)
    for name, text in entries:
        write("  ", Styled(name, Style.HINT), " " * (width + 2 - len(name)), text)
    for line in lines[3:]:
        write(*line)
    write("")
    write(f"Use `{' '.join(('keyrack help', *words))}` for more details.")
    return 2 if is_error else 0


def group_grammar(words: tuple[str, ...]) -> Grammar:
    """Give what a group of commands takes, or all of them."""
    version = Group(GLOBAL.heading, (Flag(("--version", "-V"), "version", help="Show the version of keyrack"),))
    groups = (CACHE, GLOBAL) if words else (CACHE, GLOBAL, version)
    name = words[0] if words else ""
    operand = Operand("command", "COMMAND", required=True)
    return Grammar(" ".join(words), GROUPS.get(name, ""), groups, operand, is_group=True)


def misnamed(words: tuple[str, ...]) -> UsageError:
    """Say that these words name no command, and what may have been meant."""
    known = _names_below(words[:-1])
    aliases = [alias for each in _below(words[:-1]) if len(each.words) == len(words) for alias in each.aliases]
    tip = ""
    if close := similar(words[-1], (*known, *aliases)):
        names = ", ".join(f"'{name}'" for name in close)
        tip = f"some similar subcommands exist: {names}" if len(close) > 1 else f"a similar subcommand exists: {names}"
    usage = " ".join(("Usage: keyrack", *words[:-1], "[OPTIONS] <COMMAND>"))
    return UsageError(f"unrecognized subcommand '{words[-1]}'", usage, tip)


def _asks(found: Found, *names: str) -> bool:
    return not set(names).isdisjoint(found.rest)


def _below(words: tuple[str, ...]) -> list[Command]:
    return [each for each in COMMANDS if each.words[: len(words)] == words]


def _names_below(words: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(each.words[len(words)] for each in _below(words) if len(each.words) > len(words)))


def _entries(words: tuple[str, ...]) -> list[tuple[str, str]]:
    found = dict[str, str]()
    for each in _below(words):
        is_group = len(each.words) > len(words) + 1
        name = each.words[len(words)]
        found.setdefault(name, GROUPS.get(name, "") if is_group else each.help)
    return list(found.items())
