"""`Resolution`: the chosen versions, their files, and who asked for whom; in one environment, or in all of them."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec
from packaging.version import Version

from keyrack.values.artifact import Digest, File
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, GroupName, PackageName
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
    """All pins by name in order, and warnings for the user (yanked versions, extras that do not exist).

    `cautions` are what the user should hear before anything else (no lower bounds, files without a date).
    """

    pins: tuple[Pin, ...]
    warnings: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


M = TypeVar("M")
"""What markers are: diagrams of `policy/markers`, which no value needs to know."""


class Edge(msgspec.Struct, Generic[M], frozen=True):
    """What one pin, or one of its extras or groups, needs of another.

    `extra` or `group` is the part of this pin that needs it, "" for the pin itself. `pin` is the place of the other pin
    in the resolution, and `to_extra` or `to_group` the part of it that is needed; who needs an extra has an edge to the
    pin itself as well. `marker` tells where: the requirement's own marker in the forks that chose both, without the way
    from the request to this pin.
    """

    pin: int
    marker: M
    extra: ExtraName = ExtraName("")
    group: GroupName = GroupName("")
    to_extra: ExtraName = ExtraName("")
    to_group: GroupName = GroupName("")


class UniversalPin(msgspec.Struct, Generic[M], frozen=True):
    """One version that is chosen somewhere. A name may have several, apart by version, source or index.

    `marker` tells where it is needed at all, with `extras` and `groups` the markers of these parts, by name in order.
    `forks` are the places of the forks that chose it. `files` are all files of its version that some environment of
    the resolution could use, in the index's order; `edges` are in the order of target, part and wanted part.
    """

    name: PackageName
    version: Version
    source: RequirementSource
    marker: M
    metadata: Metadata
    forks: tuple[int, ...]
    files: tuple[File, ...] = ()
    extras: tuple[tuple[ExtraName, M], ...] = ()
    groups: tuple[tuple[GroupName, M], ...] = ()
    edges: tuple[Edge[M], ...] = ()
    expected: tuple[Digest, ...] = ()


class UniversalResolution(msgspec.Struct, Generic[M], frozen=True):
    """All pins of all environments, by name, version and source in order; `roots` are what the user asked for.

    `forks` are the environments that were solved apart, in the order in which they were solved; none where there was
    one solution for everything. Their markers hold conflict items as extras (`ConflictItem.atom`).
    """

    pins: tuple[UniversalPin[M], ...]
    roots: tuple[Edge[M], ...] = ()
    forks: tuple[M, ...] = ()
    warnings: tuple[str, ...] = ()
