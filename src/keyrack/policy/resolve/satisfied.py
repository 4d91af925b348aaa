"""Whether what is installed already answers the requirements, and all that they require in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

import msgspec

from keyrack.policy.resolve.environment import Environment
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement, Unnamed
from keyrack.values.url import local_path

MetadataOf = Callable[[Installed], Metadata | None]
"""Gives the metadata of an installed distribution; None where it has none that can be read."""


IsFresh = Callable[[Installed, str], bool]
"""Says whether what lies at a path of this disk is still what was installed from it."""


class Present(msgspec.Struct, frozen=True):
    """What is installed, and what reads it."""

    installed: Mapping[PackageName, tuple[Installed, ...]]
    metadata_of: MetadataOf
    is_fresh: IsFresh


def unsatisfied(
    requirements: Iterable[Requirement],
    constraints: Iterable[Requirement],
    present: Present,
    environment: Environment,
) -> Requirement | None:
    """Give the first requirement, in breadth, that the environment does not meet; None where it meets them all."""
    limits = dict[PackageName, list[Requirement]]()
    for limit in constraints:
        if environment.holds(limit.marker):
            limits.setdefault(limit.name, []).append(limit)
    waiting = [one for one in requirements if environment.holds(one.marker)]
    seen = set[tuple[PackageName, ExtraName]]()
    for one in waiting:
        found = present.installed.get(one.name, ())
        if (
            len(found) != 1
            or not _meets(found[0], one, present.is_fresh)
            or not all(_meets(found[0], limit, present.is_fresh) for limit in limits.get(one.name, ()))
        ):
            return one
        wanted = [extra for extra in (ExtraName(""), *one.extras) if (one.name, extra) not in seen]
        if not wanted:
            continue
        seen.update((one.name, extra) for extra in wanted)
        metadata = present.metadata_of(found[0])
        if metadata is None:
            return one
        waiting.extend(
            each for extra in wanted for each in metadata.requires if environment.applies(each.marker, extra)
        )
    return None


def recognised(wanted: Unnamed, installed: Iterable[Installed], is_fresh: IsFresh) -> Requirement | None:
    """Name a requirement by what was installed from its place, if that still is what lies there."""
    found = (one for one in installed if one.direct_url is not None)
    return next((named for one in found if _meets(one, named := wanted.named(one.name), is_fresh)), None)


def _meets(one: Installed, wanted: Requirement, is_fresh: IsFresh) -> bool:
    if not one.whole:
        return False
    installed = one.direct_url
    match wanted.source:
        case FromIndex():
            return wanted.specifier.contains(one.version, prereleases=True)
        case FromUrl(url=url, subdirectory=subdirectory):
            return (
                installed is not None
                and (installed.url.exact, installed.subdirectory) == (url.exact, subdirectory)
                and (url.scheme != "file" or is_fresh(one, local_path(url)))
            )
        case FromTree(path=path, editable=editable):
            return (
                installed is not None
                and installed.is_tree
                and installed.editable is bool(editable)
                and is_fresh(one, path)
            )
        case FromGit(revision=revision):
            # Where a branch stands, only the repository can tell.
            meant = msgspec.structs.replace(wanted.source, commit=wanted.source.commit or revision)
            return installed is not None and installed.is_checkout(meant)
        case _:
            assert_never(wanted.source)
