"""Read the words of one command by its grammar; values come out under the names of configuration keys."""

from __future__ import annotations

from keyrack.cli import usage
from keyrack.cli.checks import why_not
from keyrack.cli.grammar import Flag, Grammar

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than all of this
    from collections.abc import Mapping, Sequence


def read_words(
    grammar: Grammar, arguments: Sequence[str], variables: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Read a command's words into what was given; `UsageError` for what the command does not take.

    A variable that says the same as a flag is held against the same choices. Switches are bools, counted ones ints,
    values texts, repeated ones lists of texts. `help` ends the reading.
    """
    words = _Reading(grammar, arguments).read()
    if not words.get("help"):
        _check_variables(grammar, words, variables or {})
    return words


class _Reading:
    """One reading: a cursor over the words."""

    def __init__(self, grammar: Grammar, arguments: Sequence[str]) -> None:
        self._grammar = grammar
        self._words = list(arguments)
        self._at = 0
        self._flags = {name: flag for flag in grammar.flags for name in flag.names}
        self._given: list[Flag] = []
        self._found: dict[str, object] = {}
        self._operands: list[str] = []

    def read(self) -> dict[str, object]:
        while self._at < len(self._words):
            word = self._next()
            if word == "--":
                for each in self._words[self._at :]:
                    self._take_operand(each)
                break
            if not _is_flag(word):
                self._take_operand(word)
                if self._grammar.operand and self._grammar.operand.takes_rest:
                    for each in self._words[self._at :]:
                        self._take_operand(each)
                    break
            elif word.startswith("--"):
                self._take_long(word)
            else:
                self._take_cluster(word)
            if self._found.get("help"):
                return self._found
        self._check_whole()
        return self._found

    @property
    def _may_hold_secrets(self) -> bool:
        return any(flag.private for flag in self._grammar.flags)

    def _next(self) -> str:
        word = self._words[self._at]
        self._at += 1
        return word

    def _take_operand(self, word: str) -> None:
        operand = self._grammar.operand
        if operand is None or (self._operands and not operand.many):
            raise usage.unknown_word(self._grammar, "****" if self._may_hold_secrets else word)
        if why := why_not(operand.check, word):
            raise usage.bad_value(operand.shown, word, why)
        self._operands.append(word)
        self._found[operand.key] = self._operands if operand.many else word

    def _take_long(self, word: str) -> None:
        name, equals, value = word.partition("=")
        flag = self._flags.get(name)
        if flag is None:
            raise usage.unknown_flag(self._grammar, name)
        if not flag.takes_value:
            if equals:
                raise usage.needless_value(self._grammar, flag, value)
            self._switch(flag)
        else:
            self._put(flag, value if equals else self._value(flag))

    def _take_cluster(self, word: str) -> None:
        for at, letter in enumerate(word[1:], 1):
            flag = self._flags.get(f"-{letter}")
            if flag is None:
                raise usage.unknown_flag(self._grammar, f"-{letter}")
            if flag.takes_value:
                rest = word[at + 1 :]
                self._put(flag, rest.removeprefix("=") if rest else self._value(flag))
                return
            self._switch(flag)

    def _value(self, flag: Flag) -> str:
        if self._at == len(self._words):
            raise usage.missing_value(flag)
        word = self._words[self._at]
        if _is_flag(word):
            name = word.partition("=")[0] if word.startswith("--") else word[:2]
            is_forgotten = name in self._flags or flag.private
            raise usage.missing_value(flag) if is_forgotten else usage.unknown_flag(self._grammar, name)
        return self._next()

    def _switch(self, flag: Flag) -> None:
        if flag.kind == "count":
            before = self._found.get(flag.key, 0)
            self._found[flag.key] = (before if isinstance(before, int) else 0) + 1
        else:
            self._refuse_repeated(flag)
            self._found[flag.key] = flag.kind == "switch"
        self._given.append(flag)

    def _put(self, flag: Flag, value: str) -> None:
        if flag.kind != "list":
            self._refuse_repeated(flag)
        values = [each for each in value.split(flag.separator) if each] if flag.separator else []
        values = values or [value]
        for each in values:
            _check(flag, each)
        if flag.kind == "list":
            before = self._found.get(flag.key)
            self._found[flag.key] = [*before, *values] if isinstance(before, list) else values
        else:
            self._found[flag.key] = value
        self._given.append(flag)

    def _refuse_repeated(self, flag: Flag) -> None:
        if flag in self._given:
            raise usage.repeated(self._grammar, flag)

    def _check_whole(self) -> None:
        last = {flag.key: flag for flag in self._given}
        self._given = [flag for flag in self._given if last[flag.key] is flag]
        keys = {key: flag for key, flag in last.items() if flag.kind != "no"}
        for one, other in self._grammar.exclusive:
            if one in keys and other in keys:
                first, second = sorted((keys[one], keys[other]), key=self._given.index)
                raise usage.contradiction(self._grammar, first, second, self._given)
        operand = self._grammar.operand
        if operand and operand.required and not self._operands:
            raise usage.nothing_given(self._grammar, operand.shown, self._given)
        if self._grammar.one_of and not any(key in self._found for key in self._grammar.one_of):
            raise usage.nothing_given(self._grammar, self._grammar.tail, self._given)


def _check_variables(grammar: Grammar, words: Mapping[str, object], variables: Mapping[str, str]) -> None:
    for flag in grammar.flags:
        value = variables.get(flag.variable, "") if flag.choices and flag.key not in words else ""
        if value and value not in flag.choices:
            raise usage.no_choice(flag, value)


def _check(flag: Flag, value: str) -> None:
    if flag.choices and value not in flag.choices:
        raise usage.no_choice(flag, value) if value else usage.missing_value(flag)
    if flag.check == "filled" and not value:
        raise usage.missing_value(flag)
    if why := why_not(flag.check, value):
        raise usage.bad_value(flag.shown, value, why)


def _is_flag(word: str) -> bool:
    return len(word) > 1 and word.startswith("-")
