"""Point what projects and trees require at what their own `[tool.uv.sources]` name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
from packaging.markers import Marker

from keyrack.adapters.folders import read_whole
from keyrack.adapters.workspace_files import PROJECT_FILE, has_project_file, project_folders
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.pyproject import Place as ProjectPlace
from keyrack.formats.pyproject import parse_pyproject
from keyrack.formats.requirements_txt import decode_requirements
from keyrack.operations.workspaces import NoProject, facts_of, find_workspace
from keyrack.policy.index.pins import Pinned, Pinning, UndeclaredIndex, Where, nameable
from keyrack.policy.resolve.environment import Environment
from keyrack.supply.source_metadata import Place
from keyrack.values.index import IndexId
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.project import Project
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement
from keyrack.values.settings import Selection

_LARGEST = 10 * 1024 * 1024
_NO_MARKERS = Environment({})


class OutsideRepository(KeyrackError):
    """A tree of a repository requires what lies outside of it on this disk."""


class WorkspaceTrees:
    """The workspace around a project, looked for when it is first asked about."""

    def __init__(self, folder: str) -> None:
        """`folder` holds the project's pyproject.toml."""
        self._folder = folder
        self._known: dict[str, Mapping[PackageName, str]] = {}

    def members(self, root: str) -> Mapping[PackageName, str]:
        """Give the folders of a workspace's members by name."""
        if root not in self._known:
            self._known[root] = members_around(root or self._folder)
        return self._known[root]

    def is_package(self, path: str) -> bool:
        """Say whether a tree is to be built: yes, unless its `[tool.uv] package` denies it."""
        return not has_project_file(path) or facts_of(path).package is not False


def members_around(folder: str) -> dict[PackageName, str]:
    """Give the folders of the members of the workspace that a folder is in; of none where there is no workspace."""
    if next(project_folders(folder), None) is None:
        return {}
    try:
        workspace = find_workspace(folder)
    except NoProject:
        return {}
    return {member.name: member.folder for member in workspace.members} if len(workspace.members) > 1 else {}


def root_around(folder: str) -> str | None:
    """Give the root of the workspace of which a folder is a member; None where it is its own root, or in none."""
    above = next((one for one in project_folders(os.path.dirname(folder)) if one != folder), None)
    if above is None:
        return None
    try:
        root = find_workspace(folder).root
    except NoProject:
        return None
    return None if root == folder else root


def folders_above(folder: str) -> Iterator[str]:
    """Give the folders above one, from the nearest: in each of them a workspace may begin."""
    while (above := os.path.dirname(folder)) != folder:
        yield above
        folder = above


def read_project(folder: str) -> Project | None:
    """Read the pyproject.toml of a folder; None where there is none."""
    path = os.path.join(folder, PROJECT_FILE)
    body = read_whole(path, _LARGEST)
    return None if body is None else parse_pyproject(decode_requirements(body, path), ProjectPlace(path, folder))


class Lowering:
    """Knows what the run says of sources and of indexes that sources may name."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        """Take the run's layers."""
        layers = tuple(layers)
        spoken = [layer for layer in layers if layer.kind is LayerKind.TOLD]
        self._told = [entry for layer in spoken for entry in (*layer.index, layer.default_index) if entry is not None]
        self._files = [entry for layer in layers if layer not in spoken for entry in layer.index]
        self._without = Selection(
            any(layer.no_sources for layer in layers),
            frozenset(name for layer in layers for name in layer.no_sources_package),
        )

    def of(self, project: Project, folder: str) -> Callable[[Requirement, Where], Pinned]:
        """Give what points a project's requirements at their sources; its pyproject.toml lies in `folder`."""
        root = root_around(folder)
        above = read_project(root) if root else None
        own = {entry.name for entry in project.sources}
        inherited = tuple(entry for entry in above.sources if entry.name not in own) if above else ()
        indexes = nameable(self._told, (*project.indexes, *(above.indexes if above else ())), self._files)
        return self._pinned(Pinning((*project.sources, *inherited), indexes, WorkspaceTrees(folder), project.name))

    def _pinned(self, pinning: Pinning) -> Callable[[Requirement, Where], Pinned]:
        def pinned(requirement: Requirement, where: Where) -> Pinned:
            if self._without.holds(requirement.name):
                return Pinned((requirement,))
            return pinning.pinned(requirement, where)

        return pinned

    def indexes_of(self, source: FromTree, seen: set[str]) -> tuple[IndexEntry, ...]:
        """Give the indexes that the sources of a tree name, and of the trees that it requires in turn."""
        path = os.path.realpath(source.path)
        project = None if path in seen or self._without.all else read_project(source.path)
        seen.add(path)
        if project is None or project.name is None:
            return ()
        pinned = self.of(project, source.path)
        found: list[IndexEntry] = []
        for requirement, where in _stated(project):
            one = pinned(requirement, where)
            found += one.indexes
            for each in one.requirements:
                if isinstance(each.source, FromTree):
                    found += self.indexes_of(each.source, seen)
        return tuple(found)

    def metadata(self, found: Metadata, place: Place, knows: Callable[[IndexId], bool]) -> Metadata:
        """Point what a tree requires at the tree's own sources. `knows` tells the indexes of this run.

        Raises `UndeclaredIndex` for an index that only a repository declares, `OutsideRepository`.
        """
        project = read_project(place.folder)
        if project is None or project.name is None:
            return found
        pinned = self.of(project, place.folder)
        requires: list[Requirement] = []
        for requirement in found.requires:
            one = pinned(requirement, Where(extra=_extra(requirement.marker)))
            requires += [_in_repository(each, place) for each in one.requirements]
            for each in one.requirements:
                if isinstance(each.source, FromIndex) and each.source.index and not knows(each.source.index):
                    raise _undeclared(each.name, place)
        return msgspec.structs.replace(found, requires=tuple(requires))


def _stated(project: Project) -> Iterable[tuple[Requirement, Where]]:
    for requirement in project.dependencies or ():
        yield requirement, Where()
    for extra, requirements in (project.optional or {}).items():
        for requirement in requirements:
            yield requirement, Where(extra=extra)


def _extra(marker: Marker | None) -> ExtraName | None:
    return _NO_MARKERS.extra_of(marker) or None


def _in_repository(requirement: Requirement, place: Place) -> Requirement:
    """Let a tree of the same checkout come from the repository: the checkout is ours, and its path is nobody's name."""
    source = requirement.source
    if place.repository is None or not isinstance(source, FromTree | FromUrl):
        return requirement
    if isinstance(source, FromUrl):
        if source.url.scheme != "file":
            return requirement
        raise OutsideRepository(
            f"Failed to parse entry: `{requirement.name}`",
            causes=("Git repository references local file source, but only directories are supported there",),
        )
    inside = os.path.relpath(os.path.realpath(source.path), os.path.realpath(place.root)).replace(os.sep, "/")
    if inside == ".." or inside.startswith("../"):
        raise OutsideRepository(
            f"Failed to parse entry: `{requirement.name}`",
            causes=(f"Git repository references local directory outside the repository: `{requirement.name}`",),
        )
    moved: FromGit = msgspec.structs.replace(place.repository, subdirectory="" if inside == "." else inside)
    return msgspec.structs.replace(requirement, source=moved)


def _undeclared(name: PackageName, place: Place) -> InvalidText:
    return UndeclaredIndex(
        f"Failed to parse entry: `{name}`",
        causes=(f"The sources of the tree at `{place.folder}` name an index for it that this run does not know",),
        hints=("Name the same index in your own configuration", "Pass `--no-sources` to pass over sources"),
    )
