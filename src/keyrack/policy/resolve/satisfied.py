"""Whether what is installed already answers the requirements, and all that they require in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from keyrack.policy.resolve.environment import Environment
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex, FromUrl, Requirement

MetadataOf = Callable[[Installed], Metadata | None]
"""Gives the metadata of an installed distribution; None where it has none that can be read."""


def unsatisfied(
    requirements: Iterable[Requirement],
    constraints: Iterable[Requirement],
    installed: Mapping[PackageName, tuple[Installed, ...]],
    metadata_of: MetadataOf,
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
        found = installed.get(one.name, ())
        if (
            len(found) != 1
            or not _meets(found[0], one)
            or not all(_meets(found[0], limit) for limit in limits.get(one.name, ()))
        ):
            return one
        wanted = [extra for extra in (ExtraName(""), *one.extras) if (one.name, extra) not in seen]
        if not wanted:
            continue
        seen.update((one.name, extra) for extra in wanted)
        metadata = metadata_of(found[0])
        if metadata is None:
            return one
        waiting.extend(
            each for extra in wanted for each in metadata.requires if environment.applies(each.marker, extra)
        )
    return None


def _meets(one: Installed, wanted: Requirement) -> bool:
    if not one.whole:
        return False
    match wanted.source:
        case FromIndex():
            return wanted.specifier.contains(one.version, prereleases=True)
        case FromUrl(url=url, subdirectory=subdirectory):
            source = one.direct_url
            return source is not None and (source.url.exact, source.subdirectory) == (url.exact, subdirectory)
        case _:
            return False
