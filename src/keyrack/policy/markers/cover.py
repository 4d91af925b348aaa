"""A diagram as few alternatives: a cover of all that it says by conjunctions (Minato-Morreale).

Each step splits a diagram by what it asks first. What may be said whatever the answer is said once, without the
question; what is left is said answer by answer, and there, what is said elsewhere may be said again or not. So a step
looks for something between two diagrams: what has to be said, and what may be said. S. Minato, Fast generation of
irredundant sum-of-products forms from binary decision diagrams, 1992; for lines with more than two intervals, where an
answer is a set of intervals, as uv does it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

import msgspec

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, SWITCH, TRUE, Cut, Diagram, along, node, opposite
from keyrack.policy.markers.joining import Pair, join, meet, split

MOST_NODES: Final = 2_000
"""How large a diagram may be to be written. Real ones have some dozens of nodes."""


class Cover(msgspec.Struct, frozen=True):
    """Alternatives: each a condition on one variable and what follows; none at all says that all is said."""

    branches: tuple[tuple[Diagram, Cover], ...] = ()


DONE: Final = Cover()

_Found = tuple[Diagram, Cover]
_Step = Generator[Pair, _Found, _Found]


def cover(diagram: Diagram) -> Cover:
    """Give a cover of a diagram that is not FALSE. `InvalidText` if it is too large."""
    if _size(diagram) > MOST_NODES:
        raise InvalidText("The marker is too complex to be written")
    known: dict[Pair, _Found] = {}
    wanted = diagram, diagram
    # A stack of steps that wait for an answer, not of calls: a diagram may be deep.
    steps, answer = [(wanted, _step(*wanted))], None
    while True:
        pair, step = steps[-1]
        try:
            asked = next(step) if answer is None else step.send(answer)
        except StopIteration as ended:
            made: _Found = ended.value
            answer = known[pair] = made
            steps.pop()
            if not steps:
                return made[1]
            continue
        answer = _at_once(*asked, known)
        if answer is None:
            steps.append((asked, _step(*asked)))


def _size(diagram: Diagram) -> int:
    todo, seen = [diagram], {diagram}
    while todo and len(seen) <= MOST_NODES:
        fresh = set(todo.pop().children) - seen
        seen |= fresh
        todo += fresh
    return len(seen)


def _at_once(lower: Diagram, upper: Diagram, known: dict[Pair, _Found]) -> _Found | None:
    if lower is FALSE:
        return FALSE, DONE
    if upper is TRUE:
        return TRUE, DONE
    return known.get((lower, upper))


def _step(lower: Diagram, upper: Diagram) -> _Step:
    """Find a function between the two, and its cover; yields the pairs whose answers it needs."""
    if lower is upper and all(child.is_end for child in lower.children):
        return lower, Cover(((lower, DONE),))
    answers = _answers(lower, upper)
    common_upper = TRUE
    for _, _, may in answers:
        common_upper = meet(common_upper, may)
    common_lower = function = FALSE
    branches: dict[Diagram, tuple[Diagram, Cover]] = {}
    for condition, must, may in answers:
        specific, found = yield meet(must, opposite(common_upper)), may
        common_lower = join(common_lower, meet(must, opposite(specific)))
        if specific is FALSE:
            continue
        function = join(function, meet(condition, specific))
        if specific in branches:
            branches[specific] = join(branches[specific][0], condition), branches[specific][1]
        else:
            branches[specific] = condition, found
    common, found = yield common_lower, common_upper
    if common is not FALSE:
        branches[common] = TRUE, found
    return lower if lower is upper else join(function, common), Cover(tuple(branches.values()))


def _answers(lower: Diagram, upper: Diagram) -> list[tuple[Diagram, Diagram, Diagram]]:
    """Split by the first question: each condition, with what has to and what may be said under it."""
    variable = min(lower.variable, upper.variable)
    cuts, pairs = split(lower, upper)
    if cuts == SWITCH:
        on = node(variable, SWITCH, (TRUE, FALSE))
        return [(opposite(on), *pairs[1]), (on, *pairs[0])]
    intervals: dict[Pair, list[tuple[Cut | None, Cut | None]]] = {}
    for pair, start, end in zip(pairs, (None, *cuts), (*cuts, None), strict=True):
        intervals.setdefault(pair, []).append((start, end))
    return [(along(variable, among), *pair) for pair, among in intervals.items()]
