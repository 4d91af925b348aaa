"""What an output file holds already: its versions are kept where they still fit, and so are their hashes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.adapters.folders import read_whole
from keyrack.formats.pylock import parse_pylock
from keyrack.formats.requirements_txt import Folders, decode_requirements, parse_requirements
from keyrack.operations.input_files import LARGEST
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.question import Preference, PreferenceSource
from keyrack.values.artifact import Digest, parse_version
from keyrack.values.names import PackageName
from keyrack.values.points import point
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.settings import Selection


class Kept(msgspec.Struct, frozen=True):
    """The versions that an output file holds, in its order, and the hashes that it gives for them."""

    requirements: tuple[Requirement, ...] = ()
    source: PreferenceSource = PreferenceSource.REQUIREMENTS

    def preferences(self, environment: Environment | None) -> dict[PackageName, tuple[Preference, ...]]:
        """Give the versions to prefer, of requirements that hold in an environment (None: in any)."""
        found: dict[PackageName, tuple[Preference, ...]] = {}
        for one in self.requirements:
            if environment is None or environment.holds(one.marker):
                preference = Preference(point(pinned_version(one)), source=self.source)
                found[one.name] = (*found.get(one.name, ()), preference)
        return found

    @property
    def digests(self) -> Mapping[tuple[PackageName, Version], tuple[Digest, ...]]:
        """The hashes of each version that has some."""
        return {(one.name, parse_version(pinned_version(one))): one.digests for one in self.requirements if one.digests}


def kept_versions(path: str, folder: str, upgrade: Selection, *, is_lock: bool) -> Kept:
    """Read an output file that may be there. `InvalidText` tells file and line of what cannot be read."""
    body = None if upgrade.all else read_whole(path, LARGEST)
    if body is None:
        return Kept()
    shown = os.path.relpath(path, folder)
    if is_lock:
        locked = _locked(decode_requirements(body, shown), shown)
        return Kept(tuple(one for one in locked if not upgrade.holds(one.name)), PreferenceSource.LOCK)
    folders = Folders(run=folder, own=os.path.dirname(path))
    file = parse_requirements(decode_requirements(body, shown), shown, folders, {})
    found = (one for one in file.entries if isinstance(one, Requirement) and pinned_version(one))
    return Kept(tuple(one for one in found if not upgrade.holds(one.name)))


def _locked(text: str, shown: str) -> Iterator[Requirement]:
    for package in parse_pylock(text, shown).packages:
        if package.version is not None:
            yield Requirement(package.name, specifier=SpecifierSet(f"=={package.version}"))


def pinned_version(requirement: Requirement) -> str:
    """Give the one version that a requirement pins with `==`; "" where it does not."""
    specifiers = list(requirement.specifier)
    is_pin = isinstance(requirement.source, FromIndex) and len(specifiers) == 1 and specifiers[0].operator == "=="
    return specifiers[0].version if is_pin and not specifiers[0].version.endswith(".*") else ""
