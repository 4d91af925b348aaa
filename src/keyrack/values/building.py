"""How packages are built: what one place says of it, and what counts after all were weighed (PEP 517)."""

from __future__ import annotations

import msgspec

from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement

ConfigSettings = tuple[tuple[str, str | tuple[str, ...]], ...]
"""Keys and values that are handed to a backend as they are (PEP 517), in order; a key given twice has several."""


class ExtraRequirement(msgspec.Struct, frozen=True):
    """A requirement that a package's builds need and do not name. `match_runtime` takes the resolved version."""

    requirement: Requirement
    match_runtime: bool = False


class BuildWords(msgspec.Struct, frozen=True):
    """What one place says of builds; None and empty where it says nothing. Later entries of a package add to earlier.

    `in_place` tells that packages are built in the environment itself (`no-build-isolation`), `in_place_package` which.
    """

    config_settings: ConfigSettings = ()
    config_settings_package: tuple[tuple[PackageName, ConfigSettings], ...] = ()
    in_place: bool | None = None
    in_place_package: tuple[PackageName, ...] = ()
    extra_requirements: tuple[tuple[PackageName, tuple[ExtraRequirement, ...]], ...] = ()
    extra_variables: tuple[tuple[PackageName, tuple[tuple[str, str], ...]], ...] = ()
    constraints: tuple[Requirement, ...] = ()
    require_hashes: bool | None = None
    at_once: int | None = None


class Building(msgspec.Struct, frozen=True):
    """What the run says of builds. `at_once` is how many hooks may run together, 0 for as many as there are processors.

    Packages are built `in_place` (in the environment itself) all, or those that are named.
    """

    config_settings: ConfigSettings = ()
    config_settings_package: tuple[tuple[PackageName, ConfigSettings], ...] = ()
    in_place: bool = False
    in_place_package: frozenset[PackageName] = frozenset()
    extra_requirements: tuple[tuple[PackageName, tuple[ExtraRequirement, ...]], ...] = ()
    extra_variables: tuple[tuple[PackageName, tuple[tuple[str, str], ...]], ...] = ()
    constraints: tuple[Requirement, ...] = ()
    require_hashes: bool = False
    at_once: int = 0

    def is_in_place(self, name: PackageName | None) -> bool:
        """Say whether a package is built in the environment itself; None is one whose name is not known yet."""
        return self.in_place or name in self.in_place_package

    def settings_of(self, name: PackageName | None) -> ConfigSettings:
        """Give what a package's backend is told: what is said of it comes after what is said of all."""
        found = self.config_settings
        for package, own in self.config_settings_package:
            found = merged(found, own) if package == name else found
        return found

    def extra_of(self, name: PackageName | None) -> tuple[ExtraRequirement, ...]:
        """Give what a package's builds need beside what it says itself."""
        return tuple(one for package, extra in self.extra_requirements if package == name for one in extra)

    def variables_of(self, name: PackageName | None) -> tuple[tuple[str, str], ...]:
        """Give the variables that a package's builds see; what was said first counts."""
        found: dict[str, str] = {}
        for package, variables in self.extra_variables:
            for key, value in variables if package == name else ():
                found.setdefault(key, value)
        return tuple(found.items())


def weighed(words: tuple[BuildWords, ...]) -> Building:
    """Weigh what places say, the highest first."""
    settings: ConfigSettings = ()
    for word in words:
        settings = merged(settings, word.config_settings)
    return Building(
        config_settings=settings,
        config_settings_package=tuple(one for word in words for one in word.config_settings_package),
        in_place=next((word.in_place for word in words if word.in_place is not None), False),
        in_place_package=frozenset(name for word in words for name in word.in_place_package),
        extra_requirements=tuple(one for word in words for one in word.extra_requirements),
        extra_variables=tuple(one for word in words for one in word.extra_variables),
        constraints=tuple(one for word in words for one in word.constraints),
        require_hashes=next((word.require_hashes for word in words if word.require_hashes is not None), False),
        at_once=next((word.at_once for word in words if word.at_once is not None), 0),
    )


def merged(one: ConfigSettings, other: ConfigSettings) -> ConfigSettings:
    """Join two sets of settings: a key in both has the values of both, in this order."""
    found: dict[str, str | tuple[str, ...]] = dict(one)
    for key, value in other:
        known = found.get(key)
        found[key] = value if known is None else (*_several(known), *_several(value))
    return tuple(found.items())


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
