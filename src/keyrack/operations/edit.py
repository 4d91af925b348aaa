"""Write requirements into a project's file, or take them out; whoever fails afterwards puts back what was there."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from keyrack.adapters.disk import write_atomic
from keyrack.adapters.folders import read_whole
from keyrack.adapters.workspace_files import PROJECT_FILE, read_project_file
from keyrack.errors import KeyrackError
from keyrack.formats.dependency_array import WrittenRequirement, read_written
from keyrack.formats.pyproject_edit import Edit, IndexTable, ListKind, ListName
from keyrack.operations.workspaces import is_meant
from keyrack.policy.markers.algebra import diagram, text
from keyrack.values.add_bounds import Bounds, bounded
from keyrack.values.index import IndexFormat
from keyrack.values.layer import Layer, LayerKind
from keyrack.values.lock import Lock
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement, RevisionKind
from keyrack.values.source_url import source_text
from keyrack.values.url import local_path
from keyrack.values.workspace import Workspace, WorkspaceTable

__all__ = ["Bounds", "IndexTable", "ListKind", "ListName", "RevisionKind"]

_LARGEST = 256 * 1024 * 1024


class NotThere(KeyrackError):
    """A requirement that is to be removed does not stand where it was said to."""


class AddRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is added, where. `folder` is the member's; `written` are the texts of requirements, where they are known.

    `index` is the name of the index that they come from, "" where any may serve them. `revision` is of a repository.
    `indexes` are written as well, the first in front. `workspace` None makes trees below the root members.
    """

    requirements: tuple[Requirement, ...]
    written: tuple[str, ...]
    folder: str
    where: ListName = ListName()
    raw: bool = False
    editable: bool | None = None
    extras: tuple[str, ...] = ()
    index: str = ""
    indexes: tuple[IndexTable, ...] = ()
    revision: tuple[RevisionKind, str] | None = None
    lfs: bool | None = None
    workspace: bool | None = None


class Added(msgspec.Struct, frozen=True):
    """A requirement that stands in a list now: at which place, and whether it was there before."""

    name: PackageName
    place: int
    is_new: bool
    is_bounded: bool


class Snapshot:
    """Files as they were; `restore` puts them back, also those that were not there."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Read the files."""
        self._before = {path: read_whole(path, _LARGEST) for path in paths}

    def restore(self) -> None:
        """Write or remove whatever has changed."""
        for path, body in self._before.items():
            if read_whole(path, _LARGEST) != body:
                if body is None:
                    os.unlink(path)
                else:
                    write_atomic(path, body)


def told_indexes(told: Iterable[Layer]) -> tuple[IndexTable, ...]:
    """Give the indexes that flags and variables name, the first in front; their credentials stay behind."""
    found = list[IndexTable]()
    for layer in told:
        if layer.kind is LayerKind.TOLD:
            defaults = [one for one in (layer.default_index, layer.index_url) if one is not None]
            for one in (*layer.index, *layer.extra_index_url, *defaults):
                is_flat = one.format is IndexFormat.FLAT
                is_default = one.default or one in defaults
                found.append(IndexTable(str(one.parsed.url), one.name or "", is_default, is_flat))
    return tuple(found)


def project_file(folder: str) -> str:
    """Give the path of a project's file."""
    return os.path.join(folder, PROJECT_FILE)


def add(request: AddRequest, around: Workspace) -> tuple[tuple[Added, ...], tuple[str, ...]]:
    """Write the requirements; gives what stands there now, and lines for the user. Raises `Ambiguous`."""
    members, said = _join(request, around)
    edit = Edit(read_project_file(request.folder), PROJECT_FILE)
    found = list[Added]()
    for number, one in enumerate(request.requirements):
        source = {} if request.raw else _source(one, request, around, members)
        written = _written(one, request.written[number] if number < len(request.written) else "", request, source)
        done = edit.add(request.where, written, has_source=bool(source))
        if source:
            edit.set_source(one.name, source)
        is_bounded = bool(written.specifier or written.url) or not isinstance(one.source, FromIndex)
        found.append(Added(one.name, done.place, done.is_new, is_bounded))
    if not found and request.where.kind in (ListKind.GROUP, ListKind.OPTIONAL):
        edit.ensure(request.where)
    for index in () if request.raw else reversed(request.indexes):
        edit.set_index(index, lambda url, own=index.url: url.rstrip("/") == own.rstrip("/"))  # type: ignore[misc]
    write_atomic(project_file(request.folder), str(edit).encode())
    return tuple(found), said


def bound(folder: str, where: ListName, added: Iterable[Added], lock: Lock, bounds: Bounds) -> bool:
    """Write lower bounds for what was added without any; says whether there was something to write."""
    edit, changed = Edit(read_project_file(folder), PROJECT_FILE), False
    for one in added:
        versions = {package.id.version for package in lock.named(one.name) if package.id.version is not None}
        if one.is_new and not one.is_bounded and len(versions) == 1:
            specifier = bounded(versions.pop(), bounds)
            edit.replace(where, one.place, lambda old, new=specifier: msgspec.structs.replace(old, specifier=new))  # type: ignore[misc]
            changed = True
    if changed:
        write_atomic(project_file(folder), str(edit).encode())
    return changed


def remove(folder: str, where: ListName, names: Iterable[PackageName]) -> None:
    """Take requirements out of a list. Raises `NotThere`, with where they do stand, before anything is written."""
    edit = Edit(read_project_file(folder), PROJECT_FILE)
    for name in names:
        if not edit.remove(where, name):
            hints = tuple(_elsewhere(name, other) for other in edit.lists_with(name))
            raise NotThere(f"The dependency `{name}` could not be found in `{_shown(where)}`", hints=hints)
    write_atomic(project_file(folder), str(edit).encode())


def _shown(where: ListName) -> str:
    if where.kind is ListKind.OPTIONAL:
        return f"project.optional-dependencies.{where.name}"
    return f"dependency-groups.{where.name}" if where.kind is ListKind.GROUP else where.kind.value


def _elsewhere(name: PackageName, where: ListName) -> str:
    match where.kind:
        case ListKind.DEPENDENCIES:
            return f"`{name}` is a production dependency"
        case ListKind.OPTIONAL:
            return f"`{name}` is an optional dependency (try: `keyrack remove {name} --optional {where.name}`)"
        case ListKind.GROUP:
            return f"`{name}` is in the `{where.name}` group (try: `keyrack remove {name} --group {where.name}`)"
        case ListKind.DEV:
            return f"`{name}` is a development dependency (try: `keyrack remove {name} --dev`)"


def _written(one: Requirement, given: str, request: AddRequest, source: dict[str, object]) -> WrittenRequirement:
    old = read_written(given)
    extras = tuple(sorted({*one.extras, *request.extras}))
    specifier = old.specifier if old is not None and not old.url else str(one.specifier)
    url = "" if source or isinstance(one.source, FromIndex) else source_text(one.source)
    if request.raw and old is not None and old.url:
        url = old.url  # as provided, with whatever stands in it
    return WrittenRequirement(one.name, extras, "" if url or source else specifier, url, text(diagram(one.marker)))


def _source(one: Requirement, request: AddRequest, around: Workspace, members: frozenset[str]) -> dict[str, object]:
    """Say where a requirement comes from, as `[tool.uv.sources]` has it; nothing where any index may serve it."""
    match one.source:
        case FromIndex():
            member = around.member(one.name)
            if member is not None and member.folder != request.folder and request.workspace is not False:
                return {"workspace": True}
            return {"index": request.index} if request.index else {}
        case FromTree(path=path, editable=editable):
            if path in members:
                return {"workspace": True} | _editable(request.editable or editable)
            return {"path": _relative(path, request.folder)} | _editable(request.editable or editable)
        case FromUrl(url=url, subdirectory=subdirectory):
            if url.scheme == "file":
                return {"path": _relative(local_path(url), request.folder)}
            place: dict[str, object] = {"url": str(url)}
            return place | ({"subdirectory": subdirectory} if subdirectory else {})
        case FromGit(url=url, subdirectory=subdirectory, revision=revision, kind=kind, lfs=lfs):
            told = request.revision or ((kind, revision) if revision else None)
            parts: dict[str, object] = {"git": str(url)}
            parts |= {"subdirectory": subdirectory} if subdirectory else {}
            parts |= {told[0].value: told[1]} if told else {}
            return parts | ({"lfs": True} if request.lfs or lfs else {})


def _editable(value: bool | None) -> dict[str, object]:
    return {} if value is None else {"editable": value}


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _join(request: AddRequest, around: Workspace) -> tuple[frozenset[str], tuple[str, ...]]:
    """Make trees within the workspace's folder members of it; gives all trees that are members, and what to say."""
    table, said = around.facts.workspace or WorkspaceTable(), list[str]()
    edit = Edit(read_project_file(around.root), PROJECT_FILE)
    members = {member.folder for member in around.members}
    for one in () if request.raw or request.workspace is False else request.requirements:
        source = one.source
        if not isinstance(source, FromTree) or source.path in members:
            continue
        is_below = source.path.startswith(around.root + os.sep)
        if not (request.workspace or is_below) or not os.path.exists(project_file(source.path)):
            continue
        if not any(is_meant(source.path, around.root, pattern) for pattern in table.members):
            path = _relative(source.path, around.root)
            edit.add_member(path)
            said.append(path)
        members.add(source.path)
    if said:
        write_atomic(project_file(around.root), str(edit).encode())
    return frozenset(members), tuple(f"Added `{path}` to workspace members" for path in said)
