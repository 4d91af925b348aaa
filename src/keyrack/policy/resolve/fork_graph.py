"""The solutions of all forks as one graph: each version once, its edges with markers, and where it is needed at all.

An edge holds where its requirement does, in the forks in which both ends were chosen. Where a pin is needed is the
union over all ways from the request to it. Both is uv's, so that a lock says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from keyrack.policy.index.files import to_file
from keyrack.policy.markers.algebra import FALSE, TRUE, Diagram, both, either
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.fork_split import Needed
from keyrack.policy.resolve.fork_universe import ForkUniverse
from keyrack.policy.resolve.packages import Package
from keyrack.values.artifact import File
from keyrack.values.graph import Edge, UniversalPin, UniversalResolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.points import Point
from keyrack.values.requirement import FromIndex, FromTree, RequirementSource


class SolvedFork(NamedTuple):
    """A fork, and what was decided in it."""

    universe: ForkUniverse
    decisions: Mapping[Package, Point]


class Node(NamedTuple):
    """A version of a package, or an extra or a group of one. The request is the node without a name."""

    name: PackageName
    version: Point
    place: str
    extra: ExtraName = ExtraName("")
    group: GroupName = GroupName("")

    @property
    def pin(self) -> Node:
        """The version itself."""
        return Node(self.name, self.version, self.place)


class _Found(NamedTuple):
    """What is known of a version: the first fork that chose it tells."""

    solved: SolvedFork
    forks: list[int]


class ForkGraph:
    """Nodes and edges of all forks; `edges` are by their ends."""

    def __init__(self, solved: Sequence[SolvedFork]) -> None:
        """Unite the forks, in the order in which they were solved."""
        self.found: dict[Node, _Found] = {}
        self.edges: dict[tuple[Node, Node], Diagram] = {}
        for number, one in enumerate(solved):
            self._add(number, one)
        markers = [one.universe.fork.with_items for one in solved]
        only_one = len(markers) == 1
        self.forks = tuple(markers) if not only_one or markers[0] is not TRUE else ()
        self.reached = reachability(self.edges, self.found, self.forks)

    def _add(self, number: int, solved: SolvedFork) -> None:
        nodes = {package: node_of(package, version, solved) for package, version in solved.decisions.items()}
        for package, node in nodes.items():
            if package.name and not package.is_proxy and package.marker is None:
                self.found.setdefault(node, _Found(solved, [])).forks.append(number)
        fork = solved.universe.fork.with_items
        for package, version in solved.decisions.items():
            if package.is_proxy or package.marker is not None:
                continue
            for one in solved.universe.needs.get((package, version), ()):
                if one.package in nodes and not _is_own(package, one):
                    self._connect(nodes[package], nodes[one.package], both(one.marker, fork), one)

    def _connect(self, start: Node, end: Node, marker: Diagram, one: Needed) -> None:
        """Draw an edge to what is needed, and, unless that is a group, to the version itself."""
        for target in (end,) if one.package.group or end == end.pin else (end, end.pin):
            known = self.edges.get((start, target))
            self.edges[start, target] = marker if known is None else either(known, marker)


def _is_own(package: Package, one: Needed) -> bool:
    """Say whether a package needs itself; a group may need its own package."""
    return bool(package.name) and not package.group and package.name == one.package.name


def node_of(package: Package, version: Point, solved: SolvedFork) -> Node:
    """Give the node of a package; proxies stand for what they bind."""
    if not package.name:
        return Node(package.name, version, "")
    return Node(
        package.name, version, _place_text(source_of(package.name, version, solved)), package.extra, package.group
    )


def source_of(name: PackageName, version: Point, solved: SolvedFork) -> RequirementSource:
    """Give where a version comes from; of an index, the one that lists it."""
    source = solved.universe.place(name)
    if not isinstance(source, FromIndex):
        return source
    choice = solved.universe.selected(name, version).choice
    return FromIndex(choice.files[0].page.origin) if choice is not None and choice.files else source


def _place_text(source: RequirementSource) -> str:
    """Give a text that tells one place from another, and puts indexes before all else."""
    match source:
        case FromIndex():
            return f"0 {source.index or ''}"
        case FromTree():
            return f"2 {source.path}"
        case _:
            return f"1 {source.url.exact} {source.subdirectory}"


def reachability(
    edges: Mapping[tuple[Node, Node], Diagram], nodes: Iterable[Node], forks: Sequence[Diagram]
) -> dict[Node, Diagram]:
    """Give where each node is needed: the union over all ways to it. What nothing needs is a root (a group may be)."""
    children: dict[Node, list[tuple[Node, Diagram]]] = {}
    needed: set[Node] = set()
    for (start, end), marker in edges.items():
        children.setdefault(start, []).append((end, marker))
        needed.add(end)
    everywhere = TRUE
    if forks:
        everywhere = FALSE
        for fork in forks:
            everywhere = either(everywhere, fork)
    found = {node: everywhere for node in (*nodes, *children) if node not in needed}
    waiting = list(found)
    while waiting:
        start = waiting.pop()
        for end, marker in children.get(start, ()):
            known = found.get(end, FALSE)
            united = either(known, both(found[start], marker))
            if united is not known or end not in found:
                found[end] = united
                waiting.append(end)
    return found


def to_universal(graph: ForkGraph, *, with_all_files: bool = True) -> UniversalResolution[Diagram]:
    """Give the graph as a value. Versions that no environment reaches are left out.

    Without all files each pin has the one that would be tried first.
    """
    pins = sorted({node.pin for node in graph.found if graph.reached.get(node, FALSE) is not FALSE})
    places = {pin: place for place, pin in enumerate(pins)}
    parts: dict[Node, list[Node]] = {}
    for node in graph.found:
        if node.pin in places:
            parts.setdefault(node.pin, []).append(node)
    out: dict[Node, list[tuple[Node, Edge[Diagram]]]] = {}
    roots: list[Edge[Diagram]] = []
    for (start, end), marker in graph.edges.items():
        if end.pin in places:
            edge = Edge(places[end.pin], marker, start.extra, start.group, end.extra, end.group)
            if start.name:
                out.setdefault(start.pin, []).append((start, edge))
            else:
                roots.append(edge)
    made = tuple(
        _pin(pin, parts[pin], [edge for _, edge in out.get(pin, ())], graph, with_all_files=with_all_files)
        for pin in pins
    )
    return UniversalResolution(made, tuple(sorted(roots, key=_order)), graph.forks, ())


def _order(edge: Edge[Diagram]) -> tuple[int, str, str, str, str]:
    return edge.pin, edge.extra, edge.group, edge.to_extra, edge.to_group


def _pin(
    pin: Node, parts: Sequence[Node], edges: list[Edge[Diagram]], graph: ForkGraph, *, with_all_files: bool
) -> UniversalPin[Diagram]:
    solved = next(graph.found[part].solved for part in parts)
    candidate = solved.universe.selected(pin.name, pin.version)
    everywhere = FALSE
    for part in parts:
        everywhere = either(everywhere, graph.reached.get(part, FALSE))
    metadata = solved.universe.knowledge.metadata.get((pin.name, pin.version))
    return UniversalPin(
        name=pin.name,
        version=pin.version.version,
        source=source_of(pin.name, pin.version, solved),
        marker=everywhere,
        metadata=metadata or Metadata(pin.name, pin.version.version),
        forks=tuple(sorted({number for part in parts for number in graph.found[part].forks})),
        files=tuple(_files(candidate, with_all_files=with_all_files)),
        extras=tuple((part.extra, graph.reached.get(part, FALSE)) for part in sorted(parts) if part.extra),
        groups=tuple((part.group, graph.reached.get(part, FALSE)) for part in sorted(parts) if part.group),
        edges=tuple(sorted(edges, key=_order)),
    )


def _files(candidate: Candidate, *, with_all_files: bool) -> Iterator[File]:
    if isinstance(candidate.direct, File):
        yield candidate.direct
    choice = candidate.choice
    if choice is not None and choice.installable is not None:
        for listed in choice.files if with_all_files else (choice.installable,):
            yield to_file(*listed)
