"""What a resolution could not go by: lower bounds that `--resolution lowest` needs, dates that `exclude-newer` does."""

from __future__ import annotations

from collections.abc import Iterable

from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.versions import SpecifierRanges, lower_bound
from keyrack.values.graph import Pin
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.settings import ResolutionMode


def unbounded(question: Question) -> tuple[str, ...]:
    """Warn of each direct requirement, unless another one on the same package has a bound."""
    if question.resolution is ResolutionMode.HIGHEST:
        return ()
    environment, ranges = Environment(question.target.markers), SpecifierRanges()
    direct = [one for one in question.direct if environment.holds(one.marker) and one.name not in question.urls]
    if any(ranges.of(one.specifier).is_empty for one in direct):
        return ()  # nothing will be chosen
    bound = {one.name for one in direct if lower_bound(ranges.of(one.specifier))[0] is not None}
    return tuple(unpinned(name) for name in dict.fromkeys(one.name for one in direct) if name not in bound)


def unpinned(name: PackageName) -> str:
    """Warn of one direct requirement."""
    return (
        f"The direct dependency `{name}` is unpinned. Consider setting a lower bound when using `--resolution lowest`"
        " or `--resolution lowest-direct` to avoid using outdated versions."
    )


def unbounded_transitively(question: Question, pins: Iterable[Pin]) -> tuple[str, ...]:
    """Warn of each package that others require, none of them with a bound."""
    if question.resolution is not ResolutionMode.LOWEST:
        return ()
    pins = tuple(pins)
    requires: dict[str, tuple[Requirement, ...]] = {pin.name: pin.metadata.requires for pin in pins}
    return tuple(
        unpinned_transitively(pin.name)
        for pin in pins
        if "" not in pin.required_by
        and not any(
            one.name == pin.name and has_bound(one)
            for one in (*question.constraints, *(one for parent in pin.required_by for one in requires[parent]))
        )
    )


def undated(knowledge: Knowledge) -> tuple[str, ...]:
    """Warn of each file that was looked at and has no date, where one is needed."""
    return tuple(
        f"`{filename}` is missing an upload date, but user provided: {cutoff.isoformat().replace('+00:00', 'Z')}"
        for listings in knowledge.listings.values()
        for listing in listings
        for filename, cutoff in listing.undated()
    )


def unpinned_transitively(name: PackageName) -> str:
    """Warn of one package that others require."""
    return (
        f"The transitive dependency `{name}` is unpinned. Consider setting a lower bound with a constraint when using"
        " `--resolution lowest` to avoid using outdated versions."
    )


def has_bound(requirement: Requirement) -> bool:
    """Say whether a requirement has a lower bound, or names one place."""
    if not isinstance(requirement.source, FromIndex):
        return True
    return any(specifier.operator in _LOWER for specifier in requirement.specifier)


_LOWER = ("==", "===", ">=", ">", "~=")
