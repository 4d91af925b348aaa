"""What must be removed, kept and added so that an environment holds a resolution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import msgspec

from keyrack.values.graph import Pin, Resolution
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName
from keyrack.values.plan import Addition, InstallPlan
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import Selection
from keyrack.values.source_url import file_url
from keyrack.values.url import Url

SEEDS = frozenset({PackageName("pip"), PackageName("setuptools"), PackageName("uv"), PackageName("wheel")})
"""What a new environment may hold by itself; `--exact` leaves it there if told to."""


class PlanOptions(msgspec.Struct, frozen=True):
    """`requested` are the names that the user wrote; `exact` removes what the resolution does not name.

    `kept` are excepted from that: an environment's own tools. `changed` are the URLs of local archives that are no
    longer what was installed from them. `strict` accepts no direct installation for a requirement from an index.
    """

    requested: frozenset[PackageName] = frozenset()
    reinstall: Selection = Selection()
    exact: bool = False
    kept: frozenset[PackageName] = frozenset()
    changed: frozenset[Url] = frozenset()
    strict: bool = False


def plan(resolution: Resolution, installed: Iterable[Installed], options: PlanOptions) -> InstallPlan:
    """Compare a resolution with what is installed."""
    present: dict[PackageName, list[Installed]] = {}
    for one in installed:
        present.setdefault(one.name, []).append(one)
    remove: list[Installed] = []
    keep: list[Installed] = []
    add: list[Addition] = []
    for pin in resolution.pins:
        there = present.pop(pin.name, [])
        if len(there) == 1 and not options.reinstall.holds(pin.name) and is_satisfied(there[0], pin, options):
            keep += there
        else:
            remove += there
            add.append(_addition(pin, options))
    left = [one for name in sorted(present) for one in present[name]]
    if options.exact:
        extra = [one for one in left if one.name not in options.kept]
        remove += extra
        left = [one for one in left if one not in extra]
    return InstallPlan(tuple(remove), tuple(keep + left), tuple(add))


def is_satisfied(one: Installed, pin: Pin, options: PlanOptions) -> bool:
    """Say whether what is installed is what the pin asks for."""
    if not one.whole:
        return False
    match pin.source:
        case FromIndex():
            return one.version == pin.version and not (options.strict and one.direct_url)
        case FromUrl(url=url, subdirectory=subdirectory):
            source = one.direct_url
            if source is None or source.is_tree or source.revision or url in options.changed:
                return False
            return (source.url.bare, source.subdirectory) == (url.bare, subdirectory)
        case FromTree(path=path, editable=editable):
            return (
                one.direct_url is not None
                and one.direct_url.is_tree
                and one.direct_url.editable is bool(editable)
                and file_url(path) not in options.changed
            )
        case FromGit():
            return one.direct_url is not None and one.direct_url.is_checkout(pin.source)
        case _:
            assert_never(pin.source)


def _addition(pin: Pin, options: PlanOptions) -> Addition:
    return Addition(pin, pin.wheel, pin.name in options.requested)
