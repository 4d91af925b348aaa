"""Read the metadata that a source distribution's pyproject.toml promises not to change (PEP 621, 643)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_listed_requirement
from keyrack.formats.specifier_text import parse_requires_python
from keyrack.values.artifact import parse_version
from keyrack.values.late import LateModule
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, extra_name, package_name
from keyrack.values.requirement import Requirement

if TYPE_CHECKING:
    import tomllib
else:
    tomllib = LateModule("tomllib")

_READ = ("version", "dependencies", "optional-dependencies", "requires-python")
"""The fields of `[project]` that a resolver reads; none of them may be dynamic."""


class _Project(msgspec.Struct, rename="kebab"):
    name: str
    version: str | None = None
    dependencies: list[str] | None = None
    optional_dependencies: dict[str, list[str]] | None = None
    requires_python: str | None = None
    dynamic: list[str] = []


class _Tool(msgspec.Struct):
    poetry: dict[str, object] | None = None


class _Text(msgspec.Struct):
    project: _Project | None = None
    tool: _Tool = msgspec.field(default_factory=_Tool)


def parse_static_project(text: bytes) -> Metadata | None:
    """Give the metadata of a `[project]` table all of whose fields are static; None where only a build can tell.

    Raises `InvalidText` where the text is no TOML or a field is not what PEP 621 says.
    """
    try:
        found = msgspec.convert(tomllib.loads(text.decode("utf-8")), _Text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise InvalidText("The `pyproject.toml` is not valid", causes=(f"{error}",)) from error
    project = found.project
    if project is None or project.version is None or set(_READ) & set(project.dynamic):
        return None
    # Poetry adds requirements of its own table where the standard one has none, without saying so in `dynamic`.
    if found.tool.poetry is not None and project.dependencies is None:
        return None
    return _metadata(project, project.version)


def _metadata(project: _Project, version: str) -> Metadata:
    extras = {extra_name(extra): texts for extra, texts in (project.optional_dependencies or {}).items()}
    return Metadata(
        package_name(project.name),
        parse_version(version),
        tuple(_requirements(project.dependencies or [], extras)),
        parse_requires_python(project.requires_python) if project.requires_python else None,
        tuple(extras),
    )


def _requirements(dependencies: list[str], extras: dict[ExtraName, list[str]]) -> list[Requirement]:
    found = [parse_listed_requirement(text) for text in dependencies]
    for extra, texts in extras.items():
        found += [parse_listed_requirement(_in_extra(text, extra)) for text in texts]
    return found


def _in_extra(text: str, extra: ExtraName) -> str:
    """Write a requirement of an extra as core metadata does."""
    requirement, semicolon, marker = text.partition(";")
    # A URL may hold a semicolon; the one of a marker then stands behind a space.
    if " @ " in text:
        requirement, semicolon, marker = text.partition(" ;")
    if not semicolon:
        return f"{text} ; extra == '{extra}'"
    return f"{requirement} ; ({marker.strip()}) and extra == '{extra}'"
