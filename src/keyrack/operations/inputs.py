"""What a user gives to install, as values: requirements, constraints, overrides, and what their files say of indexes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.unnamed_requirement import NotYet, is_unnamed, parse_unnamed
from keyrack.operations.input_files import InputReader, RequirementFiles
from keyrack.values.layer import Layer
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import Requirement

__all__ = ["InputReader", "InputRequest", "Inputs", "read_inputs"]


class InputRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was given, as words. Relative paths start at `folder`, which is absolute.

    `constraints`, `overrides` and `excludes` are texts from settings; `*_files` are `-c`, `--overrides`, `--excludes`.
    `layers` are those of the run: indexes that the command line names may answer for `[tool.uv.sources]`.
    """

    folder: str
    packages: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()
    constraint_files: tuple[str, ...] = ()
    override_files: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    extras: tuple[ExtraName, ...] = ()
    all_extras: bool = False
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    variables: Mapping[str, str] = {}
    layers: tuple[Layer, ...] = ()


class Inputs(msgspec.Struct, frozen=True):
    """What is to be installed. `layer` holds what the files say of indexes and builds: weigh it below all others."""

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    overrides: tuple[Requirement, ...]
    excludes: frozenset[PackageName]
    layer: Layer
    require_hashes: bool = False
    warnings: tuple[str, ...] = ()


def read_inputs(request: InputRequest, reader: InputReader) -> Inputs:
    """Read everything that a user gives. `InvalidText` names file and line; `NotYet` where only a build would do."""
    if request.editables:
        raise NotYet(
            f"Cannot install `{request.editables[0]}` as editable: this version of keyrack does not build packages",
            hints=("Build a wheel of it, and give the path of the wheel instead",),
        )
    files = RequirementFiles(request.folder, request.variables, reader)
    named = tuple(_package(text, request.folder) for text in request.packages)
    for path in request.requirement_files:
        files.read_requirements(path)
    for path in request.constraint_files:
        files.read_constraints(path)
    for path in request.override_files:
        files.read_overrides(path)
    for path in request.exclude_files:
        files.read_excludes(path)
    found = files.gathered()
    return Inputs(
        requirements=(*named, *found.requirements),
        constraints=(*found.constraints, *(parse_requirement(text, "settings") for text in request.constraints)),
        overrides=(*found.overrides, *(parse_requirement(text, "settings") for text in request.overrides)),
        excludes=frozenset((*found.excludes, *request.excludes)),
        layer=found.layer,
        require_hashes=found.require_hashes,
        warnings=found.warnings,
    )


def _package(text: str, folder: str) -> Requirement:
    if is_unnamed(text):
        return parse_unnamed(text, root=folder)
    try:
        return parse_requirement(text, root=folder)
    except InvalidText as error:
        if text.strip().startswith("-"):
            raise InvalidText(f"Failed to parse: `{text}`", hints=("Options go before the packages",)) from error
        raise
