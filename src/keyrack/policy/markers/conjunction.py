"""Both, either: how two diagrams become one, and what is known to be never true together.

A conjunction walks both diagrams at once and remembers every pair it met, so it takes at most as many steps as there
are pairs of nodes. Platform names exclude each other (`sys_platform == 'win32'` and `os_name == 'posix'`): a diagram
that lies wholly within what cannot be is FALSE. The pairs are uv's, and so is where they are looked at.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, TRUE, Cut, Diagram, along, node, opposite
from keyrack.policy.markers.variables import is_platform, string

MOST_STEPS: Final = 200_000
"""How much one operation may take. Real ones take some dozens; a hostile marker can ask for 2 ** its length."""

_Pair = tuple[Diagram, Diagram]

# What was found, for the process: the same few dozen markers are joined again and again in a resolution.
_KNOWN: Final[dict[_Pair, Diagram]] = {}
_IMPOSSIBLE: Final[dict[Diagram, bool]] = {}


def both(first: Diagram, second: Diagram) -> Diagram:
    """Give the diagram that holds where both do. `InvalidText` if that takes too long."""
    found = _at_once(first, second)
    return _joined(_pair(first, second), _KNOWN, knowing=True) if found is None else found


def either(first: Diagram, second: Diagram) -> Diagram:
    """Give the diagram that holds where at least one does. `InvalidText` if that takes too long."""
    return opposite(both(opposite(first), opposite(second)))


def _pair(first: Diagram, second: Diagram) -> _Pair:
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


def _joined(wanted: _Pair, known: dict[_Pair, Diagram], *, knowing: bool) -> Diagram:
    todo = [wanted]
    for _ in range(MOST_STEPS):
        if not todo:
            return known[wanted]
        pair = todo[-1]
        if pair in known:
            todo.pop()
            continue
        first, second = pair
        cuts, pairs = split(first, second)
        children, missing = _found(pairs, known)
        if missing:
            todo += missing
            continue
        made = node(min(first.variable, second.variable), cuts, tuple(children))
        platforms = is_platform(first.variable) and is_platform(second.variable)
        known[pair] = FALSE if knowing and platforms and _cannot_be(made) else made
        todo.pop()
    raise InvalidText("The markers are too complex to be joined")


def _found(pairs: list[_Pair], known: dict[_Pair, Diagram]) -> tuple[list[Diagram], list[_Pair]]:
    """Look the children up; give those that are known and the pairs that are not."""
    children, missing = list[Diagram](), list[_Pair]()
    for first, second in pairs:
        found = _at_once(first, second)
        if found is None:
            pair = _pair(first, second)
            found = known.get(pair)
            if found is None:
                missing.append(pair)
                continue
        children.append(found)
    return children, missing


def split(first: Diagram, second: Diagram) -> tuple[tuple[Cut, ...], list[_Pair]]:
    """Ask the variable that comes first: give its cuts, and in each interval what is left of both diagrams."""
    if first.variable < second.variable:
        return first.cuts, [(child, second) for child in first.children]
    if second.variable < first.variable:
        return second.cuts, [(first, child) for child in second.children]
    if first.cuts == second.cuts:
        return first.cuts, list(zip(first.children, second.children, strict=True))
    return _merged(first, second)


def _merged(first: Diagram, second: Diagram) -> tuple[tuple[Cut, ...], list[_Pair]]:
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


def _cannot_be(diagram: Diagram) -> bool:
    """Say whether a diagram holds only where platform names contradict each other."""
    found = _IMPOSSIBLE.get(diagram)
    if found is None:
        found = _IMPOSSIBLE[diagram] = not _meets(diagram, _possible())
    return found


def _meets(first: Diagram, second: Diagram) -> bool:
    """Say whether both hold somewhere, without making a diagram of it and without looking at what cannot be."""
    todo, seen = [(first, second)], set[_Pair]()
    while todo:
        left, right = pair = todo.pop()
        if pair in seen or left is FALSE or right is FALSE or left.inverse is right:
            continue
        if left is TRUE or right is TRUE or left is right:
            return True
        seen.add(pair)
        todo += split(left, right)[1]
    return False


_OS_AND_PLATFORM: Final = (("nt", "linux"), ("nt", "darwin"), ("nt", "ios"), ("posix", "win32"))
_SYSTEMS: Final = ("FreeBSD", "NetBSD", "OpenBSD", "SunOS", "iOS", "iPadOS")
_PLATFORMS: Final = ("aix", "android", "emscripten", "ios", "linux", "darwin", "win32", "cygwin", "wasi")
_SAME: Final = (("iOS", "ios"), ("iPadOS", "ios"))


@cache
def _possible() -> Diagram:
    """Give where platform names do not contradict each other, joined without that knowledge."""
    pairs = [(("os_name", os), ("sys_platform", platform)) for os, platform in _OS_AND_PLATFORM]
    pairs += [
        (("platform_system", system), ("sys_platform", platform))
        for system in _SYSTEMS
        for platform in _PLATFORMS
        if (system, platform) not in _SAME
    ]
    known: dict[_Pair, Diagram] = {}
    possible = TRUE
    for first, second in pairs:
        apart = opposite(_plainly(opposite(_not(*first)), opposite(_not(*second)), known))
        possible = _plainly(possible, apart, known)
    return possible


def _not(name: str, value: str) -> Diagram:
    return along(string(name), ((None, (value, 0)), ((value, 1), None)))


def _plainly(first: Diagram, second: Diagram, known: dict[_Pair, Diagram]) -> Diagram:
    found = _at_once(first, second)
    return _joined(_pair(first, second), known, knowing=False) if found is None else found
