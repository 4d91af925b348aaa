"""The `# /// script` block of a Python file: what the script requires (PEP 723)."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.settings_table import parse_table
from keyrack.formats.toml_text import parse_toml
from keyrack.values.late import pattern
from keyrack.values.layer import Layer
from keyrack.values.requirement import Requirement

# The expression of PEP 723, with any name in place of `script`.
_BLOCK = pattern(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
_INDEX_KEYS = ("index-url", "extra-index-url", "find-links", "no-index", "no-binary", "no-binary-package", "no-build")
_INPUT_KEYS = ("constraint-dependencies", "override-dependencies", "exclude-dependencies")


class _Tool(msgspec.Struct, frozen=True):
    uv: dict[str, Any] = {}


class _Metadata(msgspec.Struct, rename="kebab"):
    dependencies: tuple[str, ...] = ()
    requires_python: str | None = None
    tool: _Tool = _Tool()


class Script(msgspec.Struct, frozen=True):
    """What a script requires. `settings` are those of its `[tool.uv]` that go with requirements."""

    requirements: tuple[Requirement, ...]
    settings: Layer
    requires_python: str = ""


def parse_script(text: str, place: str, folder: str) -> Script | None:
    """Read the block of a script; None where it has none. `InvalidText` where there are two, or it cannot be read."""
    text = re.sub(r"\r\n?", "\n", text)
    blocks = [match["content"] for match in _BLOCK.finditer(f"{text}\n") if match["type"] == "script"]
    if not blocks:
        return None
    if len(blocks) > 1:
        raise InvalidText(f"Failed to parse: {place}", causes=("it has several `# /// script` blocks",))
    content = "".join(line[2:] if line.startswith("# ") else line[1:] for line in blocks[0].splitlines(keepends=True))
    try:
        raw = msgspec.convert(parse_toml(content, place), type=_Metadata)
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(str(error),)) from error
    known = raw.tool.uv
    try:
        settings = parse_table({key: known[key] for key in (*_INDEX_KEYS, *_INPUT_KEYS) if key in known}, folder, place)
    except BadKey as error:
        cause = error.told(content, ("tool", "uv"))
        raise InvalidText(f"Failed to parse: {place}", causes=(cause,)) from error
    try:
        requirements = tuple(parse_requirement(text, place, folder) for text in raw.dependencies)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(error.message, *error.causes)) from None
    return Script(requirements, settings, raw.requires_python or "")
