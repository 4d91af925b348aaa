"""uv.lock -> `Lock`: revisions 1 to 5 of version 1, and whatever a later revision leaves as it was."""

from __future__ import annotations

from typing import Any

import msgspec

from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.bad_key import BadKey
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.toml_text import parse_toml
from keyrack.formats.uv_lock_packages import read_manifest, read_packages
from keyrack.formats.uv_lock_parts import read_conflict
from keyrack.formats.uv_lock_place import each, told, within, wrong_type
from keyrack.formats.uv_lock_tables import CutoffTable, LockTable, OptionsTable
from keyrack.values.lock import VERSION, Lock, LockedCutoff, LockOptions
from keyrack.values.names import package_name
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode


class UnknownLockVersion(KeyrackError):
    """The lock has a version of its format that nobody knew when this was written."""


_OLDER_MODES = {"if-necessary-or-explicit": "if-necessary"}


def parse_lock(text: str, place: str, *, check_wheels: bool = True) -> Lock:
    """Read a lock. `place` names its file in messages. Without `check_wheels` wheels may have any version.

    Raises `UnknownLockVersion`, and `InvalidText` with the line of what cannot be read.
    """
    try:
        document = parse_toml(text, place)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse `{place}`", causes=error.causes) from error.__cause__
    version = document.get("version")
    try:
        return _lock(document, check_wheels=check_wheels)
    except BadKey as error:
        if isinstance(version, int) and version != VERSION:
            raise _unknown(place, version, "Failed to parse `{}`, which uses", told(text, error)) from error
        raise InvalidText(f"Failed to parse `{place}`", causes=(told(text, error),)) from error
    except UnknownLockVersion as error:
        raise _unknown(place, version, "The lockfile at `{}` uses") from error


def _unknown(place: str, version: object, what: str, *causes: str) -> UnknownLockVersion:
    return UnknownLockVersion(
        f"{what.format(place)} an unsupported schema version (v{version}, but only v{VERSION} is supported)",
        causes=causes,
        hints=(f"Take a program that knows it, or remove `{place}` before you lock or sync again",),
    )


def _lock(document: dict[str, Any], *, check_wheels: bool) -> Lock:
    try:
        table = msgspec.convert(document, LockTable)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error
    packages = read_packages(table.package or table.distribution, check_wheels=check_wheels)
    lock = Lock(
        within(("requires-python",), parse_specifier, table.requires_python),
        packages,
        each("resolution-markers", parse_marker, table.resolution_markers),
        each("supported-markers", parse_marker, table.supported_markers),
        each("required-markers", parse_marker, table.required_markers),
        tuple(each("conflicts", read_conflict, found) for found in table.conflicts),
        within(("options",), _options, table.options),
        within(("manifest",), read_manifest, table.manifest),
        table.revision,
    )
    if table.version != VERSION:
        raise UnknownLockVersion("")
    return lock


def _options(table: OptionsTable) -> LockOptions:
    return LockOptions(
        ResolutionMode.HIGHEST
        if table.resolution_mode is None
        else within(("resolution-mode",), _resolution, table.resolution_mode),
        PrereleaseMode.IF_NECESSARY
        if table.prerelease_mode is None
        else within(("prerelease-mode",), _prerelease, table.prerelease_mode),
        ForkStrategy.REQUIRES_PYTHON
        if table.fork_strategy is None
        else within(("fork-strategy",), _fork_strategy, table.fork_strategy),
        tuple(table.minimum_libc_version.items()),
        _cutoff(table),
        tuple(
            (package_name(name), within(("prerelease-package", name), _prerelease, mode))
            for name, mode in table.prerelease_package.items()
        ),
        tuple(
            (package_name(name), within(("exclude-newer-package", name), _package_cutoff, value))
            for name, value in table.exclude_newer_package.items()
        ),
    )


def _resolution(text: str) -> ResolutionMode:
    try:
        return ResolutionMode(text)
    except ValueError as error:
        raise InvalidText(f"unknown variant `{text}`") from error


def _prerelease(text: str) -> PrereleaseMode:
    try:
        return PrereleaseMode(_OLDER_MODES.get(text, text))
    except ValueError as error:
        raise InvalidText(f"unknown variant `{text}`") from error


def _fork_strategy(text: str) -> ForkStrategy:
    try:
        return ForkStrategy(text)
    except ValueError as error:
        raise InvalidText(f"unknown variant `{text}`") from error


def _cutoff(table: OptionsTable) -> LockedCutoff | None:
    """The instant beside a span is there for older readers alone."""
    if table.exclude_newer_span is not None:
        return LockedCutoff(span=table.exclude_newer_span)
    return None if table.exclude_newer is None else LockedCutoff(table.exclude_newer)


def _package_cutoff(value: bool | str | CutoffTable) -> LockedCutoff:
    if isinstance(value, CutoffTable):
        return LockedCutoff(span=value.span)
    if isinstance(value, str):
        return LockedCutoff(value)
    if value:
        raise InvalidText("`exclude-newer-package` cannot be set to `true`")
    return LockedCutoff()
