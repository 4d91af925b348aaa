"""Whether the files of a version serve a fork, and how the fork is parted where they do not.

Only versions without a source distribution are asked. A local version (`2.5+cpu`) may have wheels for fewer platforms
than the version that it stands in for: where only that one has wheels, it is taken. And an environment may be required
to be served: then it is a fork of its own, or the version is out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from keyrack.policy.markers.algebra import FALSE, TRUE, Diagram, both, either, given, is_disjoint, opposite
from keyrack.policy.markers.reading import read
from keyrack.policy.resolve.forks import Fork, split_on_marker
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.versions import Versions
from keyrack.values.points import Point

_SYSTEMS = ("sys_platform == 'darwin'", "sys_platform == 'linux'", "sys_platform == 'win32'")
Edges = Mapping[tuple[Package, Point], Mapping[Package, Versions]]


class Unserved(NamedTuple):
    """No file of the version serves an environment that must be served, and the fork is that environment alone."""

    marker: Diagram


class Served(NamedTuple):
    """A version, and the forks in which it is taken; none of them where it does for the fork as it is."""

    is_local: bool
    forks: tuple[tuple[Fork, bool], ...] = ()


def unserved(
    fork: Fork, covered: Diagram, required: Iterable[Diagram], reached: Callable[[], Diagram]
) -> Unserved | tuple[Fork, Fork] | None:
    """Say whether an environment must be served and is not: how to part the fork there, or that this is impossible.

    `reached` tells where the package is needed at all. The fork is parted by the simplest marker that has the
    environment on one side and all that the version serves on the other.
    """
    here = both(fork.marker, covered)
    for marker in required:
        if fork.admits(marker) and is_disjoint(here, marker) and not is_disjoint(reached(), marker):
            apart = opposite(given(here, either(here, marker)))
            return split_on_marker(fork, apart) or Unserved(marker)
    return None


def served(fork: Fork, local: Diagram, public: Diagram) -> Served:
    """Weigh a local version against its public one, by the environments that each covers.

    Gives which of them is taken, or the forks for both; the flag tells where it is the local one.
    """
    rest = both(public, opposite(local))
    if rest is FALSE or not fork.admits(rest):
        return Served(is_local=True)
    if not fork.admits(local):
        return Served(is_local=False)
    # Where the local version has nothing for a system at all, the public one gets all of that system: a processor for
    # which neither has a wheel is lost anyway, and the marker is much shorter.
    for system in map(read, _SYSTEMS):
        if is_disjoint(local, system) and not is_disjoint(rest, system):
            rest = either(rest, system)
    parts = split_on_marker(fork, rest)
    return Served(is_local=True) if parts is None else Served(False, ((parts[0], False), (parts[1], True)))


def reached(package: Package, edges: Edges) -> Diagram:
    """Give where a package is known to be needed, over all versions that were looked at."""
    children: dict[Package, set[Package]] = {}
    for (parent, _), wanted in edges.items():
        children.setdefault(parent, set()).update(wanted)
        for child in wanted:
            if child.is_proxy and not child.group:
                children.setdefault(child, set()).add(child.base)
    found = {ROOT: TRUE}
    waiting = [ROOT]
    while waiting:
        parent = waiting.pop()
        for child in children.get(parent, ()):
            way = found[parent] if child.marker is None else both(found[parent], child.marker)
            known = found.get(child, FALSE)
            united = either(known, way)
            if united is not known:
                found[child] = united
                waiting.append(child)
    return found.get(package, FALSE)
