"""How a package came to be needed: the way from the user's requirements to it, for errors that end a run."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.versions import Versions, range_text
from keyrack.values.names import PackageName
from keyrack.values.points import Point

Edges = Mapping[tuple[Package, Point], Mapping[Package, Versions]]
_Step = tuple[Package, Versions | None]


def inclusion_hint(name: PackageName, edges: Edges) -> str | None:
    """Tell by which packages one is needed; None where the user asked for it, or where no way is known."""
    newest = {package: (wanted, at) for (package, at), wanted in edges.items()}
    way = _way(name, {package: wanted for package, (wanted, _) in newest.items()})
    if len(way) < 2:
        return None
    steps = []
    for place, (package, wanted) in enumerate(way[:-1]):
        text = str(package) if place == 0 else _ranged(package, wanted)
        at = newest[package][1]
        steps.append(f"`{text}` (v{at})")
    chain = " which depends on ".join([*steps[1:], f"`{_ranged(*way[-1])}`"])
    return f"`{name}` was included because {steps[0]} depends on {chain}"


def _way(name: PackageName, wanted: Mapping[Package, Mapping[Package, Versions]]) -> list[_Step]:
    """Find the shortest way from the request to a package, without proxies."""
    came: dict[Package, tuple[Package, Versions]] = {}
    waiting = deque([ROOT])
    while waiting:
        package = waiting.popleft()
        for dependency, versions in wanted.get(package, {}).items():
            if dependency in came:
                continue
            came[dependency] = package, versions
            if dependency.name == name:
                return _back(dependency, came)
            waiting.append(dependency)
    return []


def _back(package: Package, came: Mapping[Package, tuple[Package, Versions]]) -> list[_Step]:
    steps: list[_Step] = []
    while package != ROOT:
        parent, versions = came[package]
        if not package.is_proxy or not steps:
            steps.append((package, versions))
        package = parent
    return steps[::-1]


def _ranged(package: Package, versions: Versions | None) -> str:
    if versions is None or versions.is_full or versions.only is not None:
        return str(package)
    return f"{package}{range_text(versions)}"
