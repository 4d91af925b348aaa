"""Read one requirement as text (PEP 508), with uv's words where it is none."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.requirement_url import from_reference, local_text
from keyrack.formats.specifier_text import parse_specifier, repairs
from keyrack.formats.text_fault import Fault, failed_to_parse
from keyrack.values.late import pattern
from keyrack.values.names import ExtraName, PackageName, extra_name, package_name
from keyrack.values.requirement import Requirement

# The shape of nearly every line of real metadata: name, extras, specifier (perhaps in brackets), marker.
_COMMON = pattern(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
    r"\s*(?:\[(?P<extras>[A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*)\])?"
    r"\s*(?:\((?P<bracketed>[^()@;'\"]*)\)|(?P<open>[=<>~!][^()@;'\"]*))?"
    r"\s*(?:;(?P<marker>.+))?\Z",
    re.DOTALL,
)
_NAME = pattern(r"[A-Za-z0-9._-]+")
_OPENERS = ("@", "(", "<", "=", ">", "~", "!", ";")
_END = "end of dependency specification"
_LONGEST = 5000


def parse_requirement(text: str, place: str = "", root: str = "") -> Requirement:
    """Read a requirement; `place` says where it was written, relative paths behind `@` start at the folder `root`.

    Raises `InvalidText` with the fault, the text and a line of carets below it. Credentials of a URL come out beside
    it and never stand in a message.
    """
    try:
        found = _parsed(text, root)
    except Fault as fault:
        raise failed_to_parse(text, fault) from fault
    return msgspec.structs.replace(found, place=place) if place else found


def parse_listed_requirement(text: str) -> Requirement:
    """Read a requirement of published metadata, mended where uv mends what older tools let pass."""
    try:
        return _parsed(text, "")
    except Fault as fault:
        for repaired in repairs(text):
            try:
                return _parsed(repaired, "")
            except Fault:
                continue
        raise failed_to_parse(text, fault) from fault


# One text is one value: the same few thousand lines stand in the metadata of all versions of a package.
@lru_cache(maxsize=32768)
def _parsed(text: str, root: str) -> Requirement:
    if len(text.partition(";")[0]) > _LONGEST:  # the time of reading grows with the square of it
        raise Fault(f"A requirement may have {_LONGEST} characters before its marker", _LONGEST)
    common = _COMMON.match(text)
    if common is None:
        return _Scanner(text, root).requirement()
    name, extras, bracketed, plain, marker_text = common.groups()
    try:
        specifier = parse_specifier((bracketed or plain or "").strip())
        marker = parse_marker(marker_text.strip()) if marker_text else None
        named = frozenset([extra_name(part.strip()) for part in extras.split(",")]) if extras else frozenset()
    except (Fault, InvalidText):
        # The scanner says where in the whole text it breaks.
        return _Scanner(text, root).requirement()
    return Requirement(package_name(name), named, specifier, marker)


class _Scanner:
    """Reads a requirement from left to right and knows where it stands; for URLs and for faults."""

    def __init__(self, text: str, root: str) -> None:
        self._text = text
        self._root = root
        self._at = 0

    def requirement(self) -> Requirement:
        if not self._text.strip():
            raise Fault("Empty field is not allowed for PEP508", 0)
        name = self._name()
        extras = self._extras()
        found = self._peek()
        if found == "@":
            return self._from_reference(name, extras)
        if found and found not in _OPENERS:
            openers = ", ".join(f"`{opener}`" for opener in _OPENERS)
            raise Fault(f"Expected one of {openers}, found `{found}`", self._at)
        specifier = self._bracketed() if found == "(" else self._clauses(self._text.find(";", self._at))
        return Requirement(name, extras, specifier, self._marker())

    def _peek(self) -> str:
        """Give the next character that is no space, or nothing at the end."""
        rest = self._text[self._at :]
        self._at += len(rest) - len(rest.lstrip())
        return self._text[self._at : self._at + 1]

    def _word(self, expected: str, what: str) -> str:
        found, start = self._peek(), self._at
        if not (found.isascii() and found.isalnum()):
            raise Fault(f"{expected}, found {f'`{found}`' if found else _END}", start)
        match = _NAME.match(self._text, start)
        word = match[0] if match else found
        self._at += len(word)
        if not word[-1].isalnum():
            raise Fault(f"{what} must end with an alphanumeric character, not `{word[-1]}`", self._at - 1)
        return word

    def _name(self) -> PackageName:
        return package_name(self._word("Expected package name starting with an alphanumeric character", "Package name"))

    def _extras(self) -> frozenset[ExtraName]:
        found: set[ExtraName] = set()
        if self._peek() != "[":
            return frozenset()
        opened = self._at
        self._at += 1
        while self._peek() != "]":
            if not self._peek():
                raise Fault(f"Missing closing bracket (expected ']', found {_END})", opened)
            found.add(
                extra_name(self._word("Expected an alphanumeric character starting the extra name", "Extra name"))
            )
            following = self._peek()
            if following == ",":
                self._at += 1
            elif following not in ("]", ""):
                raise Fault(
                    f"Expected either `,` (separating extras) or `]` (ending the extras section), found `{following}`",
                    self._at,
                )
        self._at += 1
        return frozenset(found)

    def _clauses(self, end: int) -> SpecifierSet:
        start, self._at = self._at, end if end >= 0 else len(self._text)
        try:
            return parse_specifier(self._text[start : self._at].rstrip())
        except Fault as fault:
            raise fault.shifted(start) from fault

    def _bracketed(self) -> SpecifierSet:
        closing = self._text.find(")", self._at)
        if closing < 0:
            raise Fault(f"Missing closing parenthesis (expected ')', found {_END})", self._at)
        self._at += 1
        specifier = self._clauses(closing)
        self._at += 1
        return specifier

    def _marker(self) -> Marker | None:
        found = self._peek()
        if not found:
            return None
        if found != ";":
            raise Fault(f"Expected end of input or `;`, found `{found}`", self._at, len(self._text) - self._at)
        self._at += 1
        self._peek()
        try:
            return parse_marker(self._text[self._at :])
        except Fault as fault:
            raise fault.shifted(self._at) from fault

    def _from_reference(self, name: PackageName, extras: frozenset[ExtraName]) -> Requirement:
        self._at += 1
        if not self._peek():
            raise Fault("Expected URL", self._at)
        start = self._at
        # A URL ends at a space; a path may hold spaces and ends at ` ;`.
        found = re.compile(r"\s+;|\s*\Z").search(self._text, start)
        self._at = found.start() if found else len(self._text)
        reference = self._text[start : self._at]
        try:
            source, digests = from_reference(reference, self._root)
        except Fault as fault:
            raise fault.shifted(start) from fault
        given = local_text(reference)
        return Requirement(name, extras, marker=self._marker(), source=source, digests=digests, given=given)
