"""What the solver decides on: the request itself, Python, a package, and a package with one extra, group or marker.

As in uv, a requirement on `name[extra]` is one on a *proxy*, whose only duty is to bind two others to one version: the
package itself, and the package's extra, which holds just what the extra adds. So versions of the extra are never tried
that the package rules out. Where all environments are solved at once, a marker makes a proxy as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from keyrack.values.conflicts import ConflictItem
from keyrack.values.late import LateModule
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.requirement import Requirement

if TYPE_CHECKING:
    from keyrack.policy.markers import algebra
else:  # One environment has no diagrams.
    algebra = LateModule("keyrack.policy.markers.algebra")


class Package(NamedTuple):
    """A package of the solver. Neither the request nor Python has a name. `marker` is None where it always holds."""

    name: PackageName
    extra: ExtraName = ExtraName("")
    is_proxy: bool = False
    group: GroupName = GroupName("")
    marker: algebra.Diagram | None = None

    def __str__(self) -> str:
        """Write it as in a requirement; a group behind a colon, a marker in braces."""
        if not self.name:
            return "Python" if self.extra else "root"
        part = f"[{self.extra}]" if self.extra else f":{self.group}" if self.group else ""
        if self.marker is None or (part and self.is_proxy):
            return self.name + part
        return f"{self.name}{part}{{{algebra.text(self.marker)}}}"

    @property
    def base(self) -> Package:
        """The package without its extra."""
        return Package(self.name)


ROOT = Package(PackageName(""))
PYTHON = Package(PackageName(""), ExtraName("python"))


def packages_of(requirement: Requirement) -> tuple[Package, ...]:
    """Give the packages that a requirement is on: the package, or its proxies where it names extras."""
    if not requirement.extras:
        return (Package(requirement.name),)
    return tuple(Package(requirement.name, extra, is_proxy=True) for extra in sorted(requirement.extras))


def marked_packages(
    requirement: Requirement, marker: algebra.Diagram, conflicting: frozenset[ConflictItem]
) -> tuple[Package, ...]:
    """Give the packages that a requirement is on where it counts under a marker.

    Where an extra or a group conflicts with others, the package itself stands beside it: in the forks without them it
    is still needed.
    """
    name = requirement.name
    where = None if marker is algebra.TRUE else marker
    bare = Package(name, is_proxy=where is not None, marker=where)
    found = [Package(name, extra, is_proxy=True, marker=where) for extra in sorted(requirement.extras)] or [
        Package(name, group=group, is_proxy=True, marker=where) for group in sorted(requirement.groups)
    ]
    is_torn = any(ConflictItem(name, one.extra, one.group) in conflicting for one in found)
    return (bare, *found) if is_torn or not found else tuple(found)


def bound_by(proxy: Package) -> tuple[Package, ...]:
    """Give the packages that a proxy binds to its own version.

    Each with the marker and without: so what is learned of a package under a marker is not lost on the package. A group
    needs no more than itself (PEP 735).
    """
    extra, group = proxy.extra, proxy.group
    bare = (Package(proxy.name), Package(proxy.name, extra)) if extra else (Package(proxy.name, group=group),)
    return bare if proxy.marker is None else (*bare, *(one._replace(marker=proxy.marker) for one in bare))
