"""The name of a source tree as its files tell it without a build: PKG-INFO, pyproject.toml, setup.cfg."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.core_metadata import parse_metadata
from keyrack.values.late import LateModule
from keyrack.values.names import PackageName, package_name

if TYPE_CHECKING:
    import configparser
    import tomllib
else:
    configparser = LateModule("configparser")
    tomllib = LateModule("tomllib")

FILES = ("PKG-INFO", "pyproject.toml", "setup.cfg")
"""The files that are read, in this order."""


class _Named(msgspec.Struct):
    name: str | None = None


class _Tool(msgspec.Struct):
    poetry: _Named = msgspec.field(default_factory=_Named)


class _Document(msgspec.Struct):
    project: _Named = msgspec.field(default_factory=_Named)
    tool: _Tool = msgspec.field(default_factory=_Tool)


def static_name(files: Mapping[str, bytes]) -> PackageName | None:
    """Give the name; None where only a build tells it. A file that cannot be read is passed over."""
    readers = {"PKG-INFO": _of_pkg_info, "pyproject.toml": _of_pyproject, "setup.cfg": _of_setup_cfg}
    for name in FILES:
        text = files.get(name)
        try:
            found = None if text is None else readers[name](text)
        except InvalidText:
            found = None
        if found:
            return found
    return None


def _of_pkg_info(text: bytes) -> PackageName:
    return parse_metadata(text).name


def _of_pyproject(text: bytes) -> PackageName | None:
    try:
        found = msgspec.convert(tomllib.loads(text.decode("utf-8")), _Document)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise InvalidText("The `pyproject.toml` is not valid") from error
    name = found.project.name or found.tool.poetry.name
    return package_name(name) if name else None


def _of_setup_cfg(text: bytes) -> PackageName | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text.decode("utf-8"))
        name = parser.get("metadata", "name", fallback="")
    except (UnicodeDecodeError, configparser.Error) as error:
        raise InvalidText("The `setup.cfg` is not valid") from error
    # `attr:` and `file:` are told by setuptools alone.
    return package_name(name) if name and ":" not in name else None
