"""Read `[build-system]` of a pyproject.toml (PEP 517, 518)."""

from __future__ import annotations

from typing import Any

import msgspec
from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.settings_table import parse_table
from keyrack.formats.toml_text import parse_toml
from keyrack.values.build_system import LEGACY_BACKEND, BuildSystem
from keyrack.values.layer import Layer
from keyrack.values.names import package_name

_PLACE = "pyproject.toml"
_SETUPTOOLS = "setuptools>=40.8.0"
"""The first one with a backend for trees that know nothing of backends."""


class _Table(msgspec.Struct, rename="kebab"):
    requires: tuple[str, ...]
    build_backend: str | None = None
    backend_path: tuple[str, ...] | str = ()


class _Project(msgspec.Struct):
    name: str
    version: str | None = None
    dynamic: tuple[str, ...] = ()


class _Tool(msgspec.Struct, frozen=True):
    uv: dict[str, Any] = {}


class _Document(msgspec.Struct, rename="kebab"):
    build_system: _Table | None = None
    project: _Project | None = None


class _Sources(msgspec.Struct):
    tool: _Tool = _Tool()


def legacy_system() -> BuildSystem:
    """Give what builds a tree that says nothing: setuptools, which runs its `setup.py`."""
    return BuildSystem((parse_requirement(_SETUPTOOLS),), is_implied=True)


def parse_build_system(text: str, folder: str, *, with_sources: bool = False) -> BuildSystem:
    """Read how a tree is built; relative paths in its requirements start at `folder`.

    Where `[build-system]` or its `build-backend` is missing, it is built as before there was one. What an index serves
    is built without its author's sources (`with_sources`). Raises `InvalidText`.
    """
    document = parse_toml(text, _PLACE)
    try:
        found = msgspec.convert(document, type=_Document)
    except msgspec.ValidationError as error:
        raise InvalidText("Invalid `pyproject.toml`", causes=(str(error),)) from error
    project = found.project
    name = package_name(project.name) if project else None
    version = _version(project.version) if project else None
    dynamic = frozenset(project.dynamic) if project else frozenset[str]()
    own = _sources(document, folder) if with_sources else Layer(place=_PLACE)
    table = found.build_system
    if table is None:
        return msgspec.structs.replace(legacy_system(), name=name, version=version, dynamic=dynamic)
    return BuildSystem(
        sources=own.sources,
        indexes=own.index,
        requires=tuple(parse_requirement(each, _PLACE, folder) for each in table.requires),
        backend=table.build_backend or LEGACY_BACKEND,
        backend_path=_backend_path(table.backend_path),
        name=name,
        version=version,
        dynamic=dynamic,
    )


def _sources(document: dict[str, Any], folder: str) -> Layer:
    try:
        table = msgspec.convert(document, type=_Sources).tool.uv
        return parse_table({key: table[key] for key in ("index", "sources") if key in table}, folder, _PLACE)
    except (msgspec.ValidationError, BadKey) as error:
        raise InvalidText("Invalid `pyproject.toml`", causes=(str(error),)) from error


def _backend_path(written: tuple[str, ...] | str) -> tuple[str, ...]:
    if not isinstance(written, str):
        return written
    # One release of flit has the text instead of a list.
    if written != ".":
        raise InvalidText("Invalid `pyproject.toml`", causes=("`backend-path` is a list of folders",))
    return (written,)


def _version(text: str | None) -> Version | None:
    try:
        return None if text is None else Version(text)
    except InvalidVersion:
        return None
