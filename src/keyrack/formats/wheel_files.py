"""WHEEL, RECORD and entry_points.txt, the three files of a dist-info folder that say how to install (PEP 427, 376)."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keyrack.errors import InvalidText
from keyrack.values.late import LateModule, pattern
from keyrack.values.wheel import EntryPoint, RecordRow, WheelFacts

if TYPE_CHECKING:
    import csv
else:
    csv = LateModule("csv")

_REFERENCE = pattern(r"(?P<module>[\w.-]+)\s*:\s*(?P<attribute>[\w.-]+)\s*(?:\[[^\]]*\])?\s*\Z")
_SECTIONS = {"console_scripts": False, "gui_scripts": True}


def parse_wheel(text: str) -> WheelFacts:
    """Read a WHEEL file; of a field that is given twice the first one counts, but for `Tag`."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            fields.setdefault(key.strip().lower(), []).append(value.strip())
    version = fields.get("wheel-version", [""])[0]
    major, dot, minor = version.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise InvalidText(f"Invalid Wheel-Version in WHEEL file: {version!r}")
    return WheelFacts(
        (int(major), int(minor)),
        fields.get("root-is-purelib", [""])[0].lower() == "true",
        fields.get("generator", [""])[0],
        tuple(fields.get("tag", ())),
        fields.get("build", [""])[0],
    )


def write_wheel(facts: WheelFacts) -> str:
    """Write a WHEEL file."""
    lines = [f"Wheel-Version: {facts.version[0]}.{facts.version[1]}"]
    lines += [f"Generator: {facts.generator}"] if facts.generator else []
    lines += [f"Root-Is-Purelib: {'true' if facts.root_is_purelib else 'false'}"]
    lines += [f"Tag: {tag}" for tag in facts.tags]
    lines += [f"Build: {facts.build}"] if facts.build else []
    return "\n".join(lines) + "\n"


def parse_record(text: str) -> tuple[RecordRow, ...]:
    """Read RECORD: rows of path, digest and size; a leading slash goes (some wheels write one).

    Raises `InvalidText` for a row of other than three fields (two are taken as without a size) or with a bad size.
    """
    rows = []
    try:
        for number, fields in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
            if fields:
                rows.append(_row(fields, number))
    except csv.Error as error:
        raise InvalidText(f"RECORD file is invalid: {error}") from error
    return tuple(rows)


def write_record(rows: Iterable[RecordRow]) -> str:
    """Write RECORD, sorted by path."""
    lines = sorted(f"{_quoted(row.path)},{row.digest},{'' if row.size is None else row.size}\n" for row in rows)
    return "".join(lines)


def parse_entry_points(text: str) -> tuple[EntryPoint, ...]:
    """Read the launchers of entry_points.txt: `console_scripts` and `gui_scripts`, other groups are left out."""
    found: list[EntryPoint] = []
    gui: bool | None = None
    is_inside = False
    for number, line in enumerate((line.strip() for line in text.splitlines()), 1):
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and "]" in line:
            gui = _SECTIONS.get(line[1 : line.rindex("]")].strip())
            is_inside = True
        elif not is_inside:
            raise InvalidText(f"`entry_points.txt` is invalid: expected a section header at line {number}")
        elif gui is not None:
            found.append(_entry_point(line, gui))
    return tuple(found)


def write_entry_points(points: Iterable[EntryPoint]) -> str:
    """Write launchers as entry_points.txt."""
    points = sorted(points)
    blocks = []
    for section, gui in _SECTIONS.items():
        lines = [f"{point.name} = {point.module}:{point.attribute}\n" for point in points if point.gui is gui]
        blocks += [f"[{section}]\n" + "".join(lines)] if lines else []
    return "\n".join(blocks)


def _row(fields: list[str], number: int) -> RecordRow:
    path, digest, size = (*fields, "", "")[:3]
    if len(fields) not in (2, 3) or not path:
        raise InvalidText(f"RECORD file is invalid: row {number} has {len(fields)} fields, expected 3")
    if size and not (size.isascii() and size.isdecimal()):
        raise InvalidText(f"RECORD file is invalid: row {number} has the size {size!r}")
    return RecordRow(path.lstrip("/"), digest, int(size) if size else None)


def _quoted(path: str) -> str:
    if "," in path or '"' in path or "\n" in path or "\r" in path:
        return '"' + path.replace('"', '""') + '"'
    return path


def _entry_point(line: str, gui: bool) -> EntryPoint:
    name, equals, reference = (part.strip() for part in line.partition("="))
    match = _REFERENCE.match(reference)
    if not (equals and name and match):
        raise InvalidText(f"invalid console script: {line!r}")
    return EntryPoint(name, match["module"], match["attribute"], gui)
