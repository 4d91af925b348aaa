"""What the solver decides on: the request itself, Python, a package, and a package with one extra.

As in uv, a requirement on `name[extra]` is one on a *proxy*, whose only duty is to bind two others to one version: the
package itself, and the package's extra, which holds just what the extra adds. So versions of the extra are never tried
that the package rules out.
"""

from __future__ import annotations

from typing import NamedTuple

from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import Requirement


class Package(NamedTuple):
    """A package of the solver. Neither the request nor Python has a name."""

    name: PackageName
    extra: ExtraName = ExtraName("")
    is_proxy: bool = False

    def __str__(self) -> str:
        """Write it as in a requirement."""
        if not self.name:
            return "Python" if self.extra else "root"
        return f"{self.name}[{self.extra}]" if self.extra else self.name

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


def bound_by(proxy: Package) -> tuple[Package, Package]:
    """Give the two packages that a proxy binds to its own version."""
    return proxy.base, Package(proxy.name, proxy.extra)
