"""requirements.txt as uv reads it: requirements with hashes, other files, and index options, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.index_text import parse_index_text
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.unnamed_requirement import is_unnamed
from keyrack.values.artifact import Digest
from keyrack.values.late import pattern
from keyrack.values.layer import IndexEntry
from keyrack.values.names import package_name
from keyrack.values.requirement import Requirement

_NEWLINE = pattern(r"\r\n|\r|\n")
_COMMENT = pattern(r"(?:^|[ \t])#.*\Z", re.DOTALL)
_VARIABLE = pattern(r"\$\{([A-Z0-9_]+)\}")
_TRAILING = pattern(r"\s--[a-z]")
_HASH = pattern(r"--hash(?:=|\s+)(\S+)\s*")
_OPTION = pattern(r"(--[A-Za-z][A-Za-z-]*|-[A-Za-z])(?:\s*=\s*|\s+|(?<=^-[A-Za-z])|\Z)(.*)\Z", re.DOTALL)
_QUOTED = pattern(r"(['\"])(.*)\1\Z")
_FILE = pattern(r"\S+\.(?:txt|in)\Z")
DIGEST_LENGTHS = {"md5": 32, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128}
"""Hexadecimal characters of each kind of hash that may stand in a requirements file."""
UNSUPPORTED = {"--pre": True, "--prefer-binary": False, "--trusted-host": True, "--use-feature": False}
"""pip's options that are passed over with a warning; True where the command line has a flag of that name."""


class MentionKind(Enum):
    """What a file says that it does not itself answer: something without a name, a tree, or another file."""

    PLACE = "place"
    EDITABLE = "editable"
    REQUIREMENTS = "requirements"
    CONSTRAINTS = "constraints"


class Mention(msgspec.Struct, frozen=True):
    """A path or URL as written, with its variables put in; `place` is the file and line that name it."""

    kind: MentionKind
    target: str
    place: str
    digests: tuple[Digest, ...] = ()


class RequirementsFile(msgspec.Struct, frozen=True):
    """What one file says: `entries` in its order, and its options."""

    entries: tuple[Requirement | Mention, ...] = ()
    index_url: IndexEntry | None = None
    extra_index_url: tuple[IndexEntry, ...] = ()
    find_links: tuple[IndexEntry, ...] = ()
    no_index: bool = False
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    require_hashes: bool = False
    warnings: tuple[str, ...] = ()


class Folders(msgspec.Struct, frozen=True):
    """Where relative paths start: those of requirements and indexes at `run`, those of `--find-links` at `own`."""

    run: str
    own: str


class _Line(msgspec.Struct, frozen=True):
    text: str
    number: int


def decode_requirements(body: bytes, place: str) -> str:
    """Decode a file: UTF-8 with or without its mark, UTF-16 by its mark; `InvalidText` otherwise."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidText(f"Couldn't read `{place}`", causes=("it is neither UTF-8 nor UTF-16 text",)) from error


def parse_requirements(text: str, place: str, folders: Folders, variables: Mapping[str, str]) -> RequirementsFile:
    """Read a requirements file; `${NAME}` stands for a variable. Relative paths of included files stay as they are.

    `InvalidText` says file, line and what was expected; it never repeats credentials of a URL.
    """
    reader = _Reader(place, folders, variables)
    for line in _logical_lines(text):
        reader.read(line)
    return reader.file()


def _logical_lines(text: str) -> Iterator[_Line]:
    """Take comments off, join lines that end in a backslash, leave out what is empty. A comment ends with its line."""
    parts, first = list[str](), 0
    for number, raw in enumerate(_NEWLINE.split(text), 1):
        bare = _COMMENT.sub("", raw)
        first = first or number
        if bare == raw and raw.endswith("\\"):
            parts.append(raw[:-1])
            continue
        if whole := "".join((*parts, bare)).strip():
            yield _Line(whole, first)
        parts, first = [], 0
    if whole := "".join(parts).strip():
        yield _Line(whole, first)


class _Reader:
    """Gathers a file line by line."""

    def __init__(self, place: str, folders: Folders, variables: Mapping[str, str]) -> None:
        self._place = place
        self._folders = folders
        self._variables = variables
        self._lists: dict[str, list[object]] = {}
        self._single: dict[str, object] = {}

    def read(self, line: _Line) -> None:
        if line.text.startswith("-"):
            self._option(line)
        elif line.text[0].isalnum() or line.text[0] in "./$":
            self._requirement(line)
        else:
            raise self._unexpected(line)

    def file(self) -> RequirementsFile:
        lists = {name: tuple(items) for name, items in self._lists.items()}
        return RequirementsFile(**lists, **self._single)  # type: ignore[arg-type]

    def _add(self, name: str, item: object) -> None:
        self._lists.setdefault(name, []).append(item)

    def _where(self, line: _Line) -> str:
        return f"{self._place}:{line.number}"

    def _unexpected(self, line: _Line) -> InvalidText:
        found = line.text[0]
        return InvalidText(
            f"Unexpected '{found}', expected '-c', '-e', '-r' or the start of a requirement: {self._where(line)}:1"
        )

    def _option(self, line: _Line) -> None:
        match = _OPTION.match(line.text)
        name, value = (match[1], _unquoted(match[2].strip())) if match else ("", "")
        if name in UNSUPPORTED:
            hint = f" (hint: pass `{name}` on the command line instead)" if UNSUPPORTED[name] else ""
            source = "from stdin" if self._place == "-" else f"in `{self._place}`"
            self._add("warnings", f"Ignoring unsupported option {source}: `{name}`{hint}")
        elif name in _SWITCHES:
            self._single[_SWITCHES[name]] = True
        elif name not in _VALUES:
            raise self._unexpected(line)
        elif not value:
            raise InvalidText(f"`{_LONG.get(name, name)}` must be followed by an argument: {self._where(line)}")
        else:
            self._valued(_VALUES[name], self._expanded(value), line)

    def _valued(self, key: str | MentionKind, value: str, line: _Line) -> None:
        where = self._where(line)
        if isinstance(key, MentionKind):
            self._add("entries", Mention(key, value, where))
        elif key == "index_url":
            if key in self._single:
                raise InvalidText(f"Multiple `--index-url` values provided: {where}")
            self._single[key] = parse_index_text(value, self._folders.run, where)
        elif key == "extra_index_url":
            self._add(key, parse_index_text(value, self._folders.run, where))
        elif key == "find_links":
            self._add(key, parse_index_text(value, self._folders.own, where, flat=True))
        else:
            for word in value.split(","):
                self._add(key, self._package_word(word.strip(), key, line))

    def _package_word(self, word: str, key: str, line: _Line) -> str:
        try:
            return word if word in (":all:", ":none:") else package_name(word)
        except InvalidText as error:
            flag = f"--{key.replace('_', '-')}"
            raise InvalidText(f"Invalid specifier for `{flag}` in `{self._where(line)}`: {word}") from error

    def _requirement(self, line: _Line) -> None:
        text, digests = self._without_hashes(line)
        if is_unnamed(text) or _FILE.match(text):
            mention = Mention(MentionKind.PLACE, self._expanded(text), self._where(line), digests)
            self._add("entries", mention)
            return
        if "@" in text:
            text = self._expanded(text)
        try:
            found = parse_requirement(text, f"-r {self._place}", self._folders.run)
        except InvalidText as error:
            raise InvalidText(
                f"Couldn't parse requirement in `{self._place}` at line {line.number}", causes=error.causes
            ) from error.__cause__
        self._add("entries", msgspec.structs.replace(found, digests=(*found.digests, *digests)))

    def _without_hashes(self, line: _Line) -> tuple[str, tuple[Digest, ...]]:
        trailing = _TRAILING.search(line.text)
        if trailing is None:
            return line.text, ()
        rest, digests = line.text[trailing.start() :].strip(), list[Digest]()
        while rest:
            match = _HASH.match(rest)
            if match is None:
                raise InvalidText(f"Expected `--hash`, found `{rest.split()[0]}`: {self._where(line)}")
            digests.append(_digest(match[1], self._where(line)))
            rest = rest[match.end() :]
        return line.text[: trailing.start()].strip(), tuple(digests)

    def _expanded(self, text: str) -> str:
        """Put variables in: only upper-case names in braces, and unset ones stay as they stand (pip's rule)."""
        return _VARIABLE.sub(lambda found: self._variables.get(found[1]) or found[0], text)


_SWITCHES = {"--no-index": "no_index", "--require-hashes": "require_hashes"}
_LONG = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
}
_LONG_VALUES: dict[str, str | MentionKind] = {
    "--requirement": MentionKind.REQUIREMENTS,
    "--constraint": MentionKind.CONSTRAINTS,
    "--editable": MentionKind.EDITABLE,
    "--index-url": "index_url",
    "--extra-index-url": "extra_index_url",
    "--find-links": "find_links",
    "--no-binary": "no_binary",
    "--only-binary": "only_binary",
}
_VALUES = _LONG_VALUES | {short: _LONG_VALUES[long] for short, long in _LONG.items()}


def _digest(text: str, place: str) -> Digest:
    algorithm, colon, value = text.partition(":")
    expected = DIGEST_LENGTHS.get(algorithm)
    if not colon or expected is None:
        known = ", ".join(f"`{name}`" for name in DIGEST_LENGTHS)
        raise InvalidText(f"Unsupported hash algorithm: {place}", causes=(f"expected one of: {known}",))
    if len(value) != expected or not re.fullmatch(r"[0-9a-fA-F]+", value):
        raise InvalidText(
            f"Invalid hash digest length (expected {expected} hexadecimal characters, found {len(value)}): {place}"
        )
    return Digest(algorithm, value.lower())


def _unquoted(text: str) -> str:
    match = _QUOTED.match(text)
    return match[2] if match else text
