"""A graph of packages, and the picture of it: what stands where, in pixels."""

from __future__ import annotations

import msgspec


class GraphNode(msgspec.Struct, frozen=True):
    """One package: what is written on it, the index that it comes from, and the places of those that it needs."""

    name: str
    version: str = ""
    origin: str = ""
    needs: tuple[int, ...] = ()


class Box(msgspec.Struct, frozen=True):
    """A node in its place: the middle of its left side."""

    node: GraphNode
    x: float
    y: float
    width: float
    is_root: bool


class Drawing(msgspec.Struct, frozen=True):
    """All boxes in the order of the nodes, and the size of the whole. `origins` are those that need a colour."""

    boxes: tuple[Box, ...]
    origins: tuple[str, ...]
    width: float
    height: float
