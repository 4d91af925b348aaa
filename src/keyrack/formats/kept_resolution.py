"""A resolution as the cache keeps it: what installing needs of it. The form is our own, so no server ever writes it."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.artifact import Digest, File, parse_version
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex
from keyrack.values.url import Url


class _File(msgspec.Struct, array_like=True):
    filename: str
    url: Url
    origin: IndexId | None
    digests: tuple[Digest, ...]
    yanked: str | bool
    size: int | None


class _Pin(msgspec.Struct, array_like=True):
    name: PackageName
    version: str
    extras: tuple[ExtraName, ...]
    wheel: _File
    index: IndexId | None
    required_by: tuple[str, ...]
    expected: tuple[Digest, ...]


class _Kept(msgspec.Struct, array_like=True):
    pins: tuple[_Pin, ...]
    warnings: tuple[str, ...]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)


def is_keepable(resolution: Resolution) -> bool:
    """Say whether every pin is a wheel of an index that is installed by nothing but its URL, with no secret in it."""
    return all(_is_plain(pin) for pin in resolution.pins)


def keep_resolution(resolution: Resolution) -> bytes:
    """Write a resolution for which `is_keepable`. What the distributions say of themselves is left out."""
    return _ENCODER.encode(_Kept(tuple(_kept(pin) for pin in resolution.pins), resolution.warnings))


def read_kept_resolution(body: bytes) -> Resolution:
    """Read what `keep_resolution` wrote.

    The metadata of a pin tells its name and version only, and its file nothing that only resolving needs.
    Raises `InvalidText` where `keep_resolution` did not write it.
    """
    try:
        found = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        raise InvalidText("The resolution is not as it was kept", causes=(f"{error}",)) from error
    return Resolution(tuple(_read(pin) for pin in found.pins), found.warnings)


def _is_plain(pin: Pin) -> bool:
    file = pin.wheel
    if file is None or pin.installed is not None or not isinstance(pin.source, FromIndex):
        return False
    return file.credentials is None and file.url.is_web and not file.url.query and not file.url.tokens


def _kept(pin: Pin) -> _Pin:
    if pin.wheel is None or not isinstance(pin.source, FromIndex):
        raise TypeError(f"`{pin.name}` is not keepable")
    extras, index, file = tuple(sorted(pin.extras)), pin.source.index, pin.wheel
    wheel = _File(file.filename, file.url, file.origin, file.digests, file.yanked, file.size)
    return _Pin(pin.name, str(pin.version), extras, wheel, index, pin.required_by, pin.expected)


def _read(pin: _Pin) -> Pin:
    version, file = parse_version(pin.version), pin.wheel
    wheel = File(file.filename, file.url, file.origin, file.digests, yanked=file.yanked, size=file.size)
    return Pin(
        name=pin.name,
        version=version,
        extras=frozenset(pin.extras),
        wheel=wheel,
        files=(wheel,),
        metadata=Metadata(pin.name, version),
        source=FromIndex(pin.index),
        required_by=pin.required_by,
        expected=pin.expected,
    )
