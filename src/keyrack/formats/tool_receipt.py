"""`uv-receipt.toml` in the folder of an installed tool, as uv writes and reads it."""

from __future__ import annotations

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.toml_array import inline_table, quoted
from keyrack.formats.toml_text import parse_toml
from keyrack.values import requirement as values
from keyrack.values.names import PackageName, package_name
from keyrack.values.source_url import source_text
from keyrack.values.tool_receipt import ToolEntryPoint, ToolReceipt

NAME = "uv-receipt.toml"


class _Requirement(msgspec.Struct, frozen=True):
    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    url: str = ""
    git: str = ""
    directory: str = ""
    editable: str = ""
    path: str = ""
    rev: str = ""


class _EntryPoint(msgspec.Struct, rename="kebab", frozen=True):
    name: str
    install_path: str
    from_: str = msgspec.field(default="", name="from")


class _Tool(msgspec.Struct, frozen=True):
    requirements: tuple[_Requirement | str, ...] = ()
    entrypoints: tuple[_EntryPoint, ...] = ()
    python: str = ""


class _Document(msgspec.Struct, frozen=True):
    tool: _Tool


def parse_receipt(text: str, place: str) -> ToolReceipt:
    """Read a receipt; `InvalidText` names the file."""
    try:
        tool = msgspec.convert(parse_toml(text, place), type=_Document).tool
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(str(error),)) from error
    requirements = tuple(one if isinstance(one, str) else _text(one) for one in tool.requirements)
    if not requirements:
        raise InvalidText(f"Failed to parse: {place}", causes=("It names no requirement",))
    first = package_name(_read(requirements[0], place).name)
    points = tuple(
        ToolEntryPoint(one.name, one.install_path, package_name(one.from_) if one.from_ else first)
        for one in tool.entrypoints
    )
    return ToolReceipt(requirements, points, tool.python)


def receipt_text(receipt: ToolReceipt) -> str:
    """Write a receipt."""
    requirements = [_table(text) for text in receipt.requirements]
    lines = "".join(f"    {one},\n" for one in requirements)
    listed = f"[{requirements[0]}]" if len(requirements) == 1 else f"[\n{lines}]"
    points = [
        f"    {inline_table({'name': one.name, 'install-path': one.path, 'from': one.package})},\n"
        for one in receipt.entry_points
    ]
    python = f"python = {quoted(receipt.python)}\n" if receipt.python else ""
    return f"[tool]\nrequirements = {listed}\n{python}entrypoints = [\n{''.join(points)}]\n"


def requirement_line(one: values.Requirement) -> str:
    """Write a requirement in one line, without secrets (PEP 508)."""
    extras = f"[{','.join(sorted(one.extras))}]" if one.extras else ""
    place = source_text(one.source)
    marker = f" ; {one.marker}" if one.marker else ""
    return f"{one.name}{extras}{f' @ {place}' if place else one.specifier}{marker}"


def name_in(text: str) -> PackageName:
    """Give the name in a requirement. Raises `InvalidText`."""
    return package_name(_read(text, NAME).name)


def _text(one: _Requirement) -> str:
    extras = f"[{','.join(one.extras)}]" if one.extras else ""
    local = one.directory or one.editable or one.path
    place = one.url or (f"git+{one.git}{f'@{one.rev}' if one.rev else ''}" if one.git else "")
    if local:
        place = f"file://{local}"
    marker = f" ; {one.marker}" if one.marker else ""
    return f"{one.name}{extras}{f' @ {place}' if place else one.specifier}{marker}"


def _table(text: str) -> str:
    found = _read(text, NAME)
    table: dict[str, object] = {"name": package_name(found.name)}
    if found.extras:
        table["extras"] = sorted(found.extras)
    if found.marker:
        table["marker"] = str(found.marker)
    if found.url:
        table["url"] = found.url
    elif found.specifier != SpecifierSet():
        table["specifier"] = str(found.specifier)
    return inline_table(table)


def _read(text: str, place: str) -> Requirement:
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(str(error),)) from error
