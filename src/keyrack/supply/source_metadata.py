"""What a source tree will say of itself: its static files first, a build where they do not suffice (PEP 621, 643)."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from keyrack.adapters.folders import read_whole
from keyrack.errors import UnmetRequest
from keyrack.formats.static_sdist import FILES, static_metadata
from keyrack.policy.resolve.catalogue import NeedsBuild
from keyrack.supply.builds import Builds
from keyrack.supply.sources import Direct, NoProject, Sources
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromUrl
from keyrack.values.source_tree import SourceTree
from keyrack.values.source_url import source_text

_LARGEST = 10 * 1024 * 1024


class Place(msgspec.Struct, frozen=True):
    """Where a tree lies: its folder, and for one of a repository that repository and the checkout's own folder."""

    folder: str
    repository: FromGit | None = None
    root: str = ""


Lower = Callable[[Metadata, Place], Metadata]
"""Points what a tree requires at what the tree's own `[tool.uv.sources]` name."""


class SourceReader:
    """Reads the metadata of sources; may be called from any thread."""

    def __init__(self, sources: Sources, lower: Lower, log: Log = silent) -> None:
        """`lower` knows the sources that trees name for what they require."""
        self.sources = sources
        self._lower = lower
        self._log = log
        self._unnamed: dict[Direct, Metadata] = {}

    def read(self, source: Direct, name: PackageName | None, builds: Builds | None) -> Metadata:
        """Give what a source's wheel will say, with what it requires at the sources that the tree itself names.

        Raises `NeedsBuild` where nothing may be built, and what fetching and building raise.
        """
        tree = self._tree(source, name)
        # A tree that was built for its name need not be built once more.
        found = self._unnamed.get(source) or self._static(tree) or self._built(tree, builds)
        if name is None:
            self._unnamed[source] = found
        elif found.name != name:
            raise UnmetRequest(
                f"Failed to build `{tree.label}`",
                causes=(f"Package metadata name `{found.name}` does not match given name `{name}`",),
            )
        if isinstance(source, FromUrl):
            return found  # what was published says where its requirements come from
        if isinstance(source, FromGit):
            return self._lower(found, Place(tree.path, source, self.sources.root(source)))
        return self._lower(found, Place(tree.path))

    def _tree(self, source: Direct, name: PackageName | None) -> SourceTree:
        try:
            return self.sources.tree(source, name)
        except NoProject as error:
            if name is None:
                raise
            place = f"{name} @ {source_text(source)}"
            raise UnmetRequest(f"Failed to build `{place}`", causes=(error.message, *error.causes)) from error

    def _static(self, tree: SourceTree) -> Metadata | None:
        texts = {name: read_whole(os.path.join(tree.path, name), _LARGEST) for name in FILES}
        found = static_metadata({name: text for name, text in texts.items() if text is not None})
        if found is not None:
            self._log(Level.DEBUG, f"Found static metadata for: {tree.label}")
        return found

    def _built(self, tree: SourceTree, builds: Builds | None) -> Metadata:
        if builds is None:
            raise NeedsBuild(f"What `{tree.label}` requires can only be told by building it")
        return builds.metadata(tree)
