"""A TOML document as its author laid it out: tables with their headers, entries with their comments, byte for byte."""

from __future__ import annotations

import re
import tomllib

import msgspec

from keyrack.formats.toml_array import TOKEN
from keyrack.values.late import pattern

_KEY = pattern(r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^=\"'])+")
_BARE = pattern(r"[A-Za-z0-9_-]+")
Path = tuple[str, ...]


class Entry(msgspec.Struct, frozen=True):
    """One `key = value`: what stands before it (empty lines, comments), its parts as written, the rest of its line."""

    path: Path
    before: str
    key: str
    value: str
    after: str

    def __str__(self) -> str:
        """Write it."""
        return f"{self.before}{self.key}={self.value}{self.after}"

    def with_value(self, text: str) -> Entry:
        """Give the entry with another value; the space around the value stays."""
        gap = self.value[: len(self.value) - len(self.value.lstrip())]
        return msgspec.structs.replace(self, value=gap + text)


class Section(msgspec.Struct, frozen=True):
    """One table: its header with what stands before it, and its entries. The first of a document has no header."""

    path: Path = ()
    before: str = ""
    header: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def is_one_of_many(self) -> bool:
        """Say whether the header has two brackets."""
        return self.header.lstrip().startswith("[[")

    def __str__(self) -> str:
        """Write it."""
        return f"{self.before}{self.header}{''.join(map(str, self.entries))}"


class Layout(msgspec.Struct, frozen=True):
    """A document: its tables in order, and what stands behind the last entry."""

    sections: tuple[Section, ...]
    rest: str = ""

    def __str__(self) -> str:
        """Write it."""
        return "".join(map(str, self.sections)) + self.rest


def read_layout(text: str) -> Layout:
    """Take a document apart, which is known to be TOML."""
    sections = [Section()]
    at = 0
    while True:
        start = _behind_gap(text, at)
        before = text[at:start]
        if start == len(text):
            return Layout(tuple(sections), before)
        end = _end_of_statement(text, start)
        statement = text[start:end]
        if statement.lstrip().startswith("["):
            sections.append(Section(_header_path(statement), before, statement))
        else:
            entry = _entry(before, statement)
            last = sections[-1]
            sections[-1] = msgspec.structs.replace(last, entries=(*last.entries, entry))
        at = end


def header_of(path: Path, *, one_of_many: bool = False) -> str:
    """Write a header with its line break."""
    name = ".".join(map(key_of, path))
    return f"[[{name}]]\n" if one_of_many else f"[{name}]\n"


def key_of(name: str) -> str:
    """Write a key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def new_entry(name: str, value: str) -> Entry:
    """Make an entry with a line of its own."""
    return Entry((name,), "", f"{key_of(name)} ", f" {value}", "\n")


def _behind_gap(text: str, at: int) -> int:
    """Find the next line that is neither empty nor a comment."""
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        line = text[at:end].strip()
        if line and not line.startswith("#"):
            return at
        at = end
    return at


def _end_of_statement(text: str, start: int) -> int:
    """Find the end of a header's or an entry's last line."""
    depth = 0
    for match in TOKEN.finditer(text, start):
        token = match[0]
        if token.isspace() and "\n" in token and depth <= 0:
            return match.start() + token.index("\n") + 1
        depth += (token in ("[", "{")) - (token in ("]", "}"))
    return len(text)


def _entry(before: str, statement: str) -> Entry:
    found = re.match(_KEY.pattern, statement)
    key = found[0] if found else ""
    value, after = _value_and_rest(statement[len(key) + 1 :])
    return Entry(_key_path(key), before, key, value, after)


def _value_and_rest(text: str) -> tuple[str, str]:
    """Part a value from the comment and the line break behind it."""
    depth, end = 0, 0
    for match in TOKEN.finditer(text):
        token = match[0]
        if not depth and token.startswith("#"):
            break
        depth += (token in ("[", "{")) - (token in ("]", "}"))
        if not token.isspace():
            end = match.end()
    return text[:end], text[end:]


def _key_path(key: str) -> Path:
    return _path_in(tomllib.loads(f"{key} = 0"))


def _header_path(statement: str) -> Path:
    header = statement.strip()
    brackets = 2 if header.startswith("[[") else 1
    name = header[brackets : _end_of_name(header, brackets)]
    return _key_path(name)


def _end_of_name(header: str, brackets: int) -> int:
    """Find the bracket that closes a header; one within quotes does not."""
    return next(match.start() for match in TOKEN.finditer(header, brackets) if match[0] == "]")


def _path_in(found: object) -> Path:
    path: Path = ()
    while isinstance(found, dict):
        key = next(iter(found))
        path, found = (*path, key), found[key]
    return path
