"""Why a package or a version is out, as values: the solver passes them on unread, words and hints are made of them."""

from __future__ import annotations

from enum import Enum

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.policy.index.choose import Exclusion


class Missing(Enum):
    """Why nothing of a package is known."""

    NOT_FOUND = "was not found in the package registry"
    NO_INDEX = "was not found in the provided package locations"
    OFFLINE = "was not found in the cache"


class Unlisted(msgspec.Struct, frozen=True):
    """No index that was asked lists the package."""

    missing: Missing


class NoFile(msgspec.Struct, frozen=True):
    """No file of the version can be used, and why the closest one cannot."""

    exclusion: Exclusion


class NoPlatform(msgspec.Struct, frozen=True):
    """No wheel of the version serves an environment that must be served; `environment` is its marker as text."""

    environment: str


class OldPython(msgspec.Struct, frozen=True):
    """The version's metadata asks for a newer Python than the page said, or the page said nothing."""

    requires_python: str


class Unbuilt(msgspec.Struct, frozen=True):
    """What the version requires can only be told by building its source distribution."""


class OfflineFile(msgspec.Struct, frozen=True):
    """The version's metadata is not in the cache, and the network is off."""


class BadMetadata(msgspec.Struct, frozen=True):
    """The version's metadata cannot be read, and what is wrong with it, outermost first."""

    what: str
    causes: tuple[str, ...] = ()


class Impossible(msgspec.Struct, frozen=True):
    """The version requires of one package, written with its extras, what no version can be."""

    name: str
    specifiers: SpecifierSet


Reason = Unlisted | NoFile | NoPlatform | OldPython | Unbuilt | OfflineFile | BadMetadata | Impossible
