"""What one version of a package requires in one environment: overrides, excludes, constraints, extras of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.policy.resolve.environment import Environment
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import Requirement

_NO_EXTRAS: frozenset[ExtraName] = frozenset()
_ANY = SpecifierSet()


class Requirements:
    """Applies what the user says of other packages' requirements."""

    def __init__(
        self,
        environment: Environment,
        constraints: Iterable[Requirement] = (),
        overrides: Iterable[Requirement] = (),
        excludes: frozenset[PackageName] = frozenset(),
    ) -> None:
        """Sort constraints and overrides by name."""
        self._environment = environment
        self._constraints = by_name(constraints)
        self._overrides = by_name(overrides)
        self._excludes = excludes

    def of(
        self,
        name: PackageName,
        requires: Iterable[Requirement],
        extra: ExtraName = ExtraName(""),  # noqa: B008 - text
    ) -> list[Requirement]:
        """Give what a version itself requires, or what one of its extras adds; no name stands for the request.

        Requirements on the package's own extras (`all = ["pkg[a,b]"]`) are replaced by what those require.
        """
        requires = tuple(requires)
        found = list(self._applying(requires, extra))
        if not name or not any(one.name == name and one.extras for one in found):
            return found
        seen: set[ExtraName] = set()
        waiting = [own for one in found if one.name == name for own in sorted(one.extras)]
        while waiting:
            own = waiting.pop(0)
            if own in seen:
                continue
            seen.add(own)
            for one in self._applying(requires, own):
                found.append(one)
                if one.name == name:
                    waiting.extend(sorted(one.extras))
        return [
            msgspec.structs.replace(one, extras=_NO_EXTRAS) if one.name == name else one
            for one in found
            if one.name != name or not one.extras or one.specifier != _ANY
        ]

    def _applying(self, requires: Iterable[Requirement], extra: ExtraName) -> Iterator[Requirement]:
        """Give those that apply, each followed by its constraints."""
        environment = self._environment
        for written in requires:
            overrides = self._overrides.get(written.name)
            if overrides is None:
                if written.name not in self._excludes and environment.applies(written.marker, extra):
                    yield written
                    yield from self._constraining(written)
            # An override stands in wherever the extra is right; all else that the written marker says is gone.
            elif environment.extra_of(written.marker) == extra and written.name not in self._excludes:
                for override in overrides:
                    if environment.holds(override.marker):
                        yield override
                        yield from self._constraining(override)

    def _constraining(self, requirement: Requirement) -> Iterator[Requirement]:
        for constraint in self._constraints.get(requirement.name, ()):
            if self._environment.holds(constraint.marker):
                yield constraint


def by_name(requirements: Iterable[Requirement]) -> Mapping[PackageName, tuple[Requirement, ...]]:
    """Sort requirements by what they are on."""
    found: dict[PackageName, list[Requirement]] = {}
    for requirement in requirements:
        found.setdefault(requirement.name, []).append(requirement)
    return {name: tuple(some) for name, some in found.items()}
