"""What is left of a marker when something is known: some extras, or another marker that holds."""

from __future__ import annotations

from typing import Final

from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram, node, rebuilt
from keyrack.policy.markers.joining import Pair, any_of, split
from keyrack.policy.markers.platforms import canonical
from keyrack.policy.markers.variables import EXTRA

_WITHOUT: Final[dict[Diagram, Diagram]] = {}


def without_extras(diagram: Diagram) -> Diagram:
    """Give where a diagram can hold with some choice of extras; nothing in it asks for an extra."""
    return canonical(rebuilt(diagram, _any_extra, _WITHOUT))


def _any_extra(here: Diagram, children: tuple[Diagram, ...]) -> Diagram:
    return any_of(children) if here.variable[0] == EXTRA else node(here.variable, here.cuts, children)


def only_extras(diagram: Diagram) -> Diagram:
    """Give the choices of extras with which a diagram can hold somewhere; it asks for extras alone."""
    return canonical(rebuilt(diagram, _any_environment, {}))


def _any_environment(here: Diagram, children: tuple[Diagram, ...]) -> Diagram:
    return node(here.variable, here.cuts, children) if here.variable[0] == EXTRA else any_of(children)


def with_extras(diagram: Diagram, extras: frozenset[str], *, asked: bool = True) -> Diagram:
    """Give what is left where these extras are asked for (or not: `asked=False`); other extras stay open."""

    def step(here: Diagram, children: tuple[Diagram, ...]) -> Diagram:
        if here.variable[0] == EXTRA and here.variable[1] in extras:
            return children[0 if asked else 1]
        return node(here.variable, here.cuts, children)

    return canonical(rebuilt(diagram, step, {})) if extras else diagram


def extras_in(diagram: Diagram) -> frozenset[str]:
    """Give the extras that a diagram asks for, or asks not to be."""
    todo, seen, found = [diagram], set[Diagram](), set[str]()
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += here.children
            if here.variable[0] == EXTRA:
                found.add(str(here.variable[1]))
    return frozenset(found)


def given(diagram: Diagram, assumption: Diagram) -> Diagram:
    """Give a simpler diagram that says the same wherever the assumption holds (uv's `restrict`)."""
    known: dict[Pair, Diagram] = {}
    todo = [(diagram, assumption)]
    while todo:
        pair = todo[-1]
        missing = [] if _answer(*pair, known) is not None else _step(*pair, known)
        if missing:
            todo += missing
        else:
            todo.pop()
    return canonical(_answer(diagram, assumption, known) or FALSE)


def _answer(value: Diagram, assumption: Diagram, known: dict[Pair, Diagram]) -> Diagram | None:
    if assumption is TRUE or value.is_end:
        return value
    if assumption is FALSE or value.inverse is assumption:
        return FALSE
    return TRUE if value is assumption else known.get((value, assumption))


def _step(value: Diagram, assumption: Diagram, known: dict[Pair, Diagram]) -> list[Pair]:
    """Answer a pair from the pairs below it, or give those that have no answer yet."""
    if assumption.variable < value.variable:
        rest = any_of(assumption.children)
        found = _answer(value, rest, known)
        if found is None:
            return [(value, rest)]
        known[value, assumption] = found
        return []
    cuts, pairs = split(value, assumption)
    # Where the assumption fails, any answer will do: the first one from elsewhere, for it needs no words.
    reached = [None if assumed is FALSE else _answer(left, assumed, known) for left, assumed in pairs]
    missing = [pair for pair, answer in zip(pairs, reached, strict=True) if answer is None and pair[1] is not FALSE]
    if not missing:
        anything = next(answer for answer in reached if answer is not None)
        children = tuple(anything if answer is None else answer for answer in reached)
        known[value, assumption] = node(value.variable, cuts, children)
    return missing
