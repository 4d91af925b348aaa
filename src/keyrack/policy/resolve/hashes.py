"""Which hashes the user's requirements ask for, and whether every one has some (pip's hash-checking mode)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.environment import Holds
from keyrack.values.artifact import Digest
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import FromIndex, FromUrl, Requirement
from keyrack.values.source_url import source_text

_INSECURE = "md5"


class HashesRequired(KeyrackError):
    """`--require-hashes`, and a requirement has none, or says too little to have any."""


class Unhashed(HashesRequired):
    """`--require-hashes`, and no requirement of the user's names a package that is needed."""

    exit_code = 1


class Hashes(msgspec.Struct, frozen=True):
    """The hashes of each pinned version and of each URL; any one of them suffices."""

    versions: Mapping[tuple[PackageName, Point], tuple[Digest, ...]] = {}
    urls: Mapping[str, tuple[Digest, ...]] = {}
    are_required: bool = False


_Key = tuple[PackageName, Point] | str


def wanted_hashes(
    requirements: Iterable[Requirement], constraints: Iterable[Requirement], environment: Holds, *, required: bool
) -> Hashes:
    """Gather the hashes. Where hashes are required, raises `HashesRequired` for the first requirement without."""
    limits: dict[_Key, tuple[Digest, ...]] = {}
    for one in constraints:
        if environment.holds(one.marker):
            key = _pinned(one, required=required)
            digests = _secure(one, required=required)
            if key is not None and digests:
                limits[key] = limits.get(key, ()) + digests
    found: dict[_Key, tuple[Digest, ...]] = {}
    for one in requirements:
        if environment.holds(one.marker):
            key = _pinned(one, required=required)
            if key is not None:
                digests = _narrowed(one, _secure(one, required=required), limits.pop(key, ()), required=required)
                if digests:
                    found[key] = found.get(key, ()) + digests
    every = limits | found
    versions = {key: digests for key, digests in every.items() if not isinstance(key, str)}
    urls = {key: digests for key, digests in every.items() if isinstance(key, str)}
    return Hashes(versions, urls, required)


def unhashed(name: PackageName) -> Unhashed:
    """Say that a package is needed that no requirement pins with a hash."""
    return Unhashed(f"Hash-checking is required, but no trusted hash was provided for: `{name}`")


def _pinned(one: Requirement, *, required: bool) -> _Key | None:
    """Give what a requirement pins: one version, or one URL."""
    match one.source:
        case FromUrl(url=url):
            return url.exact
        case FromIndex():
            specifiers = list(one.specifier)
            if len(specifiers) == 1 and specifiers[0].operator == "==" and not specifiers[0].version.endswith(".*"):
                return one.name, point(specifiers[0].version)
        case _:
            if required:
                raise HashesRequired(
                    "In `--require-hashes` mode, all requirements must have a hash, but none were provided for:"
                    f" {_text(one)}"
                )
            return None
    if required:
        raise HashesRequired(
            "In `--require-hashes` mode, all requirements must have their versions pinned with `==`,"
            f" but found: {_text(one)}"
        )
    return None


def _secure(one: Requirement, *, required: bool) -> tuple[Digest, ...]:
    return tuple(digest for digest in one.digests if not (required and digest.algorithm == _INSECURE))


def _narrowed(
    one: Requirement, digests: tuple[Digest, ...], limits: tuple[Digest, ...], *, required: bool
) -> tuple[Digest, ...]:
    """Give the hashes that requirement and constraint agree on; where only one of them has any, those."""
    if limits and digests:
        both = tuple(digest for digest in digests if digest in limits)
        if not both:
            raise HashesRequired(
                f"In `--{'require' if required else 'verify'}-hashes` mode, all requirements must have a hash, but"
                f" there were no overlapping hashes between the requirements and constraints for: {_text(one)}"
            )
        return both
    if required and not digests and not limits:
        if one.digests:
            raise HashesRequired(
                "`md5` hashes are insecure and cannot be used with `--require-hashes` but no other hashes are available"
                f" for: {_text(one)}"
            )
        raise HashesRequired(
            f"In `--require-hashes` mode, all requirements must have a hash, but none were provided for: {_text(one)}"
        )
    return digests or limits


def _text(one: Requirement) -> str:
    """Write a requirement as the user would."""
    extras = f"[{','.join(sorted(one.extras))}]" if one.extras else ""
    place = str(one.specifier) if isinstance(one.source, FromIndex) else f" @ {source_text(one.source)}"
    marker = "" if one.marker is None else f" ; {one.marker}"
    return f"{one.name}{extras}{place}{marker}"
