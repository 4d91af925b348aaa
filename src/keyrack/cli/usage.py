"""What is wrong with a command line, said as uv's parser says it."""

from __future__ import annotations

from keyrack.cli.grammar import Flag, Grammar
from keyrack.cli.similar import similar
from keyrack.errors import KeyrackError

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than all of this
    from collections.abc import Iterable, Sequence


class UsageError(KeyrackError):
    """The words are not what the command takes. `usage` is the line to show, or ""; `tip` may be one, too."""

    def __init__(self, message: str, usage: str = "", tip: str = "") -> None:
        """Keep the three parts apart."""
        super().__init__(message)
        self.usage = usage
        self.tip = tip


def usage_line(grammar: Grammar, given: Iterable[Flag] = ()) -> str:
    """Write the usage line: with `[OPTIONS]`, or with the flags that matter."""
    flags = [flag.shown for flag in dict.fromkeys(given) if not flag.hidden] or ["[OPTIONS]"]
    parts = ["Usage: keyrack", *grammar.words.split(), *flags]
    return " ".join([*parts, grammar.tail] if grammar.tail else parts)


def unknown_flag(grammar: Grammar, name: str) -> UsageError:
    """Say that a flag is none of the command's."""
    message = f"unexpected argument '{name}' found"
    names = {long[2:]: flag for flag in grammar.flags for long in flag.names if long.startswith("--")}
    if name.startswith("--") and (close := similar(name[2:], names)):
        flag = names[close[-1]]
        return UsageError(message, usage_line(grammar, [flag]), f"a similar argument exists: '--{close[-1]}'")
    tip = f"to pass '{name}' as a value, use '-- {name}'" if grammar.operand and not grammar.is_group else ""
    return UsageError(message, usage_line(grammar), tip)


def unknown_word(grammar: Grammar, word: str) -> UsageError:
    """Say that there is a word too many."""
    return UsageError(f"unexpected argument '{word}' found", usage_line(grammar))


def needless_value(grammar: Grammar, flag: Flag, value: str) -> UsageError:
    """Say that a switch takes no value."""
    message = f"unexpected value '{value}' for '{flag.shown}' found; no more were expected"
    return UsageError(message, usage_line(grammar, [flag]))


def missing_value(flag: Flag) -> UsageError:
    """Say that a flag's value is missing."""
    return UsageError(f"a value is required for '{flag.shown}' but none was supplied" + _possible(flag.choices))


def no_choice(flag: Flag, value: str) -> UsageError:
    """Say that a value is none of those that the flag takes."""
    message = f"invalid value '{value}' for '{flag.shown}'" + _possible(flag.choices)
    close = similar(value, flag.choices)
    return UsageError(message, tip=f"a similar value exists: '{close[-1]}'" if close else "")


def bad_value(shown: str, value: str, why: str) -> UsageError:
    """Say what is wrong with a value."""
    return UsageError(f"invalid value '{value}' for '{shown}': {why}")


def repeated(grammar: Grammar, flag: Flag) -> UsageError:
    """Say that a flag may be given once."""
    return UsageError(f"the argument '{flag.shown}' cannot be used multiple times", usage_line(grammar))


def contradiction(grammar: Grammar, first: Flag, second: Flag, given: Sequence[Flag]) -> UsageError:
    """Say that two flags cannot be given together."""
    message = f"the argument '{first.shown}' cannot be used with '{second.shown}'"
    return UsageError(message, usage_line(grammar, [flag for flag in given if flag is not second]))


def nothing_given(grammar: Grammar, missing: str, given: Iterable[Flag] = ()) -> UsageError:
    """Say what must be given."""
    message = f"the following required arguments were not provided:\n  {missing}"
    line = usage_line(grammar, given)
    return UsageError(message, line.replace(" [OPTIONS]", "", 1))


def _possible(choices: Sequence[str]) -> str:
    return f"\n  [possible values: {', '.join(choices)}]" if choices else ""
