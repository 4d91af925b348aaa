"""What a compiled requirements file says of each package, before it is written."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.values.artifact import Digest
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import RequirementSource


class CompiledLine(msgspec.Struct, frozen=True):
    """One package. `marker` is the text behind `;`, "" for everywhere.

    `sources` are the places that name it, `dependents` the packages that need it, both in their order; `index` is the
    URL of the index that it is from, "" where that is not told. `given` is the path of a local source as the user wrote
    it.
    """

    name: PackageName
    version: Version
    source: RequirementSource
    extras: tuple[ExtraName, ...] = ()
    marker: str = ""
    digests: tuple[Digest, ...] = ()
    sources: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    index: str = ""
    given: str = ""
