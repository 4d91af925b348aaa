"""What settings, flags and variables say of builds: `config-settings`, `extra-build-dependencies` and their kin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.building import BuildWords, ConfigSettings, ExtraRequirement, merged
from keyrack.values.names import PackageName, package_name

Value = str | tuple[str, ...]
Found = TypeVar("Found")


class ExtraTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    """One entry of `extra-build-dependencies` that says more than a requirement."""

    requirement: str
    match_runtime: bool = False


class BuildTable(msgspec.Struct, rename="kebab", kw_only=True):
    """The keys of a table of settings that speak of builds. Flags give texts where files give tables."""

    config_settings: dict[str, Value] | tuple[str, ...] = ()
    config_settings_package: dict[str, dict[str, Value]] | tuple[str, ...] = ()
    no_build_isolation: bool | None = None
    no_build_isolation_package: tuple[str, ...] = ()
    extra_build_dependencies: dict[str, tuple[str | ExtraTable, ...]] = {}
    extra_build_variables: dict[str, dict[str, str]] = {}
    build_constraint_dependencies: tuple[str, ...] = ()
    require_build_hashes: bool | None = None
    concurrent_builds: int | None = None


BUILD_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(BuildTable))


def build_words(table: BuildTable, place: str, folder: str) -> BuildWords:
    """Read what a table says of builds. Raises `BadKey`."""
    return BuildWords(
        config_settings=_settings(table.config_settings, "config-settings"),
        config_settings_package=tuple(_of_packages(table.config_settings_package)),
        in_place=table.no_build_isolation,
        in_place_package=tuple(_name(text, "no-build-isolation-package") for text in table.no_build_isolation_package),
        extra_requirements=tuple(
            (_name(name, "extra-build-dependencies"), tuple(_extra(each, name, place, folder) for each in listed))
            for name, listed in table.extra_build_dependencies.items()
        ),
        extra_variables=tuple(
            (_name(name, "extra-build-variables"), tuple(variables.items()))
            for name, variables in table.extra_build_variables.items()
        ),
        constraints=tuple(
            _at(("build-constraint-dependencies", at), text, lambda text: parse_requirement(text, place, folder))
            for at, text in enumerate(table.build_constraint_dependencies)
        ),
        require_hashes=table.require_build_hashes,
        at_once=table.concurrent_builds,
    )


def _settings(given: Mapping[str, Value] | tuple[str, ...], key: str) -> ConfigSettings:
    if isinstance(given, Mapping):
        return tuple(given.items())
    found: ConfigSettings = ()
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadKey((key,), f"Invalid config setting: {text} (expected `KEY=VALUE`)")
        found = merged(found, ((name.strip(), value.strip()),))
    return found


def _of_packages(
    given: Mapping[str, Mapping[str, Value]] | tuple[str, ...],
) -> list[tuple[PackageName, ConfigSettings]]:
    key = "config-settings-package"
    if isinstance(given, Mapping):
        return [(_name(name, key), tuple(settings.items())) for name, settings in given.items()]
    found = []
    for text in given:
        name, colon, setting = text.partition(":")
        if not colon or "=" not in setting:
            raise BadKey((key,), f"Invalid config setting: {text} (expected `PACKAGE:KEY=VALUE`)")
        found.append((_name(name.strip(), key), _settings((setting,), key)))
    return found


def _extra(given: str | ExtraTable, name: str, place: str, folder: str) -> ExtraRequirement:
    text, match_runtime = (given, False) if isinstance(given, str) else (given.requirement, given.match_runtime)
    path = ("extra-build-dependencies", name)
    requirement = _at(path, text, lambda text: parse_requirement(text, place, folder))
    if match_runtime and requirement.specifier:
        raise BadKey(path, "Dependencies marked with `match-runtime = true` cannot include version specifiers")
    return ExtraRequirement(requirement, match_runtime)


def _name(text: str, key: str) -> PackageName:
    return _at((key,), text, package_name)


def _at(path: tuple[str | int, ...], text: str, read: Callable[[str], Found]) -> Found:
    try:
        return read(text)
    except InvalidText as error:
        raise BadKey(path, "\n".join((error.message, *error.causes))) from error
