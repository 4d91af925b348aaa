"""A `pylock.toml` as the one input of an installation: reading it, and what may be asked for along with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.input_names import InputKind, input_kind
from keyrack.formats.pylock import parse_pylock
from keyrack.formats.requirements_txt import decode_requirements
from keyrack.operations.input_files import Texts, is_path
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.names import ExtraName, GroupName, group_name
from keyrack.values.pylock import Pylock
from keyrack.values.url import ParsedUrl, canonical


class Asked(Protocol):
    """What was given on the command line, as words."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Requirements."""

    @property
    def editables(self) -> tuple[str, ...]:
        """Trees (`-e`)."""

    @property
    def requirement_files(self) -> tuple[str, ...]:
        """Files (`-r`)."""

    @property
    def constraint_files(self) -> tuple[str, ...]:
        """Files (`-c`)."""

    @property
    def override_files(self) -> tuple[str, ...]:
        """Files (`--overrides`)."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Dependency groups, as `[PATH:]NAME`."""

    @property
    def extras(self) -> tuple[ExtraName, ...]:
        """Extras."""

    @property
    def all_extras(self) -> bool:
        """Whether all extras are asked for."""


class LockInput(msgspec.Struct, frozen=True):
    """A lock file, and what of it is asked for. Its relative paths start at `folder`, "" for one of the web."""

    lock: Pylock
    folder: str
    place: str
    extras: frozenset[ExtraName] = frozenset()
    groups: frozenset[GroupName] = frozenset()


def the_lock(request: Asked) -> str:
    """Give the one `pylock.toml` that is asked for. `InvalidText` where something is that does not go with it."""
    kinds = [(target, input_kind(target)) for target in request.requirement_files]
    locks = [target for target, kind in kinds if kind is InputKind.PYLOCK]
    if len(locks) < len(kinds) or request.packages or request.editables:
        raise InvalidText("Cannot specify additional requirements alongside a `pylock.toml` file")
    if request.constraint_files:
        raise InvalidText("Cannot specify constraints with a `pylock.toml` file")
    if request.override_files:
        raise InvalidText("Cannot specify overrides with a `pylock.toml` file")
    if any(":" in group for group in request.groups):
        raise InvalidText(
            "Cannot specify paths for groups with a `pylock.toml` file; all groups must refer to the `pylock.toml` file"
        )
    if len(locks) > 1:
        raise InvalidText(f"Multiple `pylock.toml` files specified: `{locks[0]}` vs. `{locks[1]}`")
    return locks[0]


def read_lock(request: Asked, texts: Texts) -> LockInput:
    """Read the `pylock.toml` that is asked for. `InvalidText` names the file and the line that is wrong."""
    target = the_lock(request)
    place = texts.place(target)
    body = texts.read(place, f"File not found: {target}")
    lock = parse_pylock(decode_requirements(body, target), target)
    groups = frozenset((*map(group_name, request.groups), *lock.default_groups))
    return LockInput(
        lock=lock,
        folder=os.path.dirname(place) if is_path(target) else "",
        place=target,
        extras=frozenset(one for one in lock.extras if request.all_extras or one in request.extras),
        groups=groups & frozenset(lock.groups),
    )


def index_layer(lock: LockInput, layers: Iterable[Layer]) -> Layer:
    """Make the indexes that a lock file names, and nobody configured, known for this run by their URL alone (D17)."""
    known = {canonical(entry.parsed.url) for layer in layers for entry in _entries(layer)}
    urls = {canonical(package.index): package.index for package in lock.lock.packages if package.index is not None}
    unknown = [url for place, url in urls.items() if place not in known]
    entries = tuple(IndexEntry(ParsedUrl(url), explicit=True, place=lock.place) for url in unknown)
    return Layer(place=lock.place, kind=LayerKind.INPUT, index=entries)


def _entries(layer: Layer) -> Iterator[IndexEntry]:
    single = (layer.default_index, layer.index_url)
    yield from (*layer.index, *layer.extra_index_url, *(entry for entry in single if entry is not None))
