"""Read a distribution's core metadata: METADATA of a wheel, PKG-INFO of an sdist (PEP 566, 643, 685)."""

from __future__ import annotations

import re

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_listed_requirement
from keyrack.formats.specifier_text import parse_requires_python
from keyrack.values.artifact import parse_version
from keyrack.values.late import pattern
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, extra_name, package_name
from keyrack.values.requirement import Requirement

LARGEST = 1 << 20
"""Bytes that the header may take; what follows its blank line is a description, which nobody here reads."""

# A header is a name, a colon and a value that goes on in lines that start with a space (RFC 5322, 2.2.3). The email
# package would read every line of a description of 200 kB, at fifty times the cost.
_FIELD = pattern(
    r"^(metadata-version|name|version|requires-dist|requires-python|provides-extra|dynamic)[ \t]*:"
    r"[ \t]*(.*(?:\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)


def parse_metadata(text: bytes) -> Metadata:
    """Read the fields that a resolver needs; names and extras come out normalised.

    Raises `InvalidText` that names the project and the line, for a missing name or version, a version that is none, a
    requirement or Python range that cannot be mended. An extra whose name is none is passed over, as uv does.
    """
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {"requires-dist": [], "provides-extra": [], "dynamic": []}
    for field, value in _FIELD.findall(_header(text)):
        key = field.lower()
        if key in several:
            several[key].append(value.strip())
        else:
            single.setdefault(key, value.strip())
    for needed in ("name", "version"):
        if not single.get(needed):
            raise InvalidText("The metadata is not valid", causes=(f"Metadata field {needed.title()} not found",))
    name, version = package_name(single["name"]), parse_version(single["version"])
    label = f"{name}=={version}"
    python = single.get("requires-python")
    try:
        requires_python = parse_requires_python(_unfolded(python)) if python else None
    except InvalidText as error:
        raise _broken(label, f"Requires-Python: {python}", error) from error
    return Metadata(
        name,
        version,
        tuple([_requirement(_unfolded(line), label) for line in several["requires-dist"]]),
        requires_python,
        _extras(several["provides-extra"]),
        single.get("metadata-version", ""),
        frozenset([field.lower() for field in several["dynamic"]]),
    )


def header_of(text: bytes) -> bytes:
    """Give the part before the first blank line: all that `parse_metadata` reads. Lines end in a bare line feed."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    end = text.find(b"\n\n")
    return text if end < 0 else text[: end + 1]


def _header(text: bytes) -> str:
    header = header_of(text)
    if len(header) > LARGEST:
        raise InvalidText("The metadata is not valid", causes=(f"Its header is longer than {LARGEST} bytes",))
    return header.decode("utf-8", "replace").removeprefix("\ufeff")


def _unfolded(value: str) -> str:
    return " ".join(value.split("\n")) if "\n" in value else value


def _requirement(line: str, label: str) -> Requirement:
    try:
        return parse_listed_requirement(line)
    except InvalidText as error:
        raise _broken(label, f"Requires-Dist: {line}", error) from error


def _extras(names: list[str]) -> tuple[ExtraName, ...]:
    found: dict[ExtraName, None] = {}
    for name in names:
        try:
            found[extra_name(name)] = None
        except InvalidText:
            continue
    return tuple(found)


def _broken(label: str, line: str, error: InvalidText) -> InvalidText:
    return InvalidText(f"The metadata of `{label}` is not valid", causes=(f"In `{line}`", *error.causes))
