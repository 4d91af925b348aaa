"""Show a lock: as a tree, or as a picture."""

from __future__ import annotations

import msgspec

from keyrack.adapters.disk import write_atomic
from keyrack.formats.graph_svg import html_text, svg_text
from keyrack.operations.resolve import ResolveRequest, target_of
from keyrack.policy.lock.drawing import draw
from keyrack.policy.lock.groups import GroupChoice
from keyrack.policy.lock.tree import LockGraph, TreeShape, draw_tree, graph_nodes, lock_graph
from keyrack.policy.resolve.environment import Environment
from keyrack.values.interpreter import Interpreter
from keyrack.values.lock import Lock
from keyrack.values.workspace import Workspace

__all__ = ["TreeShape", "Viewed", "draw_tree", "graph_of", "picture", "write_picture"]


class Viewed(msgspec.Struct, frozen=True):
    """The Python that a lock is looked at for, and the version and platform that are meant instead of its own."""

    python: Interpreter
    version: str = ""
    platform: str = ""


def graph_of(lock: Lock, workspace: Workspace, groups: GroupChoice, viewed: Viewed | None) -> LockGraph:
    """Give the graph of a workspace's lock, as one Python needs it; without one, as any may."""
    roots = tuple(member.name for member in workspace.members if lock.named(member.name))
    if viewed is None:
        return lock_graph(lock, roots, groups, lambda _marker: True)
    asked = ResolveRequest((), viewed.python, python_version=viewed.version, python_platform=viewed.platform)
    return lock_graph(lock, roots, groups, Environment(target_of(asked).markers).holds)


def picture(graph: LockGraph, title: str, *, html: bool) -> str:
    """Draw the graph."""
    drawing = draw(graph_nodes(graph))
    return html_text(drawing, title) if html else svg_text(drawing, title)


def write_picture(path: str, text: str) -> None:
    """Write a picture into a file."""
    write_atomic(path, text.encode())
