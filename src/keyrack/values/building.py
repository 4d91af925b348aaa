"""How packages are built, after flags, environment and files were weighed."""

from __future__ import annotations

import msgspec

from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.settings import Selection

ConfigSettings = tuple[tuple[str, str | tuple[str, ...]], ...]
"""Keys and values that are handed to a backend as they are (PEP 517), in order; a key given twice has several."""


class ExtraRequirement(msgspec.Struct, frozen=True):
    """A requirement that a package's builds need and do not name. `match_runtime` takes the resolved version."""

    requirement: Requirement
    match_runtime: bool = False


class Building(msgspec.Struct, frozen=True):
    """What the run says of builds. `unisolated` are packages that are built in the environment itself.

    `at_once` is how many hooks may run together.
    """

    config_settings: ConfigSettings = ()
    config_settings_package: tuple[tuple[PackageName, ConfigSettings], ...] = ()
    unisolated: Selection = Selection()
    extra_requirements: tuple[tuple[PackageName, tuple[ExtraRequirement, ...]], ...] = ()
    extra_variables: tuple[tuple[PackageName, tuple[tuple[str, str], ...]], ...] = ()
    constraints: tuple[Requirement, ...] = ()
    at_once: int = 0

    def settings_of(self, name: PackageName | None) -> ConfigSettings:
        """Give what a package's backend is told: what is said of it comes after what is said of all."""
        own = next((settings for package, settings in self.config_settings_package if package == name), ())
        return merged(self.config_settings, own)

    def extra_of(self, name: PackageName | None) -> tuple[ExtraRequirement, ...]:
        """Give what a package's builds need beside what it says itself."""
        return next((extra for package, extra in self.extra_requirements if package == name), ())

    def variables_of(self, name: PackageName | None) -> tuple[tuple[str, str], ...]:
        """Give the variables that a package's builds see."""
        return next((found for package, found in self.extra_variables if package == name), ())


def merged(one: ConfigSettings, other: ConfigSettings) -> ConfigSettings:
    """Join two sets of settings: a key in both has the values of both, in this order."""
    found: dict[str, str | tuple[str, ...]] = dict(one)
    for key, value in other:
        known = found.get(key)
        found[key] = value if known is None else (*_several(known), *_several(value))
    return tuple(found.items())


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
