"""Complete inputs by what only builds tell: the names of trees, and what the trees behind `-r setup.py` require."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec
from packaging.markers import Marker

from keyrack.operations.inputs import Inputs, InputTree, missing_extras
from keyrack.policy.markers.algebra import FALSE, Diagram, diagram, extras_in, to_marker, with_extras
from keyrack.supply.sources import Direct
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName
from keyrack.values.requirement import FromTree, Requirement


class Reader(Protocol):
    """Reads metadata of sources, building them if need be."""

    def read_unnamed(self, source: Direct) -> Metadata:
        """Give the metadata of a source whose name nobody knows yet."""
        ...


def completed(inputs: Inputs, reader: Reader) -> Inputs:
    """Give the inputs with all requirements named. Raises what bringing and building trees raises.

    As in uv, what had no name, and what trees require, comes after everything else.
    """
    if inputs.is_complete:
        return inputs
    named = [one.named(reader.read_unnamed(one.source).name) for one in inputs.unnamed]
    found = [(tree, reader.read_unnamed(FromTree(tree.folder))) for tree in inputs.trees]
    known = {extra for _, metadata in found for extra in metadata.extras}
    if inputs.extras and (missing := set(inputs.extras) - known):
        raise missing_extras(missing)
    wanted = [one for tree, metadata in found for one in _required(tree, metadata, inputs.extras)]
    return msgspec.structs.replace(
        inputs, requirements=(*inputs.requirements, *named, *wanted), unnamed=(), trees=(), extras=()
    )


def _required(tree: InputTree, metadata: Metadata, extras: tuple[ExtraName, ...] | None) -> Iterator[Requirement]:
    """Give what a tree requires with extras, each requirement as if it were the user's own."""
    asked = _with_own(metadata, metadata.extras if extras is None else extras)
    written = msgspec.structs.replace(tree.written, project=metadata.name)
    for one in metadata.requires:
        if one.name == metadata.name:
            continue
        where = _told(one.marker, asked)
        if where is not FALSE:
            yield msgspec.structs.replace(one, marker=to_marker(where), written=written)


def _with_own(metadata: Metadata, extras: Iterable[ExtraName]) -> set[ExtraName]:
    """Follow extras that name extras of the project itself."""
    found, waiting = set[ExtraName](), list(extras)
    while waiting:
        extra = waiting.pop()
        if extra in found:
            continue
        found.add(extra)
        for one in metadata.requires:
            if one.name == metadata.name and _told(one.marker, {extra}) is not FALSE:
                waiting += one.extras
    return found


def _told(marker: Marker | None, extras: Iterable[ExtraName]) -> Diagram:
    """Give where a marker holds with these extras and no others."""
    whole, asked = diagram(marker), frozenset[str](extras)
    return with_extras(with_extras(whole, asked), extras_in(whole) - asked, asked=False)
