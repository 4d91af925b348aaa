"""`Resolution`: the chosen versions, their files, and who asked for whom."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.values.artifact import Digest, File
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex, RequirementSource


class Pin(msgspec.Struct, frozen=True):
    """One chosen version. `wheel` is the file to install for the target, `files` what its version has.

    `wheel` is None where only an sdist would do; `files` are all of the version's only where they were asked for.
    `installed` is the copy that is kept as it is; then there is no file. `required_by` are names of pins, in order, ""
    for the user. `expected` are the hashes that the user's requirements ask for, any one of which suffices.
    """

    name: PackageName
    version: Version
    extras: frozenset[ExtraName]
    wheel: File | None
    files: tuple[File, ...]
    metadata: Metadata
    source: RequirementSource = FromIndex()
    required_by: tuple[str, ...] = ()
    installed: Installed | None = None
    expected: tuple[Digest, ...] = ()


class Resolution(msgspec.Struct, frozen=True):
    """All pins by name in order, and warnings for the user (yanked versions, extras that do not exist)."""

    pins: tuple[Pin, ...]
    warnings: tuple[str, ...] = ()
