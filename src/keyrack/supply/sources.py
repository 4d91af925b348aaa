"""From what a requirement comes from (a folder, a repository, an archive at a URL) to a source tree on this disk."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from hashlib import sha256
from threading import Lock
from typing import Protocol

import msgspec

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.freshness import freshness_of
from keyrack.adapters.git import Git
from keyrack.adapters.store import Entry, Store
from keyrack.errors import UnmetRequest
from keyrack.formats.freshness_json import write_freshness
from keyrack.policy.install.hashes import STORE
from keyrack.supply.once import Once
from keyrack.supply.sdists import Sdists
from keyrack.values.artifact import File
from keyrack.values.freshness import Freshness
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromTree, FromUrl
from keyrack.values.settings import Selection
from keyrack.values.source_tree import SourceTree
from keyrack.values.source_url import file_url, repository, source_text

Direct = FromUrl | FromTree | FromGit
_BUILDABLE = ("pyproject.toml", "setup.py")
_GIT = "git-v1"
REVISIONS, VERSION = "revisions", 1
"""The kind of entries in the cache that name the contents of trees, and their form."""


class NotThere(UnmetRequest):
    """A path that is to be installed does not exist."""


class NoProject(UnmetRequest):
    """A folder holds nothing that could be built."""


class GitProgress(Protocol):
    """Hears which repositories are fetched; called from many threads."""

    def updating(self, url: str, revision: str) -> None:
        """A fetch starts."""
        ...

    def updated(self, url: str, commit: str) -> None:
        """A fetch has ended well."""
        ...


class SourceRules(msgspec.Struct, frozen=True):
    """What the run says of sources: what must be built anew, by name or by path, and the environment's variables."""

    refresh: Selection = Selection()
    anew: frozenset[str] = frozenset()
    variables: Mapping[str, str] = {}
    folder: Callable[[], str] = lambda: ""


class Sources:
    """Brings source trees, each once in a run; may be called from any thread."""

    def __init__(
        self, git: Git, sdists: Sdists, store: Store, rules: SourceRules, progress: GitProgress | None = None
    ) -> None:
        """`rules.folder` makes a folder that lasts as long as the run, for a cache that cannot be written."""
        self._git = git
        self._sdists = sdists
        self._store = store
        self._rules = rules
        self._progress = progress
        self._checkouts: Once[tuple[str, str, str, bool], tuple[str, FromGit]] = Once()
        self._looks: Once[str, Freshness] = Once()
        self._lock = Lock()
        self._revisions: dict[tuple[str, bytes], str] = {}

    def tree(self, source: Direct, name: PackageName | None = None) -> SourceTree:
        """Bring a source here. Raises `NotThere`, `NoProject`, `GitFailed`, and what fetching an archive raises."""
        match source:
            case FromTree():
                return self._local(source, name)
            case FromGit():
                return self._checked_out(source, name)
            case FromUrl():
                return self._unpacked(source, name)

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means; another kind of source is what it is."""
        return self._checkout(source)[1] if isinstance(source, FromGit) else source

    def archive(self, file: File, name: PackageName) -> str:
        """Give the path of a source archive on this disk. Raises what fetching raises."""
        return self._sdists.archive(file, name)

    def root(self, source: FromGit) -> str:
        """Give the folder of the whole repository."""
        return self._checkout(source)[0]

    def freshness(self, path: str) -> Freshness:
        """Give what a folder or archive on this disk looked like when it was first looked at in this run."""
        try:
            return self._looks.get(path, lambda: freshness_of(path, self._rules.variables))
        except OSError as error:
            raise NotThere(f"Distribution not found at: {file_url(path)}") from error

    def _local(self, source: FromTree, name: PackageName | None) -> SourceTree:
        path = source.path
        look = self.freshness(path)
        label = _label(source, name)
        _check_buildable(path, f"`{path}`")
        is_anew = path in self._rules.anew
        key = self._revision(f"tree {os.path.realpath(path)}", write_freshness(look), name, is_anew=is_anew)
        return SourceTree(path, label, source, key, editable=bool(source.editable), name=name)

    def _unpacked(self, source: FromUrl, name: PackageName | None) -> SourceTree:
        # One hash is the archive's own, and it may be in the store; of several any may be.
        own = source.digests if len(source.digests) == 1 else ()
        file = File(source.url.filename, source.url, None, digests=own, credentials=source.credentials)
        label = _label(source, name)
        try:
            folder, digests = self._sdists.unpacked(file, name or PackageName("_"), source.digests, label)
        except UnsafeArchive as error:
            causes = (error.message, *error.causes)
            raise UnmetRequest(f"Failed to download and build `{label}`", causes=causes) from error
        path = _below(folder, source.subdirectory, source)
        identity = f"archive {digests[STORE]} {source.subdirectory}"
        return SourceTree(path, label, source, self._revision(identity, b"", name), name=name)

    def _checked_out(self, source: FromGit, name: PackageName | None) -> SourceTree:
        root, located = self._checkout(source)
        path = _below(root, source.subdirectory, source)
        large = "with large files" if self._wants_large_files(source) else ""
        identity = f"git {repository(source.url)} {located.commit} {source.subdirectory} {large}"
        return SourceTree(path, _label(located, name), located, self._revision(identity, b"", name), name=name)

    def _checkout(self, source: FromGit) -> tuple[str, FromGit]:
        source = msgspec.structs.replace(source, lfs=self._wants_large_files(source))
        key = (repository(source.url), source.commit or source.revision, source.kind.value, bool(source.lfs))
        folder, located = self._checkouts.get(key, lambda: self._bring(source))
        return folder, msgspec.structs.replace(source, commit=located.commit)

    def _bring(self, source: FromGit) -> tuple[str, FromGit]:
        name = sha256(repository(source.url).encode()).hexdigest()[:16]
        is_kept = self._store.prepare()
        root = os.path.join(self._store.root if is_kept else self._rules.folder(), _GIT, "_")
        database = os.path.join(root, f"{name}.git")
        with self._store.alone(f"git {name}") if is_kept else nullcontext():
            commit = self._git.resolve(database, source)
            is_known = commit is not None
            if commit is None:
                self._tell(source, "")
                commit = self._git.fetch(database, source)
            folder = os.path.join(root, f"{name}-{commit[:16]}{'-lfs' if source.lfs else ''}")
            if not os.path.isdir(folder):
                self._git.check_out(database, commit, folder, source)
        if not is_known:
            self._tell(source, commit)
        return folder, msgspec.structs.replace(source, commit=commit)

    def _tell(self, source: FromGit, commit: str) -> None:
        if self._progress is None:
            return
        if commit:
            self._progress.updated(str(source.url), commit)
        else:
            self._progress.updating(str(source.url), source.revision or "HEAD")

    def _wants_large_files(self, source: FromGit) -> bool:
        said = self._rules.variables.get("UV_GIT_LFS", "").lower()
        return said in ("1", "true", "yes", "on", "y", "t") if source.lfs is None else source.lfs

    def _revision(self, identity: str, look: bytes, name: PackageName | None, *, is_anew: bool = False) -> str:
        """Name the contents of a tree: as the last time if it looks the same, and anew where the user asks for that."""
        with self._lock:
            known = self._revisions.get((identity, look))
            if known is not None:
                return known
            bucket = self._store.bucket(REVISIONS, VERSION)
            package = name or "_"
            entry = bucket.find(identity, package)
            refresh = self._rules.refresh
            if entry is None or entry.head != look or is_anew or refresh.all or name in refresh.names:
                entry = Entry(look, os.urandom(8).hex().encode())
                bucket.keep(identity, entry, package)
            found = self._revisions[identity, look] = f"{identity} {entry.body.decode()}"
            return found


def _label(source: Direct, name: PackageName | None) -> str:
    return f"{name} @ {source_text(source)}" if name else source_text(source)


def _below(root: str, subdirectory: str, source: Direct) -> str:
    """Give a folder of a tree; a link in it leads nowhere else. Raises `NoProject`."""
    inside = posixpath.normpath(subdirectory) if subdirectory else "."
    path = os.path.normpath(os.path.join(root, inside))
    place = os.path.realpath(path)
    whole = os.path.realpath(root)
    is_below = place == whole or place.startswith(whole + os.sep)
    if inside.startswith(("..", "/")) or not is_below or not os.path.isdir(path):
        raise NoProject(f"The source distribution `{source_text(source)}` has no subdirectory `{subdirectory}`")
    _check_buildable(path, f"`{source_text(source)}`")
    return path


def _check_buildable(path: str, shown: str) -> None:
    if not os.path.isdir(path):
        raise NoProject(f"{shown} is neither a folder nor an archive that can be installed")
    if not any(os.path.exists(os.path.join(path, name)) for name in _BUILDABLE):
        raise NoProject(
            f"{shown} does not appear to be a Python project, as neither `pyproject.toml` nor `setup.py` are present in"
            " the directory"
        )
