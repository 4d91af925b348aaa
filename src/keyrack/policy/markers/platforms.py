"""What is known of platforms: some names never come together, as `os_name == 'posix'` and `sys_platform == 'win32'`.

Two markers that differ only where no platform is, are the same marker. So a diagram that asks for more than one of the
names is given one form for all of these: where a platform cannot be, it says what it says in the first interval of the
line, and an interval that cannot be told from the first one, where it can be, is united with it. The pairs of names and
the choice of the form are uv's: the text depends on them.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram, along, node, opposite
from keyrack.policy.markers.joining import Pair, join, meet, split
from keyrack.policy.markers.variables import is_platform, string

_OS_AND_PLATFORM: Final = (("nt", "linux"), ("nt", "darwin"), ("nt", "ios"), ("posix", "win32"))
_SYSTEMS: Final = ("FreeBSD", "NetBSD", "OpenBSD", "SunOS", "iOS", "iPadOS")
_PLATFORMS: Final = ("aix", "android", "emscripten", "ios", "linux", "darwin", "win32", "cygwin", "wasi")
_TOGETHER: Final = frozenset((("iOS", "ios"), ("iPadOS", "ios")))

_CANONICAL: Final[dict[Diagram, Diagram]] = {}


def canonical(diagram: Diagram) -> Diagram:
    """Give the one diagram for all that say the same on every platform that can be."""
    if not _mixes(diagram):
        return diagram
    found = _CANONICAL.get(diagram)
    if found is None:
        found = _completed(diagram, _possible(), {})
        if _mixes(found):
            found = node(found.variable, found.cuts, tuple(canonical(child) for child in found.children))
        _CANONICAL[diagram] = found
    return found


def both(first: Diagram, second: Diagram) -> Diagram:
    """Give the marker that holds where both do. `InvalidText` if that takes too long."""
    return canonical(meet(first, second))


def either(first: Diagram, second: Diagram) -> Diagram:
    """Give the marker that holds where at least one does. `InvalidText` if that takes too long."""
    return canonical(join(first, second))


def _mixes(diagram: Diagram) -> bool:
    """Say whether more than one platform name is asked for; those come first, so the children tell."""
    return is_platform(diagram.variable) and any(is_platform(child.variable) for child in diagram.children)


def _completed(value: Diagram, domain: Diagram, known: dict[Pair, Diagram]) -> Diagram:
    """Say in all of the line what is said in the domain. The recursion is as deep as there are platform names."""
    if domain is TRUE or not is_platform(value.variable):
        return value
    pair = value, domain
    if pair not in known:
        known[pair] = _extended(value, domain, known)
    return known[pair]


def _extended(value: Diagram, domain: Diagram, known: dict[Pair, Diagram]) -> Diagram:
    # The domain asks for every name, in order: nothing that the value asks comes before.
    first_domain = domain.children[0]
    if domain.variable < value.variable:
        return _completed(value, first_domain, known)
    default = _completed(value.children[0], first_domain, known)
    cuts, pairs = split(value, domain)
    children = list[Diagram]()
    for child, enabled in pairs:
        if enabled is FALSE or child is value.children[0]:
            children.append(default)
            continue
        found = _completed(child, enabled, known)
        alike = enabled is not first_domain and found is _completed(default, enabled, known)
        children.append(default if alike else found)
    return node(value.variable, cuts, tuple(children))


@cache
def _possible() -> Diagram:
    """Give where no two names contradict each other."""
    pairs = [(_is("os_name", os), _is("sys_platform", platform)) for os, platform in _OS_AND_PLATFORM]
    pairs += [
        (_is("platform_system", system), _is("sys_platform", platform))
        for system in _SYSTEMS
        for platform in _PLATFORMS
        if (system, platform) not in _TOGETHER
    ]
    possible = TRUE
    for first, second in pairs:
        possible = meet(possible, opposite(meet(first, second)))
    return possible


def _is(name: str, value: str) -> Diagram:
    return along(string(name), (((value, 0), (value, 1)),))
