"""requirements.txt as pip reads it: requirements with hashes, other files, and index options, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.index_text import parse_index_text
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.artifact import Digest
from keyrack.values.layer import IndexEntry
from keyrack.values.requirement import Requirement

_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_HASH = re.compile(r"\s+--hash(?:=|\s+)(\S+)")
_OPTION = re.compile(r"(--?[A-Za-z][A-Za-z-]*)(?:\s*=\s*|\s+|(?<=^-[A-Za-z]))(.*)\Z|(--?[A-Za-z][A-Za-z-]*)\Z")
_QUOTED = re.compile(r"(['\"])(.*)\1\Z")
DIGEST_LENGTHS = {"md5": 32, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128}
"""Hexadecimal characters of each kind of hash that may stand in a requirements file."""
UNSUPPORTED = {
    "--pre": True,
    "--prefer-binary": False,
    "--trusted-host": True,
    "--use-feature": False,
}
"""pip's options that are passed over with a warning; True where the command line has a flag of that name."""


class Included(msgspec.Struct, frozen=True):
    """Another file that this one names, and where."""

    target: str
    place: str


class RequirementsFile(msgspec.Struct, frozen=True):
    """What one file says, in its order. Paths of `includes` and `editables` are as written."""

    requirements: tuple[Requirement, ...] = ()
    paths: tuple[Included, ...] = ()
    """Bare paths and URLs, which name no package."""
    editables: tuple[Included, ...] = ()
    includes: tuple[Included, ...] = ()
    constraints: tuple[Included, ...] = ()
    index_url: IndexEntry | None = None
    extra_index_url: tuple[IndexEntry, ...] = ()
    find_links: tuple[IndexEntry, ...] = ()
    no_index: bool = False
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    require_hashes: bool = False
    warnings: tuple[str, ...] = ()


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


def parse_requirements(text: str, place: str, folder: str, variables: Mapping[str, str]) -> RequirementsFile:
    """Read a requirements file. `folder` is where its relative paths start; `${NAME}` stands for a variable.

    `InvalidText` says file, line and what was expected; it never repeats credentials of a URL.
    """
    reader = _Reader(place, folder)
    for line in _logical_lines(text):
        reader.read(line, variables)
    return reader.file()


def _logical_lines(text: str) -> Iterator[_Line]:
    """Join lines that end in a backslash, take comments off, leave out what is empty (pip's order of these steps)."""
    parts, first = list[str](), 0
    for number, raw in enumerate(text.splitlines(), 1):
        first = first or number
        if raw.endswith("\\") and not _COMMENT.fullmatch(raw):
            parts.append(raw[:-1])
            continue
        yield from _line("".join((*parts, raw)), first)
        parts, first = [], 0
    yield from _line("".join(parts), first)


def _line(text: str, number: int) -> Iterator[_Line]:
    bare = _COMMENT.sub("", text).strip()
    if bare:
        yield _Line(bare, number)


class _Reader:
    """Gathers a file line by line."""

    def __init__(self, place: str, folder: str) -> None:
        self._place = place
        self._folder = folder
        self._lists: dict[str, list[object]] = {}
        self._single: dict[str, object] = {}

    def read(self, line: _Line, variables: Mapping[str, str]) -> None:
        if line.text.startswith("-"):
            self._option(line, variables)
        else:
            self._requirement(line, variables)

    def file(self) -> RequirementsFile:
        lists = {name: tuple(items) for name, items in self._lists.items()}
        return RequirementsFile(**lists, **self._single)  # type: ignore[arg-type]

    def _add(self, name: str, item: object) -> None:
        self._lists.setdefault(name, []).append(item)

    def _where(self, line: _Line) -> str:
        return f"{self._place}:{line.number}"

    def _option(self, line: _Line, variables: Mapping[str, str]) -> None:
        match = _OPTION.match(line.text)
        name = (match[1] or match[3]) if match else line.text
        value = _unquoted(match[2] or "") if match else ""
        if name in UNSUPPORTED:
            hint = f" (hint: pass `{name}` on the command line instead)" if UNSUPPORTED[name] else ""
            self._add("warnings", f"Ignoring unsupported option in `{self._place}`: `{name}`{hint}")
        elif name in _SWITCHES:
            self._single[_SWITCHES[name]] = True
        elif name in _VALUES:
            if not value:
                raise InvalidText(f"`{name}` must be followed by a value: {self._where(line)}")
            self._valued(_VALUES[name], _expanded(value, variables), line)
        else:
            raise InvalidText(
                f"Unexpected '-', expected '-c', '-e', '-r' or the start of a requirement: {self._where(line)}:1"
            )

    def _valued(self, key: str, value: str, line: _Line) -> None:
        if key in ("includes", "constraints", "editables"):
            self._add(key, Included(value, self._where(line)))
        elif key == "index_url":
            self._single[key] = parse_index_text(value, self._folder, self._where(line))
        elif key in ("extra_index_url", "find_links"):
            self._add(key, parse_index_text(value, self._folder, self._where(line), flat=key == "find_links"))
        else:
            self._add(key, value)

    def _requirement(self, line: _Line, variables: Mapping[str, str]) -> None:
        digests = tuple(_digest(text, self._where(line)) for text in _HASH.findall(line.text))
        text = _HASH.sub("", line.text).strip()
        text = re.sub(r"\s+--(?:config-settings?|global-option|install-option)(?:=|\s+)\S+", "", text)
        if _is_bare_place(text):
            self._add("paths", Included(_expanded(text, variables), self._where(line)))
            return
        if "@" in text:
            text = _expanded(text, variables)
        try:
            found = parse_requirement(text, f"-r {self._place}", self._folder)
        except InvalidText as error:
            raise InvalidText(f"Couldn't parse requirement in `{self._place}`, line {line.number}") from error
        self._add("requirements", msgspec.structs.replace(found, digests=digests))


_SWITCHES = {"--no-index": "no_index", "--require-hashes": "require_hashes"}
_VALUES = {
    "-r": "includes",
    "--requirement": "includes",
    "-c": "constraints",
    "--constraint": "constraints",
    "-e": "editables",
    "--editable": "editables",
    "-i": "index_url",
    "--index-url": "index_url",
    "--extra-index-url": "extra_index_url",
    "-f": "find_links",
    "--find-links": "find_links",
    "--no-binary": "no_binary",
    "--only-binary": "only_binary",
}


def _is_bare_place(text: str) -> bool:
    """Whether a line names a file, folder or URL instead of a package: `./x`, `x.whl`, `https://…`, `git+https://…`."""
    head = text.partition(";")[0].partition("[")[0].strip()
    if " @" in head or (head.partition("@")[1] and "/" not in head.partition("@")[0]):
        return False
    return "/" in head or "\\" in head or head.endswith((".whl", ".tar.gz", ".zip")) or head in (".", "..")


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


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    """Put variables in: only upper-case names in braces, and unset ones stay as they stand (pip's rule)."""
    return _VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], text)


def _unquoted(text: str) -> str:
    match = _QUOTED.match(text)
    return match[2] if match else text
