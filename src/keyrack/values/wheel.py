"""What a wheel says of itself and what it holds, from its first reading to the store (PEP 427, 376)."""

from __future__ import annotations

import msgspec

from keyrack.values.artifact import Digest
from keyrack.values.names import PackageName


class WheelFacts(msgspec.Struct, frozen=True):
    """The WHEEL file: `version` as (major, minor), and where the root of the archive goes."""

    version: tuple[int, int]
    root_is_purelib: bool
    generator: str = ""
    tags: tuple[str, ...] = ()
    build: str = ""


class RecordRow(msgspec.Struct, frozen=True, array_like=True):
    """One row of RECORD. `digest` is `algorithm=urlsafe-base64` without padding, or empty; `size` is in bytes."""

    path: str
    digest: str = ""
    size: int | None = None


class EntryPoint(msgspec.Struct, frozen=True, order=True):
    """A launcher that the wheel asks for: `attribute` of `module` is called (it may have dots)."""

    name: str
    module: str
    attribute: str
    gui: bool = False


class Member(msgspec.Struct, frozen=True, array_like=True):
    """A file of an unpacked wheel: its path in the archive, with what RECORD says of it.

    `modified` is the time of the stored file in nanoseconds: another time means that somebody changed the file.
    """

    path: str
    size: int
    digest: str
    executable: bool = False
    modified: int = 0

    @property
    def row(self) -> RecordRow:
        """The file's row in RECORD, as long as it stays where it is."""
        return RecordRow(self.path, self.digest, self.size)


class Manifest(msgspec.Struct, frozen=True):
    """All that an installation needs to know of an unpacked wheel, without looking at its tree.

    `stem` is `name-version` as its dist-info folder spells it. `folders` come before what is in them. `members` leave
    out RECORD and what an installer writes by itself. `placeholders` are scripts that begin with `#!python`.
    `digests` are those of the archive; sha256 is one of them.
    """

    name: PackageName
    version_text: str
    stem: str
    facts: WheelFacts
    folders: tuple[str, ...]
    members: tuple[Member, ...]
    entry_points: tuple[EntryPoint, ...] = ()
    placeholders: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def dist_info(self) -> str:
        """The name of its dist-info folder."""
        return f"{self.stem}.dist-info"

    @property
    def data(self) -> str:
        """The name of its data folder, whether it has one or not."""
        return f"{self.stem}.data"


class StoredWheel(msgspec.Struct, frozen=True):
    """A wheel in the store: the folder of its tree, and its manifest. `fresh` tells that this run unpacked it."""

    folder: str
    manifest: Manifest
    fresh: bool = False
