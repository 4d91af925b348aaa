"""A requirement as a value: what, in which versions, when, and from where (PEP 508)."""

from __future__ import annotations

from enum import Enum, IntEnum

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.values.artifact import Digest
from keyrack.values.credentials import Complete
from keyrack.values.index import IndexId
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.url import Url


class FromIndex(msgspec.Struct, frozen=True):
    """From an index: any that is searched, or the one that it is pinned to in `[tool.uv.sources]`."""

    index: IndexId | None = None


class FromUrl(msgspec.Struct, frozen=True):
    """From an archive at a URL (http, https or file). `credentials` stood in the user's text (D19).

    Any one of the `digests` must match, where there are any.
    """

    url: Url
    credentials: Complete | None = None
    subdirectory: str = ""
    digests: tuple[Digest, ...] = ()


class FromTree(msgspec.Struct, frozen=True):
    """From a source tree on this disk; `path` is absolute.

    `editable` is None where nobody said: not editable, unless another requirement on the same tree says so. What is
    `virtual` is not built and not installed, only what it requires (`package = false`); None where nobody said.
    """

    path: str
    editable: bool | None = None
    virtual: bool | None = None


class RevisionKind(Enum):
    """What a revision of a repository was said to be. A revision of no known kind may be a branch, tag or commit."""

    ANY = "rev"
    BRANCH = "branch"
    TAG = "tag"


class FromGit(msgspec.Struct, frozen=True):
    """From a git repository; `url` has no `git+`. `credentials` stood in the user's text (D19).

    `revision` is what was asked for, "" for the default branch; `commit` is what that turned out to be, in full, "" as
    long as nobody has looked.
    """

    url: Url
    revision: str = ""
    subdirectory: str = ""
    credentials: Complete | None = None
    kind: RevisionKind = RevisionKind.ANY
    commit: str = ""
    lfs: bool | None = None


RequirementSource = FromIndex | FromUrl | FromTree | FromGit


class WrittenKind(IntEnum):
    """What a requirement stood in; files come first where places are listed."""

    FILE = 0
    PROJECT = 1
    GROUP = 2
    SETTINGS = 3


class Written(msgspec.Struct, frozen=True):
    """One place. `path` is as the user gave it, or absolute for what such a file includes; "" for settings.

    `project` is its name, "" where it has none; `group` is set where the kind says so.
    """

    kind: WrittenKind
    path: str = ""
    project: str = ""
    group: str = ""


IN_SETTINGS = Written(WrittenKind.SETTINGS)


class Requirement(msgspec.Struct, frozen=True):
    """One requirement. `place` says where it was written (`-r requirements.txt`, line 3), for messages.

    `digests` are the hashes that were written with it; any one of them suffices (pip's hash-checking mode).
    `groups` are dependency groups of a source tree, which are needed without the tree's own requirements (PEP 735).
    `written` is the place that output files name for it (`# via -r requirements.in`); None for published metadata.
    `given` is a path on this disk just as it was written (`./lib`, `file:///lib`), "" for whatever else there is.
    """

    name: PackageName
    extras: frozenset[ExtraName] = frozenset()
    specifier: SpecifierSet = SpecifierSet()
    marker: Marker | None = None
    source: RequirementSource = FromIndex()
    digests: tuple[Digest, ...] = ()
    place: str = ""
    groups: frozenset[GroupName] = frozenset()
    written: Written | None = None
    given: str = ""


class Unnamed(msgspec.Struct, frozen=True):
    """A requirement on what has no name yet: a path or URL that only what lies there can tell the package of."""

    source: FromUrl | FromTree | FromGit
    extras: frozenset[ExtraName] = frozenset()
    marker: Marker | None = None
    digests: tuple[Digest, ...] = ()
    place: str = ""
    written: Written | None = None
    given: str = ""

    def named(self, name: PackageName) -> Requirement:
        """Give the requirement, now that the name is known."""
        return Requirement(
            name,
            self.extras,
            marker=self.marker,
            source=self.source,
            digests=self.digests,
            place=self.place,
            written=self.written,
            given=self.given,
        )
