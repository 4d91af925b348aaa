"""The help of one command: usage, operands, and its flags in groups."""

from __future__ import annotations

from keyrack.cli.grammar import Flag, Grammar, Group
from keyrack.cli.layout import rows
from keyrack.cli.output import Output
from keyrack.values.styled import Piece, Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than all of this
    from collections.abc import Iterator


def describe(output: Output, grammar: Grammar) -> int:
    """Print the help of one command to stdout."""
    for line in help_lines(grammar):
        output.result(*line)
    return 0


def help_lines(grammar: Grammar) -> Iterator[tuple[Piece, ...]]:
    """Give the help of a command, line by line."""
    yield (grammar.about,)
    yield ("",)
    words = " ".join(("keyrack", *grammar.words.split()))
    tail = f" {grammar.tail}" if grammar.tail else ""
    yield Styled("Usage:", Style.HEADING), " ", Styled(words, Style.HINT), f" [OPTIONS]{tail}"
    operand = grammar.operand
    if operand and operand.help:
        yield ("",)
        yield (Styled("Arguments:", Style.HEADING),)
        yield from _lines([(operand.shown, operand.help)])
    for group in _merged(grammar.groups):
        entries = [(_names(flag), _text(flag)) for flag in group.flags if not flag.hidden]
        if entries:
            yield ("",)
            yield (Styled(f"{group.heading}:", Style.HEADING),)
            yield from _lines(entries)


def _merged(groups: tuple[Group, ...]) -> Iterator[Group]:
    """Join groups of one heading; the first decides where they stand."""
    for heading in dict.fromkeys(group.heading for group in groups):
        yield Group(heading, tuple(flag for group in groups if group.heading == heading for flag in group.flags))


def _lines(entries: list[tuple[str, str]]) -> Iterator[tuple[Piece, ...]]:
    for name, text in rows(entries):
        yield ("  ", Styled(name, Style.HINT), text) if name else (text,)


def _names(flag: Flag) -> str:
    return (f"{flag.short}, " if flag.short else "    ") + flag.shown


def _text(flag: Flag) -> str:
    parts = [flag.help]
    if flag.variable:
        parts.append(f"[env: {flag.variable}=]")
    if flag.default:
        parts.append(f"[default: {flag.default}]")
    if flag.choices:
        parts.append(f"[possible values: {', '.join(flag.choices)}]")
    return " ".join(parts)
