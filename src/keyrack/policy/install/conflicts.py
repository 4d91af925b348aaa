"""Two wheels, one path: which of them gives the file, and what the user is told."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from keyrack.values.plan import Layout


class Conflicts(msgspec.Struct, frozen=True):
    """`losing` are the targets, by the stem of the wheel, whose file another wheel gives; `warnings` name the pairs."""

    losing: dict[str, frozenset[str]]
    warnings: tuple[str, ...] = ()


def find_conflicts(layouts: Iterable[Layout]) -> Conflicts:
    """Let the later wheel have a path that two of them want; equal files (`__init__.py` of a namespace) do not count.

    Linking each path once makes the outcome independent of the order in which threads happen to run.
    """
    holder: dict[str, tuple[str, str]] = {}
    losing: dict[str, set[str]] = {}
    clashes: dict[tuple[str, str], str] = {}
    layouts = tuple(layouts)
    shared = _shared(layouts)
    for layout in layouts:
        for target, digest in _targets(layout, shared):
            before = holder.get(target)
            holder[target] = (layout.stem, digest)
            if before is None or before[0] == layout.stem:
                continue
            losing.setdefault(before[0], set()).add(target)
            if before[1] != digest:
                clashes.setdefault((before[0], layout.stem), target)
    warnings = tuple(
        f"`{first}` and `{second}` both provide `{target}`; the file of `{second}` is used"
        for (first, second), target in clashes.items()
    )
    return Conflicts({stem: frozenset(targets) for stem, targets in losing.items()}, warnings)


def _shared(layouts: Iterable[Layout]) -> frozenset[str]:
    """Give the top-level files and folders that more than one wheel has something of: mostly there are none."""
    seen: set[str] = set()
    shared: set[str] = set()
    for layout in layouts:
        start = f"{layout.root}/"
        own = {start + member.path.partition("/")[0] for member in layout.plain}
        places = [place.target for place in (*layout.moved, *layout.scripts)]
        places += [launcher.target for launcher in layout.launchers]
        own |= {start + target[len(start) :].partition("/")[0] for target in places if target.startswith(start)}
        shared |= seen & own
        seen |= own
    return frozenset(shared)


def _targets(layout: Layout, shared: frozenset[str]) -> Iterable[tuple[str, str]]:
    start = f"{layout.root}/"
    for member in layout.plain if shared else ():
        if start + member.path.partition("/")[0] in shared:
            yield start + member.path, member.digest
    for place in (*layout.moved, *layout.scripts):
        yield place.target, place.member.digest
    for launcher in layout.launchers:
        yield launcher.target, f"{launcher.point.module}:{launcher.point.attribute}"
