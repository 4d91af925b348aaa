"""netrc text -> entries: who logs in on which machine (the form of ftp(1), read as uv and Python's netrc read it)."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.secret import Secret

_BLANK = " \t\r\n"


class NetrcEntry(msgspec.Struct, frozen=True):
    """One entry; `machine` is in lower case, None for the `default` one. A half that is not named is empty."""

    machine: str | None
    login: str = ""
    password: Secret = Secret("")


def parse_netrc(text: str) -> tuple[NetrcEntry, ...]:
    """Read all entries in order. `InvalidText` says the line and repeats nothing of it: it may hold a password."""
    reader = _Reader(text)
    entries: list[NetrcEntry] = []
    while (word := reader.word()) is not None:
        if word.startswith("#"):
            reader.skip_line()
        elif word == "macdef":
            reader.skip_macro()
        elif word == "default":
            entries.append(NetrcEntry(None))
        elif word == "machine":
            entries.append(NetrcEntry(reader.value(word).lower().removesuffix(".")))
        elif not entries or word not in ("login", "user", "password", "account"):
            raise InvalidText(
                f"Not a valid netrc file: line {reader.line} holds a word that is not expected there",
                causes=("Expected `machine`, `default`, `login`, `password`, `account` or `macdef`",),
            )
        else:
            entries[-1] = _with(entries[-1], word, reader.value(word))
    return tuple(entries)


def _with(entry: NetrcEntry, word: str, value: str) -> NetrcEntry:
    if word == "password":
        return msgspec.structs.replace(entry, password=Secret(value))
    return entry if word == "account" else msgspec.structs.replace(entry, login=value)


class _Reader:
    """Words between blanks; quotes and backslashes keep a blank in a word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._start = 0

    @property
    def line(self) -> int:
        """The line, from 1, on which the last word began."""
        return self._text.count("\n", 0, self._start) + 1

    def word(self) -> str | None:
        """Give the next word, None at the end."""
        text = self._text
        while self._at < len(text) and text[self._at] in _BLANK:
            self._at += 1
        self._start = self._at
        if self._at >= len(text):  # a quote or an escape that nothing ended reaches beyond it
            return None
        end = _BLANK
        if text[self._at] == '"':
            self._at, end = self._at + 1, '"'
        letters = []
        while self._at < len(text) and text[self._at] not in end:
            if text[self._at] == "\\":
                self._at += 1
            letters.append(text[self._at : self._at + 1])
            self._at += 1
        # A closing quote is part of the word, a blank is not: the end of a comment's line must still be seen.
        self._at += end == '"'
        return "".join(letters)

    def value(self, of: str) -> str:
        """Give the word that must follow."""
        line = self.line
        word = self.word()
        if word is None:
            raise InvalidText(f"Not a valid netrc file: `{of}` in line {line} is followed by nothing")
        return word

    def skip_line(self) -> None:
        """Pass over what is left of the line."""
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def skip_macro(self) -> None:
        """Pass over a macro: it ends with an empty line."""
        lines = self._text[self._at :].splitlines(keepends=True)
        for line in lines:
            self._at += len(line)
            if not line.strip():
                return
