"""Build a project's distributions: an sdist, and a wheel from what is in that sdist (uv's `build`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import msgspec

from keyrack.adapters.disk import empty_tree, write_atomic
from keyrack.adapters.folders import is_file, is_folder
from keyrack.adapters.unpack import unpack
from keyrack.errors import KeyrackError
from keyrack.operations.python_choice import choose_python
from keyrack.operations.pythons import find
from keyrack.operations.tools import Tools
from keyrack.operations.workspaces import find_workspace
from keyrack.supply.builds import Builds
from keyrack.values.artifact import SDIST_SUFFIXES
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import package_name
from keyrack.values.requirement import FromTree
from keyrack.values.source_tree import SourceTree

Say = Callable[[str], None]


class BuildRequest(msgspec.Struct, frozen=True):
    """What is built, and where to; `source` is the path of a folder or of an sdist.

    With neither `sdist` nor `wheel` both are built, the wheel from what the sdist has.
    """

    source: str
    out_folder: str
    python: Interpreter
    sdist: bool = False
    wheel: bool = False
    with_gitignore: bool = True


class Heard(msgspec.Struct, frozen=True):
    """Who hears of the builds: what begins, and what a backend says."""

    step: Say
    said: Say


class SourceMissing(KeyrackError):
    """There is nothing to build."""


class Source(msgspec.Struct, frozen=True):
    """A folder or an sdist, and where its distributions go unless told otherwise."""

    path: str
    out_folder: str


def sources(folder: str, named: str | None, package: str | None, *, everything: bool) -> tuple[Source, ...]:
    """Say what is built: what was named, else the folder itself, or members of the workspace around it."""
    path = os.path.normpath(os.path.join(folder, named or ""))
    if is_file(path):
        return (Source(path, os.path.dirname(path)),)
    if package is None and not everything:
        return (Source(path, os.path.join(path, "dist")),)
    workspace = find_workspace(path)
    out = os.path.join(workspace.root, "dist")
    if package is not None:
        member = workspace.member(package_name(package))
        if member is None:
            raise SourceMissing(f"Package `{package}` not found in workspace")
        return (Source(member.folder, out),)
    found = tuple(Source(member.folder, out) for member in workspace.members if member.facts.is_package)
    if not found:
        raise SourceMissing("Workspace does not contain any buildable packages")
    return found


def python_for(source: Source, tools: Tools, asked: str | None) -> Interpreter:
    """Find the Python that builds: the one asked for, else the one that the project is for. Raises `NoPython`."""
    folder = source.path if is_folder(source.path) else os.path.dirname(source.path)
    pythons = msgspec.structs.replace(tools.pythons, folder=folder)
    return find(pythons, choose_python(pythons, asked).request)


def build_project(request: BuildRequest, tools: Tools, heard: Heard) -> tuple[str, ...]:
    """Build, and give the paths of what was made. Raises `BuildFailed`; what was made before that stays."""
    builds = tools.workshop.begin(request.python)
    yard = _Yard(tools.workshop.folder(), request, heard, builds)
    if is_file(request.source):
        return (yard.from_archive(),)
    if not is_folder(request.source):
        raise SourceMissing(f"Source `{os.path.relpath(request.source, tools.folder)}` does not exist")
    return yard.from_folder()


def clear(folder: str) -> None:
    """Empty the folder that distributions are written to."""
    if is_folder(folder):
        empty_tree(folder)


class _Yard:
    """Where one project is built: nothing comes into the folder of the results before it is whole."""

    def __init__(self, folder: str, request: BuildRequest, heard: Heard, builds: Builds) -> None:
        self._folder = folder
        self._request = request
        self._heard = heard
        self._builds = builds

    def from_folder(self) -> tuple[str, ...]:
        """Build from a folder: both, unless told which."""
        request = self._request
        if request.wheel and not request.sdist:
            self._heard.step("Building wheel...")
            return (self._make(_tree(request.source), "wheel"),)
        self._heard.step("Building source distribution...")
        sdist = self._make(_tree(request.source), "sdist")
        if request.sdist and not request.wheel:
            return (sdist,)
        if request.sdist:
            self._heard.step("Building wheel...")
            return sdist, self._make(_tree(request.source), "wheel")
        self._heard.step("Building wheel from source distribution...")
        return sdist, self._make(self._unpacked(sdist), "wheel")

    def from_archive(self) -> str:
        """Build a wheel from an sdist."""
        request, cause = self._request, ""
        if not request.wheel:
            cause = "Pass `--wheel` explicitly to build a wheel from a source distribution"
        elif request.sdist:
            cause = "Building an `--sdist` from a source distribution is not supported"
        elif not request.source.endswith(SDIST_SUFFIXES):
            cause = "It is neither a folder nor a source distribution"
        if cause:
            raise KeyrackError(f"Failed to build `{request.source}`", causes=(cause,))
        self._heard.step("Building wheel from source distribution...")
        return self._make(self._unpacked(request.source), "wheel")

    def _make(self, tree: SourceTree, kind: str) -> str:
        scratch = os.path.join(self._folder, os.urandom(8).hex())
        os.makedirs(scratch)
        made = self._builds.distribute(tree, kind, scratch)
        self._heard.said(made.said)
        out = self._request.out_folder
        try:
            os.makedirs(out, exist_ok=True)
            ignored = os.path.join(out, ".gitignore")
            if self._request.with_gitignore and not os.path.lexists(ignored):
                write_atomic(ignored, b"*")
            path = os.path.join(out, os.path.basename(made.path))
            partial = f"{path}.part"
            shutil.copyfile(made.path, partial)
            os.replace(partial, path)
        except OSError as error:
            raise KeyrackError(f"Cannot write into `{out}`", causes=(error.strerror or str(error),)) from error
        return path

    def _unpacked(self, archive: str) -> SourceTree:
        folder = os.path.join(self._folder, os.urandom(8).hex())
        return _tree(unpack(archive, os.path.basename(archive), folder), archive)


def _tree(folder: str, shown: str = "") -> SourceTree:
    return SourceTree(folder, shown or folder, FromTree(folder))
