"""A `pylock.toml` that was read becomes a resolution for one environment; no index is asked for anything."""

from __future__ import annotations

import msgspec

from keyrack.operations.lock_input import LockInput
from keyrack.operations.resolve import ResolveRequest, target_of
from keyrack.operations.tools import Tools
from keyrack.policy.lock.pylock_choice import Asking, choose_packages
from keyrack.policy.lock.pylock_pins import to_pins
from keyrack.policy.resolve.hashes import HashesRequired
from keyrack.values.graph import Pin, Resolution
from keyrack.values.interpreter import Interpreter
from keyrack.values.requirement import FromIndex, FromUrl
from keyrack.values.settings import Selection


class LockTarget(msgspec.Struct, frozen=True):
    """The environment that a lock is read for: a Python, or another version and platform."""

    interpreter: Interpreter
    python_version: str = ""
    python_platform: str = ""


def locked(lock: LockInput, at: LockTarget, tools: Tools) -> Resolution:
    """Choose packages and files. Raises `UnusableLock`, `InvalidText`."""
    settings = tools.settings
    target = target_of(
        ResolveRequest((), at.interpreter, python_version=at.python_version, python_platform=at.python_platform)
    )
    resolving = settings.resolving
    asking = Asking(
        markers=target.markers,
        tags=target.tags,
        python=target.python,
        extras=lock.extras,
        groups=lock.groups,
        no_binary=resolving.no_binary,
        no_build=Selection(
            resolving.no_build.all or resolving.only_binary.all,
            resolving.no_build.names | resolving.only_binary.names,
        ),
    )
    tools.workshop.begin(at.interpreter)
    chosen = to_pins(choose_packages(lock.lock, asking), settings.indexes, lock.folder)
    found = msgspec.structs.replace(chosen, pins=tuple(_known(pin, tools) for pin in chosen.pins))
    if resolving.require_hashes:
        _check_hashes(found)
    if resolving.verify_hashes:
        return found
    unchecked = tuple(msgspec.structs.replace(pin, expected=()) for pin in found.pins)
    return msgspec.structs.replace(found, pins=unchecked)


def _known(pin: Pin, tools: Tools) -> Pin:
    """Look which version a source is in: a lock file does not tell that of a tree, which may change."""
    if isinstance(pin.source, FromIndex | FromUrl):
        return pin
    metadata = tools.catalogue.source_metadata(pin.name, pin.source)
    return msgspec.structs.replace(pin, version=metadata.version, metadata=metadata)


def _check_hashes(resolution: Resolution) -> None:
    for pin in resolution.pins:
        if not pin.expected:
            raise HashesRequired(
                "In `--require-hashes` mode, all requirements must have a hash, but none were provided for:"
                f" {pin.name}=={pin.version}"
            )
