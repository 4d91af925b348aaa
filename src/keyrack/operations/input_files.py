"""Read requirements files with all that they include, from disk, standard input or the web, each file once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import msgspec

from keyrack.adapters.folders import read_whole
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.requirements_txt import Included, RequirementsFile, decode_requirements, parse_requirements
from keyrack.formats.unnamed_requirement import NotYet, parse_unnamed
from keyrack.values.layer import IndexEntry, Layer
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.url import ParsedUrl, canonical, parse_url

LARGEST = 64 * 1024 * 1024
"""Bytes of a requirements file."""
STDIN = "-"


class InputReader(msgspec.Struct, frozen=True):
    """How texts come in that lie in no file: standard input whole, and a file on the web at a URL that a user wrote."""

    stdin: Callable[[], bytes]
    fetch: Callable[[ParsedUrl], bytes]


class Gathered(msgspec.Struct, frozen=True):
    """What all files together say."""

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    overrides: tuple[Requirement, ...]
    excludes: tuple[PackageName, ...]
    layer: Layer
    require_hashes: bool
    warnings: tuple[str, ...]


class RequirementFiles:
    """Gathers what files say. Paths on the command line start at `folder`; inside a file, at the file's own folder."""

    def __init__(self, folder: str, variables: Mapping[str, str], reader: InputReader) -> None:
        """Start with nothing."""
        self._folder = folder
        self._variables = variables
        self._reader = reader
        self._bodies: dict[str, bytes] = {}
        self._seen: set[tuple[str, bool]] = set()
        self._requirements: list[Requirement] = []
        self._constraints: list[Requirement] = []
        self._overrides: list[Requirement] = []
        self._excludes: list[PackageName] = []
        self._files: list[RequirementsFile] = []
        self._warnings: list[str] = []

    def read_requirements(self, target: str) -> None:
        """Read a file of `-r`."""
        before = len(self._files), len(self._requirements), len(self._constraints)
        self._read(target, self._requirements, is_constraint=False)
        options = [self._files[before[0]], *self._files[before[0] + 1 :]]
        if before[1:] == (len(self._requirements), len(self._constraints)) and not any(map(_says_something, options)):
            what = "No dependencies found in stdin"
            if target != STDIN:
                what = f"Requirements file `{target}` does not contain any dependencies"
            self._warnings.append(what)

    def read_constraints(self, target: str) -> None:
        """Read a file of `-c`."""
        self._read(target, self._constraints, is_constraint=True)

    def read_overrides(self, target: str) -> None:
        """Read a file of `--overrides`."""
        self._read(target, self._overrides, is_constraint=False)

    def read_excludes(self, target: str) -> None:
        """Read a file of `--excludes`: only the names count."""
        found: list[Requirement] = []
        self._read(target, found, is_constraint=False)
        self._excludes.extend(requirement.name for requirement in found)

    def gathered(self) -> Gathered:
        """Give what was read. `InvalidText` where two files name different `--index-url`s."""
        return Gathered(
            tuple(self._requirements),
            tuple(self._constraints),
            tuple(self._overrides),
            tuple(self._excludes),
            _layer(self._files),
            any(file.require_hashes for file in self._files),
            tuple(self._warnings),
        )

    def _read(self, target: str, into: list[Requirement], *, is_constraint: bool) -> None:
        place = os.path.normpath(os.path.join(self._folder, target)) if _is_path(target) else target
        body = self._body(place, f"File not found: {target}")
        self._seen.add((place, is_constraint))
        self._take(place, target, body, into, is_constraint=is_constraint)

    def _take(self, place: str, shown: str, body: bytes, into: list[Requirement], *, is_constraint: bool) -> None:
        own = os.path.dirname(place) if _is_path(place) else self._folder
        text = decode_requirements(body, shown)
        file = parse_requirements(text, shown, own, self._variables)
        self._warnings.extend(file.warnings)
        self._files.append(file)
        into.extend(file.requirements)
        into.extend(parse_unnamed(each.target, f"-r {shown}", self._folder) for each in file.paths)
        if file.editables:
            first = file.editables[0]
            raise NotYet(
                f"Cannot install `{first.target}` as editable: this version of keyrack does not build packages",
                causes=(f"It stands in {first.place}",),
            )
        for include in file.includes:
            self._include(include, place, into, is_constraint=is_constraint)
        for include in file.constraints:
            self._include(include, place, self._constraints, is_constraint=True)

    def _include(self, include: Included, outer: str, into: list[Requirement], *, is_constraint: bool) -> None:
        place = _within(outer, self._folder, include.target)
        if (place, is_constraint) in self._seen:
            return
        self._seen.add((place, is_constraint))
        try:
            body = self._body(place, f"failed to read from file `{place}`: No such file or directory (os error 2)")
            self._take(place, include.target, body, into, is_constraint=is_constraint)
        except KeyrackError as error:
            raise InvalidText(f"Error parsing included file in `{include.place}`") from error

    def _body(self, place: str, absent: str) -> bytes:
        if place not in self._bodies:
            if place == STDIN:
                self._bodies[place] = self._reader.stdin()
            elif _is_path(place):
                body = read_whole(place, LARGEST)
                if body is None:
                    raise InvalidText(absent)
                self._bodies[place] = body
            else:
                self._bodies[place] = self._reader.fetch(parse_url(place))
        return self._bodies[place]


def _is_path(target: str) -> bool:
    return target != STDIN and not target.startswith(("http://", "https://"))


def _within(outer: str, folder: str, target: str) -> str:
    """Say where an included file lies: URLs stand for themselves, all else is relative to the file that names it."""
    if not _is_path(target):
        return target
    if not _is_path(outer) and outer != STDIN:
        return urljoin(outer, target)
    own = folder if outer == STDIN else os.path.dirname(outer)
    return os.path.normpath(os.path.join(own, target))


def _says_something(file: RequirementsFile) -> bool:
    said = (file.index_url, file.extra_index_url, file.find_links, file.no_index, file.no_binary, file.only_binary)
    return any(said) or file.require_hashes


def _layer(files: list[RequirementsFile]) -> Layer:
    urls = [file.index_url for file in files if file.index_url is not None]
    if others := [entry for entry in urls if canonical(entry.parsed.url) != canonical(urls[0].parsed.url)]:
        raise InvalidText(f"Multiple index URLs specified: `{urls[0].parsed.url}` vs. `{others[0].parsed.url}`")

    def joined(name: str) -> tuple[IndexEntry, ...]:
        return tuple(entry for file in files for entry in getattr(file, name))

    return Layer(
        place="the requirements files",
        index_url=urls[0] if urls else None,
        extra_index_url=joined("extra_index_url"),
        find_links=joined("find_links"),
        no_index=True if any(file.no_index for file in files) else None,
        no_binary=tuple(word for file in files for word in file.no_binary),
        only_binary=tuple(word for file in files for word in file.only_binary),
    )
