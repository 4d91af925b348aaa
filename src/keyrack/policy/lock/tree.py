"""A lock as a graph of packages, and the graph as an indented tree (uv's `tree`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
from packaging.markers import Marker

from keyrack.policy.environment.tree import ALREADY, CYCLE
from keyrack.policy.lock.groups import GroupChoice
from keyrack.values.drawing import GraphNode
from keyrack.values.lock import Lock, LockedDependency, LockedId, LockedPackage, LockedRegistry
from keyrack.values.names import ExtraName, PackageName

Applies = Callable[[Marker | None], bool]


class TreeShape(msgspec.Struct, frozen=True):
    """How the tree is drawn. `packages` are its roots where any are given, `prune` are left out with all below."""

    depth: int = 255
    prune: frozenset[PackageName] = frozenset()
    packages: frozenset[PackageName] = frozenset()
    dedupe: bool = True
    invert: bool = False


class Need(msgspec.Struct, frozen=True, order=True):
    """One edge: what part of a package it belongs to (`kind` 0 itself, 1 an extra, 2 a group), and where it leads."""

    kind: int
    part: str
    target: int
    extras: tuple[ExtraName, ...] = ()

    @property
    def label(self) -> str:
        """What stands behind the line that it leads to."""
        return "" if not self.kind else f" ({'extra' if self.kind == 1 else 'group'}: {self.part})"


class LockGraph(msgspec.Struct, frozen=True):
    """The packages that are needed, in the lock's order, with what each needs; and the places of the roots."""

    packages: tuple[LockedPackage, ...]
    needs: tuple[tuple[Need, ...], ...]
    roots: tuple[int, ...]


def lock_graph(lock: Lock, roots: Sequence[PackageName], groups: GroupChoice, applies: Applies) -> LockGraph:
    """Walk over a lock from its roots, whose extras all count, along every edge that applies."""
    by_id = {package.id: package for package in lock.packages}
    wanted: dict[LockedId, set[ExtraName]] = {}
    first = [package.id for name in roots for package in lock.named(name)]
    first += [package.id for one in lock.manifest.requirements for package in lock.named(one.name)]
    waiting = [(each, tuple(extra for extra, _ in by_id[each].optional)) for each in first]
    while waiting:
        each, extras = waiting.pop()
        known = wanted.get(each)
        if known is not None and known.issuperset(extras):
            continue
        wanted.setdefault(each, set()).update(extras)
        for _, _, one in _parts(by_id[each], wanted[each], groups if each in first else None):
            if applies(one.marker) and one.id in by_id:
                waiting.append((one.id, one.extras))
    packages = tuple(package for package in lock.packages if package.id in wanted)
    place = {package.id: number for number, package in enumerate(packages)}
    needs = tuple(
        tuple(
            sorted(
                Need(kind, part, place[one.id], one.extras)
                for kind, part, one in _parts(package, wanted[package.id], groups if package.id in first else None)
                if applies(one.marker) and one.id in place
            )
        )
        for package in packages
    )
    return LockGraph(packages, needs, tuple(dict.fromkeys(place[each] for each in first)))


def _parts(
    package: LockedPackage, extras: set[ExtraName], groups: GroupChoice | None
) -> Iterator[tuple[int, str, LockedDependency]]:
    """Give what a package needs, by the part that needs it; groups count at the roots only."""
    if groups is None or groups.production:
        yield from ((0, "", one) for one in package.dependencies)
        yield from ((1, extra, one) for extra, found in package.optional if extra in extras for one in found)
    if groups is not None:
        yield from ((2, group, one) for group, found in package.groups if groups.holds(group) for one in found)


def graph_nodes(graph: LockGraph) -> tuple[GraphNode, ...]:
    """Give the graph as it is drawn: each package with the index that it comes from."""
    return tuple(
        GraphNode(
            package.id.name,
            "" if package.id.version is None else str(package.id.version),
            _origin(package),
            tuple(sorted({need.target for need in needs})),
        )
        for package, needs in zip(graph.packages, graph.needs, strict=True)
    )


def _origin(package: LockedPackage) -> str:
    source = package.id.source
    return (str(source.url) if source.url else source.path) if isinstance(source, LockedRegistry) else ""


def draw_tree(graph: LockGraph, shape: TreeShape) -> tuple[str, ...]:
    """Give the lines of the tree, and under it what `(*)` means where it was drawn."""
    drawing = _Drawing(graph, shape)
    lines = [line for root in drawing.roots() for line in drawing.visit(root, None, ())]
    if any("(*)" in line for line in lines):
        lines.append(ALREADY if shape.dedupe else CYCLE)
    return tuple(lines)


class _Drawing:
    """One drawing: what was shown already decides what is shown again."""

    def __init__(self, graph: LockGraph, shape: TreeShape) -> None:
        self._graph = graph
        self._shape = shape
        self._needs = _inverted(graph) if shape.invert else graph.needs
        self._shown: set[tuple[int, tuple[str, ...]]] = set()

    def roots(self) -> list[int]:
        """Give where the tree begins: what was named, else what nothing leads to."""
        packages, shape = self._graph.packages, self._shape
        if shape.packages:
            return [number for number, package in enumerate(packages) if package.id.name in shape.packages]
        if not shape.invert:
            return [number for number in self._graph.roots if packages[number].id.name not in shape.prune]
        led_to = {need.target for needs in self._needs for need in needs}
        return [number for number in range(len(packages)) if number not in led_to]

    def visit(self, number: int, by: Need | None, path: tuple[int, ...]) -> list[str]:
        """Give the lines of a package and of what is below it."""
        line = self._line(number, by)
        below = [need for need in self._needs[number] if self._is_kept(need) and self._is_asked(need, by)]
        key = (number, self._asked(by))
        if below and (number in path or (self._shape.dedupe and key in self._shown)):
            return [f"{line} (*)"]
        if len(path) == self._shape.depth:
            return [line]
        self._shown.add(key)
        lines = [line]
        for position, need in enumerate(below, 1):
            first, rest = ("└── ", "    ") if position == len(below) else ("├── ", "│   ")
            inner = self.visit(need.target, need, (*path, number))
            lines += [(rest if at else first) + each for at, each in enumerate(inner)]
        return lines

    def _is_kept(self, need: Need) -> bool:
        return self._graph.packages[need.target].id.name not in self._shape.prune

    def _asked(self, by: Need | None) -> tuple[str, ...]:
        """Give the extras with which a package is meant where a line leads to it."""
        if by is None:
            return ()
        return ((by.part,) if by.kind == 1 else ()) if self._shape.invert else by.extras

    def _is_asked(self, need: Need, by: Need | None) -> bool:
        """Say whether what an extra needs belongs here: below whoever asks for that extra."""
        if self._shape.invert:
            return all(extra in need.extras for extra in self._asked(by))
        return need.kind != 1 or by is None or need.part in by.extras

    def _line(self, number: int, by: Need | None) -> str:
        found = self._graph.packages[number].id
        extras = f"[{', '.join(by.extras)}]" if by and by.extras else ""
        version = "" if found.version is None else f" v{found.version}"
        return f"{found.name}{extras}{version}{by.label if by else ''}"


def _inverted(graph: LockGraph) -> tuple[tuple[Need, ...], ...]:
    found: list[list[Need]] = [[] for _ in graph.packages]
    for number, needs in enumerate(graph.needs):
        for need in needs:
            found[need.target].append(msgspec.structs.replace(need, target=number))
    return tuple(tuple(sorted(needs)) for needs in found)
