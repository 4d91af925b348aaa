"""Say where each package of a graph stands in a picture: in columns, everything to the right of what needs it.

The columns are the layers of Sugiyama's method (1981): the longest way from a root; within a column, nodes stand near
the middle of what they are joined to, so that few lines cross. A circle is cut where it closes.
"""

from __future__ import annotations

from collections.abc import Sequence

from keyrack.values.drawing import Box, Drawing, GraphNode

ROW = 22.0
"""Pixels from one package to the one below."""
LETTER = 6.6
"""Pixels of a letter at 11 px, about."""
GAP = 70.0
"""Pixels between columns, for the lines."""
MARGIN = 24.0
HEAD = 40.0
"""Pixels above the columns, for the legend."""
TALLEST = 60
"""Rows of a column; what is more stands in another beside it."""
SWEEPS = 8


def draw(nodes: Sequence[GraphNode]) -> Drawing:
    """Place the nodes. The result depends on their order and on nothing else."""
    layers = _layers(nodes)
    users = _users(nodes)
    columns = [part for layer in _ordered(nodes, layers, users) for part in _parts(layer)]
    tallest = max(map(len, columns), default=0)
    boxes: dict[int, Box] = {}
    x = MARGIN
    for column in columns:
        width = max(_width(nodes[number]) for number in column)
        top = HEAD + MARGIN + (tallest - len(column)) * ROW / 2
        for row, number in enumerate(column):
            boxes[number] = Box(nodes[number], x, top + row * ROW, _width(nodes[number]), not users[number])
        x += width + GAP
    return Drawing(
        boxes=tuple(boxes[number] for number in range(len(nodes))),
        origins=tuple(dict.fromkeys(node.origin for node in nodes)),
        width=max(x - GAP, 0) + MARGIN,
        height=HEAD + tallest * ROW + 2 * MARGIN,
    )


def _width(node: GraphNode) -> float:
    letters = len(node.name) + (len(node.version) + 1 if node.version else 0)
    return letters * LETTER + 14


def _users(nodes: Sequence[GraphNode]) -> list[list[int]]:
    users: list[list[int]] = [[] for _ in nodes]
    for number, node in enumerate(nodes):
        for needed in node.needs:
            if needed != number:
                users[needed].append(number)
    return users


def _layers(nodes: Sequence[GraphNode]) -> list[int]:
    """Give each node's layer: one more than the last of those that need it."""
    order = _order(nodes)
    place = {number: at for at, number in enumerate(order)}
    layers = [0] * len(nodes)
    for number in order:
        for needed in nodes[number].needs:
            if place[needed] > place[number]:  # else a circle closes here
                layers[needed] = max(layers[needed], layers[number] + 1)
    return layers


def _order(nodes: Sequence[GraphNode]) -> list[int]:
    """Give the nodes so that all stand behind what needs them, but for circles: depth first, turned round."""
    users = _users(nodes)
    roots = [number for number in range(len(nodes)) if not users[number]]
    done: list[int] = []
    seen: set[int] = set()
    for start in (*roots, *range(len(nodes))):
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(nodes[start].needs))]
        while path:
            number, rest = path[-1]
            needed = next((each for each in rest if each not in seen), None)
            if needed is None:
                done.append(number)
                path.pop()
            else:
                seen.add(needed)
                path.append((needed, iter(nodes[needed].needs)))
    return done[::-1]


def _ordered(nodes: Sequence[GraphNode], layers: Sequence[int], users: Sequence[Sequence[int]]) -> list[list[int]]:
    """Order each layer: to and fro, every node goes to the mean place of its neighbours on the side just ordered."""
    columns: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    for number, layer in enumerate(layers):
        columns[layer].append(number)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in columns if forth else reversed(columns):
            at = {number: row / len(each) for each in columns for row, number in enumerate(each)}
            mean = {
                number: _mean([at[other] for other in (users[number] if forth else nodes[number].needs)], at[number])
                for number in column
            }
            column.sort(key=lambda number: (mean[number], number))
    return columns


def _mean(places: Sequence[float], own: float) -> float:
    return sum(places) / len(places) if places else own


def _parts(column: list[int]) -> list[list[int]]:
    """Part a column that is too tall into equal ones."""
    count = -(-len(column) // TALLEST)
    size = -(-len(column) // count)
    return [column[at : at + size] for at in range(0, len(column), size)]
