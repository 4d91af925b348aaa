"""Draw what is installed as a tree of dependencies: roots first, each subtree once unless asked otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
from packaging.markers import Marker
from packaging.specifiers import Specifier, SpecifierSet

from keyrack.policy.environment.words import in_order, source_text
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromIndex, Requirement

ALREADY = "(*) Package tree already displayed"
CYCLE = "(*) Package tree is a cycle and cannot be shown"


class TreeOptions(msgspec.Struct, frozen=True):
    """How the tree is drawn. `packages` are its roots where any are given, `prune` are left out with all below.

    `latest` are newer versions that an index has, by name.
    """

    depth: int = 255
    prune: frozenset[PackageName] = frozenset()
    packages: frozenset[PackageName] = frozenset()
    dedupe: bool = True
    invert: bool = False
    show_specifiers: bool = False
    latest: Mapping[PackageName, str] = {}


class Edge(msgspec.Struct, frozen=True):
    """One dependency: the node that it leads to, by number, and the requirement that says so."""

    target: int
    requirement: Requirement


def draw(
    installed: Iterable[Metadata], options: TreeOptions, applies: Callable[[Marker | None], bool]
) -> tuple[str, ...]:
    """Give the lines of the tree, and under it what `(*)` means where it was drawn."""
    nodes = sorted((one for one in installed if one.name not in options.prune), key=lambda one: (one.name, one.version))
    drawing = _Drawing(nodes, _edges(nodes, options, applies), options)
    lines = drawing.lines()
    if any("(*)" in line for line in lines):
        lines.append(ALREADY if options.dedupe else CYCLE)
    return tuple(lines)


def simplified(specifiers: Iterable[Specifier]) -> str:
    """Join ranges into one: the tighter of two lower or two upper bounds stays, what stands twice is written once."""
    lower, upper = None, None
    others = list[Specifier]()
    for one in specifiers:
        if one.operator in (">", ">="):
            lower = one if lower is None or _tighter(one, lower, 1) else lower
        elif one.operator in ("<", "<="):
            upper = one if upper is None or _tighter(one, upper, -1) else upper
        else:
            others.append(one)
    kept = [one for one in (lower, upper, *others) if one is not None]
    return ", ".join(dict.fromkeys(map(str, in_order(kept))))


def _tighter(one: Specifier, other: Specifier, sign: int) -> bool:
    left, right = SpecifierSet(f"=={one.version}"), SpecifierSet(f"=={other.version}")
    if left.contains(other.version, prereleases=True) and right.contains(one.version, prereleases=True):
        return "=" not in one.operator and "=" in other.operator
    is_above = SpecifierSet(f">{other.version}").contains(one.version, prereleases=True)
    return is_above if sign > 0 else not is_above


def _edges(nodes: list[Metadata], options: TreeOptions, applies: Callable[[Marker | None], bool]) -> list[list[Edge]]:
    by_name = dict[PackageName, list[int]]()
    for number, node in enumerate(nodes):
        by_name.setdefault(node.name, []).append(number)
    edges: list[list[Edge]] = [[] for _ in nodes]
    for number, node in enumerate(nodes):
        for requirement in node.requires:
            if not applies(requirement.marker):
                continue
            for target in by_name.get(requirement.name, ()):
                if requirement.specifier.contains(nodes[target].version, prereleases=True):
                    source, end = (target, number) if options.invert else (number, target)
                    edges[source].append(Edge(end, requirement))
    return edges


class _Drawing:
    """One drawing: what was shown already decides what is shown again."""

    def __init__(self, nodes: list[Metadata], edges: list[list[Edge]], options: TreeOptions) -> None:
        self._nodes = nodes
        self._edges = edges
        self._options = options
        self._shown = dict[PackageName, bool]()

    def lines(self) -> list[str]:
        reachable = self._reachable()
        return [line for root in self._roots(reachable) for line in self._visit(root, "", ())]

    def _reachable(self) -> list[int]:
        wanted = self._options.packages
        if not wanted:
            return list(range(len(self._nodes)))
        return sorted(self._below(number for number, node in enumerate(self._nodes) if node.name in wanted))

    def _roots(self, reachable: list[int]) -> Iterator[int]:
        """Give the nodes that nothing leads to, and the first by name of every circle that nothing leads to."""
        led_to = {edge.target for number in reachable for edge in self._edges[number]}
        roots = [number for number in reachable if number not in led_to]
        seen = self._below(roots)
        below = {number: self._below((number,)) for number in reachable if number not in seen}
        for number, found in below.items():
            # Any member of a circle will do, unless something outside of it leads there.
            if number not in seen and all(other in found for other, under in below.items() if number in under):
                roots.append(number)
                seen |= found
        return iter(sorted(roots))

    def _below(self, starts: Iterable[int]) -> set[int]:
        """Give some nodes and all that they lead to."""
        stack = list(starts)
        found = set(stack)
        while stack:
            for edge in self._edges[stack.pop()]:
                if edge.target not in found:
                    found.add(edge.target)
                    stack.append(edge.target)
        return found

    def _visit(self, number: int, specifier: str, path: tuple[PackageName, ...]) -> list[str]:
        if len(path) > self._options.depth:
            return []
        node = self._nodes[number]
        line = f"{node.name} v{node.version}{specifier}"
        if node.name in self._shown and (self._options.dedupe or node.name in path):
            return [f"{line} (*)" if self._shown[node.name] else line]
        if newer := self._options.latest.get(node.name):
            line += f" (latest: v{newer})"
        below = dict[int, list[Requirement]]()
        for edge in sorted(self._edges[number], key=lambda edge: edge.target):
            below.setdefault(edge.target, []).append(edge.requirement)
        self._shown[node.name] = bool(below)
        lines = [line]
        for position, (target, requirements) in enumerate(below.items(), 1):
            first, rest = ("└── ", "    ") if position == len(below) else ("├── ", "│   ")
            inner = self._visit(target, self._specifier(node, requirements), (*path, node.name))
            lines += [(rest if at else first) + each for at, each in enumerate(inner)]
        return lines

    def _specifier(self, parent: Metadata, requirements: list[Requirement]) -> str:
        if not self._options.show_specifiers:
            return ""
        direct = next((source_text(one) for one in requirements if not isinstance(one.source, FromIndex)), "")
        text = direct or simplified(part for one in requirements for part in one.specifier) or "*"
        return f" [requires: {parent.name} {text}]" if self._options.invert else f" [required: {text}]"
