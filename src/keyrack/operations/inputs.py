"""What a user gives to install, as values: requirements, constraints, overrides, and what files say of indexes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.input_names import InputKind, check_listing, input_kind, is_pylock_name
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.requirements_txt import RequirementsFile, decode_requirements
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.operations.input_files import (
    STDIN,
    FileContents,
    InputReader,
    Texts,
    is_path,
    options_layer,
    read_requirements_file,
)
from keyrack.values.late import LateModule
from keyrack.values.layer import IndexEntry, Layer
from keyrack.values.names import ExtraName, PackageName, group_name
from keyrack.values.requirement import IN_SETTINGS, FromTree, Requirement, Unnamed, Written, WrittenKind

if TYPE_CHECKING:
    from keyrack.formats import editable_text, pyproject, script_block
    from keyrack.formats.script_block import Script
    from keyrack.operations import lock_input, lowering, tree_names
    from keyrack.policy.index import wanted
    from keyrack.policy.index.pins import Where
    from keyrack.policy.index.wanted import Wanted
    from keyrack.values.project import Project
else:
    lock_input = LateModule("keyrack.operations.lock_input")
    # Not where only packages are named.
    editable_text = LateModule("keyrack.formats.editable_text")
    lowering = LateModule("keyrack.operations.lowering")
    pyproject = LateModule("keyrack.formats.pyproject")
    script_block = LateModule("keyrack.formats.script_block")
    tree_names = LateModule("keyrack.operations.tree_names")
    wanted = LateModule("keyrack.policy.index.wanted")

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


class InputTree(msgspec.Struct, frozen=True):
    """A tree whose requirements are asked for, not itself, and that only a build tells. `written` is its file."""

    folder: str
    written: Written


class Inputs(msgspec.Struct, frozen=True):
    """What is to be installed. `layer` holds what the files say of indexes and builds: weigh it below all others.

    `places` are the paths of the files that were read, or would have been if they were there. `lock` is set where a
    `pylock.toml` says all of it. Of `unnamed` and `trees` more is known once they are built
    (`operations/completing.py`); `extras` are those that are asked for of `trees`, None for all. `explicit` are the
    folders of trees that the command line names: they are built anew.
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
    unnamed: tuple[Unnamed, ...] = ()
    trees: tuple[InputTree, ...] = ()
    extras: tuple[ExtraName, ...] | None = ()
    explicit: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether all requirements are known without a build."""
        return not (self.unnamed or self.trees)


def read_inputs(request: InputRequest, reader: InputReader) -> Inputs:
    """Read everything that a user gives, as far as texts tell it. `InvalidText` names file and line."""
    texts = Texts(request.folder, reader)
    if any(is_pylock_name(os.path.basename(target)) for target in request.requirement_files):
        lock = lock_input.read_lock(request, texts)
        layer = lock_input.index_layer(lock, request.layers)
        return Inputs((), (), (), frozenset(), layer, places=texts.places, lock=lock)
    gathering = _Gathering(request, texts)
    for text in request.packages:
        gathering.package(text)
    for text in request.editables:
        gathering.editable(text)
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
    return gathering.inputs()


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
        self._unnamed: list[Unnamed] = []
        self._trees: list[InputTree] = []
        self._explicit: set[str] = set()
        self._workspace_places: list[str] = []

    def inputs(self) -> Inputs:
        layer = options_layer((*self._options, *map(_as_options, self._scripts)))
        for requirement in (*self._requirements, *self._constraints, *self._overrides):
            if isinstance(requirement.source, FromTree):
                tree_names.named(requirement, f"{requirement.name} @ {requirement.source.path}")
        self._index_trees()
        return Inputs(
            requirements=tuple(self._requirements),
            constraints=tuple(self._constraints),
            overrides=tuple(self._overrides),
            excludes=frozenset(self._excludes),
            layer=msgspec.structs.replace(layer, index=tuple(dict.fromkeys(self._pins))),
            require_hashes=any(file.require_hashes for file in self._options),
            warnings=tuple(self._warnings),
            places=(*self._texts.places, *self._workspace_places),
            build_constraints=tuple(self._build_constraints),
            unnamed=tuple(self._unnamed),
            trees=tuple(self._trees),
            extras=None if self._request.all_extras else self._request.extras,
            explicit=frozenset(self._explicit),
        )

    def package(self, text: str) -> None:
        folder = self._request.folder
        if text.endswith((".txt", ".in")) and os.path.isfile(os.path.join(folder, text)):
            raise InvalidText(
                f"`{text}` looks like a local requirements file but was passed as a package name",
                hints=(f"Did you mean `-r {text}`?",),
            )
        found = parse_unnamed(text, root=folder) if is_unnamed(text) else parse_requirement(text, root=folder)
        self._take(found, text)

    def editable(self, text: str) -> None:
        self._take(editable_text.parse_editable(text, root=self._request.folder), text)

    def _take(self, found: Requirement | Unnamed, text: str) -> None:
        """Take what the command line names."""
        if isinstance(found.source, FromTree):
            self._explicit.add(found.source.path)
            found = tree_names.named(found, text)
        if isinstance(found, Unnamed):
            self._unnamed.append(found)
        else:
            self._requirements.append(found)

    def requirement_files(self) -> None:
        kinds = [(target, input_kind(target)) for target in self._request.requirement_files]
        projects = {
            target: self._read_project(target, f"File not found: {target}")
            for target, kind in kinds
            if kind is InputKind.PYPROJECT
        }
        self._check_extras(projects, any(kind is InputKind.SETUP for _, kind in kinds))
        for target, kind in kinds:
            if kind is InputKind.PYPROJECT:
                self._project(target, projects[target])
            elif kind is InputKind.SETUP:
                self._tree(target)
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
        self._pinned(wanted.dependencies_of_group(project, group), project, target)

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
        self._unnamed += found.unnamed
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
        return script_block.parse_script(decode_requirements(body, target), target, folder)

    def _read_project(self, target: str, absent: str) -> Project:
        body = self._texts.read(self._texts.place(target), absent)
        place = pyproject.Place(target, self._folder_of(target))
        return pyproject.parse_pyproject(decode_requirements(body, target), place)

    def _folder_of(self, target: str) -> str:
        return os.path.dirname(self._texts.place(target)) if is_path(target) else self._request.folder

    def _check_extras(self, projects: Mapping[str, Project], has_others: bool) -> None:
        request = self._request
        if not request.extras and not request.all_extras:
            return
        if not projects and not has_others:
            raise InvalidText(
                "Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or `setup.py` file",
                hints=("Use `package[extra]` syntax instead",),
            )
        if has_others or any(wanted.needs_build(project) for project in projects.values()):
            return  # told once they are built
        known = {extra for project in projects.values() for extra in project.optional or ()}
        if missing := sorted(set(request.extras) - known):
            raise missing_extras(missing)

    def _project(self, target: str, project: Project) -> None:
        request = self._request
        if wanted.needs_build(project):
            self._tree(target)
            return
        self._pinned(wanted.dependencies_of(project, request.extras, all_extras=request.all_extras), project, target)

    def _tree(self, target: str) -> None:
        if not is_path(target):
            raise InvalidText(f"`{target}` is on the web, and what it requires can only be told by building its tree")
        if not os.path.isfile(self._texts.place(target)):
            raise InvalidText(f"File not found: {target}")
        self._trees.append(InputTree(self._folder_of(target), Written(WrittenKind.PROJECT, target)))

    def _pinned(self, asked: Iterable[Wanted], project: Project, target: str) -> None:
        """Take requirements of a project, each from where the project's own sources say."""
        folder = self._folder_of(target)
        pinned = lowering.Lowering(self._request.layers).of(project, folder)
        # Whatever workspace is above may say where requirements come from.
        self._workspace_places += (os.path.join(each, "pyproject.toml") for each in lowering.folders_above(folder))
        for plain, where in asked:
            found = pinned(msgspec.structs.replace(plain, written=_written(project, where)), where)
            self._requirements += found.requirements
            self._pins += found.indexes

    def _index_trees(self) -> None:
        """Make known the indexes that the sources of local trees name: a run knows all its indexes from the start."""
        found = [one.source for one in (*self._requirements, *self._constraints, *self._overrides)]
        found += [one.source for one in self._unnamed]
        found += [FromTree(tree.folder) for tree in self._trees]
        seen = set[str]()
        for source in found:
            if isinstance(source, FromTree):
                self._pins += lowering.Lowering(self._request.layers).indexes_of(source, seen)


def missing_extras(missing: Iterable[ExtraName]) -> InvalidText:
    """Make the error about extras that no input has."""
    names = sorted(missing)
    return InvalidText(f"Requested extra{'s' if len(names) > 1 else ''} not found: {', '.join(names)}")


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
