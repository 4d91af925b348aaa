"""What a user gives to install, as values: requirements, constraints, overrides, and what files say of indexes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from keyrack.errors import InvalidText, NotYet, UnmetRequest
from keyrack.formats.input_names import InputKind, check_listing, input_kind, is_pylock_name
from keyrack.formats.pyproject import Place, parse_pyproject
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.requirements_txt import RequirementsFile, decode_requirements
from keyrack.formats.script_block import Script, parse_script
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed, unbuildable
from keyrack.operations.input_files import (
    STDIN,
    FileContents,
    InputReader,
    Texts,
    editable,
    is_path,
    options_layer,
    read_requirements_file,
)
from keyrack.policy.index.pins import Pinning, Where, nameable
from keyrack.policy.index.wanted import Wanted, dependencies_of, dependencies_of_group
from keyrack.values.late import LateModule, pattern
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.names import ExtraName, PackageName, group_name
from keyrack.values.project import Project
from keyrack.values.requirement import IN_SETTINGS, FromGit, FromTree, Requirement, Written, WrittenKind
from keyrack.values.settings import Selection

if TYPE_CHECKING:
    from keyrack.operations import lock_input
else:
    lock_input = LateModule("keyrack.operations.lock_input")

__all__ = ["InputReader", "InputRequest", "Inputs", "read_inputs"]


class InputRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was given, as words. Relative paths start at `folder`, which is absolute.

    `*_files` are `-r`, `-c`, `--overrides`, `--excludes`, `-b`; `groups` are `[PATH:]NAME`; `project_folder` is
    `--project`.
    `layers` are those of the run: their constraints, overrides and excludes count too, `--no-sources` among them, and
    an index that flags or variables name may answer for `[tool.uv.sources]`.
    """

    folder: str
    packages: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()
    constraint_files: tuple[str, ...] = ()
    override_files: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    build_constraint_files: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    extras: tuple[ExtraName, ...] = ()
    all_extras: bool = False
    project_folder: str = ""
    variables: Mapping[str, str] = {}
    layers: tuple[Layer, ...] = ()


class Inputs(msgspec.Struct, frozen=True):
    """What is to be installed. `layer` holds what the files say of indexes and builds: weigh it below all others.

    `places` are the paths of the files that were read. `lock` is set where a `pylock.toml` says all of it.
    """

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    overrides: tuple[Requirement, ...]
    excludes: frozenset[PackageName]
    layer: Layer
    require_hashes: bool = False
    warnings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    build_constraints: tuple[Requirement, ...] = ()
    lock: lock_input.LockInput | None = None


def read_inputs(request: InputRequest, reader: InputReader) -> Inputs:
    """Read everything that a user gives. `InvalidText` names file and line; `NotYet` where only a build would do."""
    if request.editables:
        raise editable(request.editables[0])
    texts = Texts(request.folder, reader)
    if any(is_pylock_name(os.path.basename(target)) for target in request.requirement_files):
        lock = lock_input.read_lock(request, texts)
        layer = lock_input.index_layer(lock, request.layers)
        return Inputs((), (), (), frozenset(), layer, places=texts.places, lock=lock)
    gathering = _Gathering(request, texts)
    for text in request.packages:
        gathering.package(text)
    gathering.requirement_files()
    for group in request.groups:
        gathering.group(group)
    for target in request.constraint_files:
        gathering.constraint_file(target)
    for target in request.override_files:
        gathering.override_file(target)
    for target in request.exclude_files:
        gathering.exclude_file(target)
    for target in request.build_constraint_files:
        gathering.build_constraint_file(target)
    gathering.settings()
    found = gathering.inputs()
    for requirement in (*found.requirements, *found.overrides):
        _check_buildless(requirement)
    return found


def _check_buildless(requirement: Requirement) -> None:
    """Refuse what would have to be built, before anything is asked of an index."""
    source = requirement.source
    if isinstance(source, FromTree):
        if not os.path.exists(source.path):
            raise NotThere(f"Distribution not found at: file://{source.path}")
        raise unbuildable("source tree", f"{requirement.name} @ {source.path}")
    if isinstance(source, FromGit):
        raise unbuildable("repository", f"{requirement.name} @ git+{source.url}")


_PLAIN_PATH = pattern(r"(?![a-z][a-z+]+:)[^\[;]+")
"""A path without extras, marker or scheme: what it names must be there."""


class NotThere(UnmetRequest):
    """A path that is to be installed does not exist."""


class _Gathering:
    """Gathers inputs of all kinds, in the order in which they are given."""

    def __init__(self, request: InputRequest, texts: Texts) -> None:
        self._request = request
        self._texts = texts
        self._requirements: list[Requirement] = []
        self._constraints: list[Requirement] = []
        self._overrides: list[Requirement] = []
        self._excludes: list[PackageName] = []
        self._build_constraints: list[Requirement] = []
        self._options: list[RequirementsFile] = []
        self._scripts: list[Layer] = []
        self._pins: list[IndexEntry] = []
        self._warnings: list[str] = []
        self._sources = Selection(
            any(layer.no_sources for layer in request.layers),
            frozenset(name for layer in request.layers for name in layer.no_sources_package),
        )

    def inputs(self) -> Inputs:
        layer = options_layer((*self._options, *map(_as_options, self._scripts)))
        return Inputs(
            requirements=tuple(self._requirements),
            constraints=tuple(self._constraints),
            overrides=tuple(self._overrides),
            excludes=frozenset(self._excludes),
            layer=msgspec.structs.replace(layer, index=tuple(dict.fromkeys(self._pins))),
            require_hashes=any(file.require_hashes for file in self._options),
            warnings=tuple(self._warnings),
            places=self._texts.places,
            build_constraints=tuple(self._build_constraints),
        )

    def package(self, text: str) -> None:
        folder = self._request.folder
        if text.endswith((".txt", ".in")) and os.path.isfile(os.path.join(folder, text)):
            raise InvalidText(
                f"`{text}` looks like a local requirements file but was passed as a package name",
                hints=(f"Did you mean `-r {text}`?",),
            )
        if not is_unnamed(text):
            self._requirements.append(parse_requirement(text, root=folder))
            return
        try:
            self._requirements.append(parse_unnamed(text, root=folder))
        except NotYet:
            path = os.path.abspath(os.path.join(folder, text))
            if os.path.exists(path) or not _PLAIN_PATH.fullmatch(text):
                raise
            raise NotThere(f"Distribution not found at: file://{path}") from None

    def requirement_files(self) -> None:
        kinds = [(target, input_kind(target)) for target in self._request.requirement_files]
        projects = [
            self._read_project(target, f"File not found: {target}")
            for target, kind in kinds
            if kind is InputKind.PYPROJECT
        ]
        self._check_extras(projects)
        for target, kind in kinds:
            if kind is InputKind.PYPROJECT:
                self._project(projects.pop(0))
            elif kind is InputKind.REQUIREMENTS or (script := self._read_script(target)) is None:
                if kind is InputKind.SCRIPT:
                    raise InvalidText(f"`{target}` does not contain inline script metadata")
                self._requirements_file(target)
            else:
                self._requirements += script.requirements
                self._scripts.append(script.settings)

    def group(self, text: str) -> None:
        path, colon, name = text.rpartition(":")
        if colon and os.path.basename(path) != "pyproject.toml":
            raise InvalidText(
                f"invalid value '{text}' for '--group <GROUP>': The `--group` path is required to end in"
                f" `pyproject.toml` for compatibility with pip; got: {path}"
            )
        group = group_name(name)
        target = path or os.path.join(self._request.project_folder, "pyproject.toml")
        shown = path or self._texts.place(target)
        try:
            project = self._read_project(target, f"No `pyproject.toml` found at: {shown}")
        except InvalidText as error:
            raise InvalidText(f"Failed to read dependency groups from: {shown}") from error
        self._pinned(dependencies_of_group(project, group), project)

    def constraint_file(self, target: str) -> None:
        found = self._listed(target, "constraints")
        if found.bare:
            raise InvalidText(f"Unnamed requirements are not allowed as constraints (found: `{found.bare[0].target}`)")
        self._constraints += (*found.requirements, *found.constraints)

    def build_constraint_file(self, target: str) -> None:
        found = self._listed(target, "build constraints")
        if found.bare:
            raise InvalidText(f"Unnamed requirements are not allowed as constraints (found: `{found.bare[0].target}`)")
        self._build_constraints += (*found.requirements, *found.constraints)

    def override_file(self, target: str) -> None:
        self._overrides += self._listed(target, "overrides").requirements

    def exclude_file(self, target: str) -> None:
        found = self._listed(target, "excludes")
        if found.bare:
            raise InvalidText(f"Unnamed requirements are not allowed as exclusions (found: `{found.bare[0].target}`)")
        self._excludes += [requirement.name for requirement in found.requirements]

    def settings(self) -> None:
        """Take what the settings of the run and of scripts add."""
        for layer in (*self._request.layers, *self._scripts):
            self._constraints += [_setting(text, layer) for text in layer.constraint_dependencies]
            self._constraints += [one for one in layer.upgrade_package if one.specifier]
            self._overrides += [_setting(text, layer) for text in layer.override_dependencies]
            self._excludes += layer.exclude_dependencies

    def _listed(self, target: str, what: str) -> FileContents:
        check_listing(target, what)
        return self._contents(target)

    def _requirements_file(self, target: str) -> None:
        found = self._contents(target)
        self._requirements += found.requirements
        self._constraints += found.constraints

    def _contents(self, target: str) -> FileContents:
        found = read_requirements_file(self._texts, target, self._request.variables)
        self._options += found.options
        self._warnings += found.warnings
        if found.is_empty:
            empty = f"Requirements file `{target}` does not contain any dependencies"
            self._warnings.append("No dependencies found in stdin" if target == STDIN else empty)
        return found

    def _read_script(self, target: str) -> Script | None:
        place = self._texts.place(target)
        body = self._texts.read(place, f"File not found: {target}")
        folder = os.path.dirname(place) if is_path(target) else self._request.folder
        return parse_script(decode_requirements(body, target), target, folder)

    def _read_project(self, target: str, absent: str) -> Project:
        place = self._texts.place(target)
        body = self._texts.read(place, absent)
        folder = os.path.dirname(place) if is_path(target) else self._request.folder
        return parse_pyproject(decode_requirements(body, target), Place(target, folder))

    def _check_extras(self, projects: list[Project]) -> None:
        request = self._request
        if not request.extras and not request.all_extras:
            return
        if not projects:
            raise InvalidText(
                "Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or `setup.py` file",
                hints=("Use `package[extra]` syntax instead",),
            )
        known = {extra for project in projects for extra in project.optional or ()}
        if missing := sorted(set(request.extras) - known):
            plural = "s" if len(missing) > 1 else ""
            raise InvalidText(f"Requested extra{plural} not found: {', '.join(missing)}")

    def _project(self, project: Project) -> None:
        request = self._request
        self._pinned(dependencies_of(project, request.extras, all_extras=request.all_extras), project)

    def _pinned(self, wanted: Iterable[Wanted], project: Project) -> None:
        """Take requirements of a project, each from the index that the project's own sources name."""
        layers = self._request.layers
        spoken = [layer for layer in layers if layer.kind is LayerKind.TOLD]
        told = [entry for layer in spoken for entry in (*layer.index, layer.default_index) if entry is not None]
        files = [entry for layer in layers if layer not in spoken for entry in layer.index]
        pinning = Pinning(project.sources, nameable(told, project.indexes, files))
        for plain, where in wanted:
            requirement = msgspec.structs.replace(plain, written=_written(project, where))
            if self._sources.holds(requirement.name):
                self._requirements.append(requirement)
                continue
            found = pinning.pinned(requirement, where)
            self._requirements += found.requirements
            self._pins += found.indexes


def _setting(text: str, layer: Layer) -> Requirement:
    try:
        return msgspec.structs.replace(parse_requirement(text, layer.place), written=IN_SETTINGS)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse a requirement in {layer.place}", causes=error.causes) from error.__cause__


def _written(project: Project, where: Where) -> Written:
    kind = WrittenKind.PROJECT if where.group is None else WrittenKind.GROUP
    return Written(kind, project.place, project.name or "", where.group or "")


def _as_options(layer: Layer) -> RequirementsFile:
    """See the settings of a script as the options of a requirements file: they count the same way."""
    return RequirementsFile(
        index_url=layer.index_url,
        extra_index_url=layer.extra_index_url,
        find_links=layer.find_links,
        no_index=bool(layer.no_index),
        no_binary=layer.no_binary,
        only_binary=layer.no_build,
    )
