"""What is to be resolved: requirements, and everything that narrows how they may be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.tags import Tags
from keyrack.policy.resolve.catalogue import Direct
from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.index import Indexes, IndexId, IndexStrategy
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point
from keyrack.values.requirement import Requirement
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Selection


class Target(msgspec.Struct, frozen=True):
    """The one environment that is resolved for. `installed` is the version of the Python at hand."""

    markers: Mapping[str, str]
    tags: Tags
    python: Version
    installed: Version


class PreferenceSource(Enum):
    """Where a preference comes from."""

    LOCK = "lock"
    REQUIREMENTS = "requirements"
    ENVIRONMENT = "environment"
    FORK = "an earlier fork"


class Preference(msgspec.Struct, frozen=True):
    """A version to keep where it is in range: a locked one, or what an output file holds. `index` where it is known."""

    version: Point
    index: IndexId | None = None
    source: PreferenceSource = PreferenceSource.LOCK


MetadataOf = Callable[[Installed], Metadata | None]
"""Gives the metadata of an installed distribution; None where it has none that can be read."""


def unreadable(_installed: Installed) -> Metadata | None:
    """Read nothing."""
    return None


class Question(msgspec.Struct, frozen=True):
    """One environment's question. `pins` are packages that only one index may answer for.

    `direct` are the requirements of the user and of local projects, `urls` the packages that come from a URL. `upgrade`
    are those whose installed and locked versions are not kept, `reinstall` those whose installed copies do not count.
    `metadata_of` reads what an installed distribution says of itself.
    """

    direct: tuple[Requirement, ...]
    target: Target
    rules: FileRules
    indexes: Indexes = Indexes()
    constraints: tuple[Requirement, ...] = ()
    overrides: tuple[Requirement, ...] = ()
    excludes: frozenset[PackageName] = frozenset()
    pins: Mapping[PackageName, IndexId] = {}
    preferences: Mapping[PackageName, tuple[Preference, ...]] = {}
    installed: Mapping[PackageName, tuple[Installed, ...]] = {}
    resolution: ResolutionMode = ResolutionMode.HIGHEST
    prerelease: PrereleaseMode = PrereleaseMode.IF_NECESSARY
    prerelease_package: Mapping[PackageName, PrereleaseMode] = {}
    strategy: IndexStrategy = IndexStrategy.FIRST_INDEX
    upgrade: Selection = Selection()
    reinstall: Selection = Selection()
    with_dependencies: bool = True
    urls: Mapping[PackageName, Direct] = {}
    hashes: Hashes = Hashes()
    metadata_of: MetadataOf = unreadable
