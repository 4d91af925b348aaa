"""How two diagrams become one: both at once, or at least one of them.

A conjunction walks both diagrams together and remembers every pair it met, so it takes at most as many steps as there
are pairs of nodes. What is known of platforms is not looked at here: `platforms.py` does, once the result stands.
"""

from __future__ import annotations

from typing import Final

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, node, opposite

MOST_STEPS: Final = 100_000
"""How much one operation may take. Real ones take some dozens; a hostile marker can ask for 2 ** its length."""

Pair = tuple[Diagram, Diagram]

# What was found, for the process: the same few dozen markers are joined again and again in a resolution.
_KNOWN: Final[dict[Pair, Diagram]] = {}


def meet(first: Diagram, second: Diagram) -> Diagram:
    """Give the diagram that holds where both do. `InvalidText` if that takes too long."""
    found = _at_once(first, second)
    return _walked(_pair(first, second)) if found is None else found


def join(first: Diagram, second: Diagram) -> Diagram:
    """Give the diagram that holds where at least one does. `InvalidText` if that takes too long."""
    return opposite(meet(opposite(first), opposite(second)))


def any_of(diagrams: tuple[Diagram, ...]) -> Diagram:
    """Give the diagram that holds where any of these does."""
    found = FALSE
    for one in diagrams:
        found = join(found, one)
    return found


def _pair(first: Diagram, second: Diagram) -> Pair:
    return (first, second) if first.serial < second.serial else (second, first)


def _at_once(first: Diagram, second: Diagram) -> Diagram | None:
    """Answer what needs no walk."""
    if first is second or second is TRUE:
        return first
    if first is TRUE:
        return second
    if first is FALSE or second is FALSE or first.inverse is second:
        return FALSE
    return None


def _walked(wanted: Pair) -> Diagram:
    todo = [wanted]
    for _ in range(MOST_STEPS):
        if not todo:
            return _KNOWN[wanted]
        pair = todo[-1]
        if pair in _KNOWN:
            todo.pop()
            continue
        cuts, pairs = split(*pair)
        children, missing = _found(pairs)
        if missing:
            todo += missing
            continue
        _KNOWN[pair] = node(min(pair[0].variable, pair[1].variable), cuts, tuple(children))
        todo.pop()
    raise InvalidText("The markers are too complex to be joined")


def _found(pairs: list[Pair]) -> tuple[list[Diagram], list[Pair]]:
    """Look the children up; give those that are known and the pairs that are not."""
    children, missing = list[Diagram](), list[Pair]()
    for first, second in pairs:
        found = _at_once(first, second)
        if found is None:
            pair = _pair(first, second)
            found = _KNOWN.get(pair)
            if found is None:
                missing.append(pair)
                continue
        children.append(found)
    return children, missing


def split(first: Diagram, second: Diagram) -> tuple[tuple[Cut, ...], list[Pair]]:
    """Ask the variable that comes first: give its cuts, and in each interval what is left of both diagrams."""
    if first.variable < second.variable:
        return first.cuts, [(child, second) for child in first.children]
    if second.variable < first.variable:
        return second.cuts, [(first, child) for child in second.children]
    if first.cuts == second.cuts:
        return first.cuts, list(zip(first.children, second.children, strict=True))
    return _merged(first, second)


def _merged(first: Diagram, second: Diagram) -> tuple[tuple[Cut, ...], list[Pair]]:
    left = right = 0
    cuts, pairs = list[Cut](), [(first.children[0], second.children[0])]
    while left < len(first.cuts) or right < len(second.cuts):
        if right == len(second.cuts):
            cut = first.cuts[left]
        elif left == len(first.cuts):
            cut = second.cuts[right]
        else:
            cut = min(first.cuts[left], second.cuts[right])
        left += left < len(first.cuts) and first.cuts[left] == cut
        right += right < len(second.cuts) and second.cuts[right] == cut
        cuts.append(cut)
        pairs.append((first.children[left], second.children[right]))
    return tuple(cuts), pairs
