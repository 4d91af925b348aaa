"""Read requirements files with all that they include, from disk, standard input or the web, each file once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import msgspec

from keyrack.adapters.folders import read_whole
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.requirements_txt import (
    Folders,
    Mention,
    MentionKind,
    RequirementsFile,
    decode_requirements,
    parse_requirements,
)
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.values.late import LateModule
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.requirement import FromTree, Requirement, Unnamed, Written, WrittenKind
from keyrack.values.url import ParsedUrl, canonical, local_path, parse_url

if TYPE_CHECKING:
    from keyrack.formats import editable_text
    from keyrack.operations import tree_names
else:
    editable_text = LateModule("keyrack.formats.editable_text")
    tree_names = LateModule("keyrack.operations.tree_names")

LARGEST = 64 * 1024 * 1024
"""Bytes of a requirements file."""
MOST = 1000
"""Files that one file may include, and DEEPEST how far: a server may name ever new ones."""
DEEPEST = 30
STDIN = "-"


class InputReader(msgspec.Struct, frozen=True):
    """How texts come in that lie in no file: standard input whole, and a file on the web at a URL that a user wrote."""

    stdin: Callable[[], bytes]
    fetch: Callable[[ParsedUrl], bytes]


class Texts:
    """Reads each text of a run once: paths start at `folder`, URLs are fetched, `-` is standard input."""

    def __init__(self, folder: str, reader: InputReader) -> None:
        """Start with nothing read."""
        self.folder = folder
        self._reader = reader
        self._bodies: dict[str, bytes] = {}

    @property
    def places(self) -> tuple[str, ...]:
        """What was read."""
        return tuple(self._bodies)

    def place(self, target: str) -> str:
        """Say what a target of the command line means: an absolute path, a URL, or `-`."""
        return os.path.normpath(os.path.join(self.folder, target)) if is_path(target) else target

    def read(self, place: str, absent: str) -> bytes:
        """Give the bytes that lie at a place; `InvalidText` says `absent` where there is no such file."""
        if place not in self._bodies:
            if place == STDIN:
                self._bodies[place] = self._reader.stdin()
            elif is_path(place):
                body = read_whole(place, LARGEST)
                if body is None:
                    raise InvalidText(absent)
                self._bodies[place] = body
            else:
                self._bodies[place] = self._reader.fetch(parse_url(place))
        return self._bodies[place]


class FileContents(msgspec.Struct, frozen=True):
    """What one file and all that it includes say.

    `bare` are requirements that were written without a name; for the `unnamed` among them, only a build tells it.
    """

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    bare: tuple[Mention, ...]
    unnamed: tuple[Unnamed, ...]
    options: tuple[RequirementsFile, ...]
    warnings: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said."""
        return not (self.requirements or self.unnamed or self.constraints or any(map(_says_something, self.options)))


def read_requirements_file(texts: Texts, target: str, variables: Mapping[str, str]) -> FileContents:
    """Read a file that the command line names. `InvalidText` tells the way to what cannot be read."""
    reading = _Reading(texts, variables)
    place = texts.place(target)
    body = texts.read(place, f"File not found: {target}")
    reading.begin(target)
    reading.take(place, target, body, is_constraint=False)
    return reading.contents()


class _Reading:
    """One walk through a file and its includes. A file that was read in the same sense before is passed over."""

    def __init__(self, texts: Texts, variables: Mapping[str, str]) -> None:
        self._texts = texts
        self._variables = variables
        self._seen: set[tuple[str, bool]] = set()
        self._found: dict[bool, list[Requirement]] = {False: [], True: []}
        self._bare: list[Mention] = []
        self._unnamed: list[Unnamed] = []
        self._files: list[RequirementsFile] = []
        self._warnings: list[str] = []
        self._depth = 0
        self._path = ""

    def contents(self) -> FileContents:
        return FileContents(
            tuple(self._found[False]),
            tuple(self._found[True]),
            tuple(self._bare),
            tuple(self._unnamed),
            tuple(self._files),
            tuple(self._warnings),
        )

    def begin(self, path: str) -> None:
        """Begin a file whose requirements name this path as the place where they were written."""
        self._path = path

    def take(self, place: str, shown: str, body: bytes, *, is_constraint: bool) -> None:
        """Take in a file, in its order; of constraints only the requirements count, whatever else they say."""
        self._seen.add((place, is_constraint))
        run = self._texts.folder
        folders = Folders(run=run, own=os.path.dirname(place) if is_path(place) else run)
        file = parse_requirements(decode_requirements(body, shown), shown, folders, self._variables)
        self._warnings += file.warnings
        if not is_constraint:
            self._files.append(file)
        for entry in file.entries:
            if isinstance(entry, Requirement):
                self._found[is_constraint].append(self._written(entry))
            elif entry.kind is MentionKind.REQUIREMENTS:
                self._include(entry, place, is_constraint=is_constraint)
            elif entry.kind is MentionKind.CONSTRAINTS:
                self._include(entry, place, is_constraint=True)
            else:
                self._place(entry, shown, is_constraint=is_constraint)

    def _place(self, mention: Mention, shown: str, *, is_constraint: bool) -> None:
        target = mention.target
        if os.path.isfile(os.path.join(self._texts.folder, target)) and target.endswith((".txt", ".in")):
            raise InvalidText(
                f"Requirement `{target}` in `{shown}` looks like a requirements file but was passed as a package name."
                f" Did you mean `-r {target}`?"
            )
        folder = self._texts.folder
        if mention.kind is MentionKind.EDITABLE:
            found = editable_text.parse_editable(target, _line(mention.place), folder)
        elif is_unnamed(target):
            found = parse_unnamed(target, f"-r {shown}", folder)
        else:
            found = parse_requirement(target, f"-r {shown}", folder)
        if is_unnamed(target) or isinstance(found, Unnamed):
            if is_constraint:
                raise InvalidText(f"Unnamed requirements are not allowed as constraints in `{shown}`")
            self._bare.append(mention)
        found = msgspec.structs.replace(found, place=f"-r {shown}")
        if isinstance(found.source, FromTree):
            found = tree_names.named(found, target)
        found = msgspec.structs.replace(found, digests=(*found.digests, *mention.digests))
        if isinstance(found, Unnamed):
            self._unnamed.append(msgspec.structs.replace(found, written=Written(WrittenKind.FILE, self._path)))
        else:
            self._found[is_constraint].append(self._written(found))

    def _written(self, requirement: Requirement) -> Requirement:
        if self._path == STDIN:
            return requirement
        return msgspec.structs.replace(requirement, written=Written(WrittenKind.FILE, self._path))

    def _include(self, include: Mention, outer: str, *, is_constraint: bool) -> None:
        place = _within(outer, self._texts.folder, include.target)
        if (place, is_constraint) in self._seen:
            return
        if len(self._seen) > MOST or self._depth > DEEPEST:
            raise InvalidText(f"Too many included files (more than {MOST}, or {DEEPEST} within each other)")
        self._depth += 1
        outer_path, self._path = self._path, _path_within(self._path, self._texts.folder, include.target)
        try:
            absent = f"failed to read from file `{place}`: No such file or directory (os error 2)"
            self.take(place, include.target, self._texts.read(place, absent), is_constraint=is_constraint)
        except KeyrackError as error:
            file, _, line = include.place.rpartition(":")
            raise InvalidText(f"Error parsing included file in `{file}` at line {line}") from error
        self._depth -= 1
        self._path = outer_path


def _line(place: str) -> str:
    """Write where something stands as messages do."""
    file, _, line = place.rpartition(":")
    return f"`{file}` at line {line}:"


def is_path(target: str) -> bool:
    """Say whether a target lies on this disk."""
    return target != STDIN and not target.startswith(("http://", "https://"))


def _within(outer: str, folder: str, target: str) -> str:
    """Say where an included file lies: URLs stand for themselves, all else is relative to the file that names it."""
    if not is_path(target):
        return target
    if target.startswith("file:"):
        return local_path(parse_url(target).url)
    if not is_path(outer) and outer != STDIN:
        return urljoin(outer, target)
    own = folder if outer == STDIN else os.path.dirname(outer)
    return os.path.normpath(os.path.join(own, target))


def _path_within(outer: str, folder: str, target: str) -> str:
    """Give the path that output files name for an included file: it starts like that of the file that names it."""
    if not is_path(target) or target.startswith("file:") or not is_path(outer):
        return _within(outer, folder, target)
    return os.path.join(os.path.dirname(outer) or folder, target)


def _says_something(file: RequirementsFile) -> bool:
    said = (file.index_url, file.extra_index_url, file.find_links, file.no_index, file.no_binary, file.only_binary)
    return any(said) or file.require_hashes


def options_layer(files: Iterable[RequirementsFile]) -> Layer:
    """Join the options of all files. `InvalidText` where two of them name different `--index-url`s."""
    files = tuple(files)
    urls = [file.index_url for file in files if file.index_url is not None]
    if others := [entry for entry in urls if canonical(entry.parsed.url) != canonical(urls[0].parsed.url)]:
        raise InvalidText(f"Multiple index URLs specified: `{urls[0].parsed.url}` vs. `{others[0].parsed.url}`")

    def joined(name: str) -> tuple[IndexEntry, ...]:
        return tuple(entry for file in files for entry in getattr(file, name))

    return Layer(
        place="the requirements files",
        kind=LayerKind.INPUT,
        index_url=urls[0] if urls else None,
        extra_index_url=joined("extra_index_url"),
        find_links=joined("find_links"),
        no_index=True if any(file.no_index for file in files) else None,
        no_binary=tuple(word for file in files for word in file.no_binary),
        only_binary=tuple(word for file in files for word in file.only_binary),
    )
