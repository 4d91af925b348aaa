"""What a report must be told, because the solver knows neither names nor reasons.

`Words` is what the report asks; `PlainWords` answers for packages that are their own names and versions that all look
like versions. A richer world extends `PlainWords` and says only what differs.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Generic, Protocol, TypeVar

from keyrack.policy.solver.derivation import P
from keyrack.policy.solver.ranges import Ranges, Segment, V

P_contra = TypeVar("P_contra", contravariant=True)


class Role(Enum):
    """What a solver's package is to the reader."""

    ROOT = "the question itself"
    PACKAGE = "something that is chosen in a version"
    PROXY = "a part of a package that stands for it, and says nothing by itself"
    SURROUNDINGS = "something that is given, such as the interpreter"


class Words(Protocol[P_contra, V]):
    """Names, versions and reasons as a reader should see them.

    All texts are parts of sentences, without capital letter or full stop.
    """

    def role(self, package: P_contra) -> Role:
        """Say what the package is to the reader."""

    def name(self, package: P_contra) -> str:
        """Write the package: `ok`, `dep[extra]`, `Python`."""

    def order(self, package: P_contra) -> str:
        """Give the text by which packages are sorted where several stand in one sentence."""

    def is_same(self, first: P_contra, second: P_contra) -> bool:
        """Say whether two packages are one to the reader: a package and its own extra, but never root or Python."""

    def member(self, package: P_contra) -> str | None:
        """Write a package of the reader's own (`your project`, `lib[extra]`), else `None`. It has one version only."""

    def is_project(self, package: P_contra) -> bool:
        """Say whether the package is the reader's one project, which then speaks in place of the root."""

    def root_requires(self) -> str:
        """Write subject and verb before what the root requires: `you require`, `your project depends on`."""

    def root_requirements(self) -> str:
        """Write what the root requires as a noun in the plural: `your requirements`."""

    def available(self, package: P_contra) -> Sequence[V] | None:
        """List the versions that exist and were looked at, sorted. `None` where the package has no list.

        Ranges are shown relative to this list. With a universe that has a `span`, it must hold the same versions.
        """

    def measure(self, package: P_contra, versions: Ranges[V]) -> Sequence[V] | None:
        """List the available versions that a range should be simplified over.

        The same as `available`, but without pre-releases where they are disallowed and the range names none.
        """

    def plain(self, versions: Ranges[V]) -> Ranges[V]:
        """Rewrite a range without bounds that have no text of their own (borders above local versions)."""

    def is_beside_the_point(self, versions: Ranges[V]) -> bool:
        """Say whether a range holds only what plain text does not tell apart, so that its emptiness is no news."""

    def version(self, version: V) -> str:
        """Write a version."""

    def bare(self, version: V) -> V:
        """Give the version that a bound of a range lies at or beside."""

    def segment(self, segment: Segment[V]) -> str | None:
        """Write an interval that has a shorter form (`==2.4.*`), else `None`."""

    def missing(self, package: P_contra, wanted: str) -> str | None:
        """Say in own words that there is no version in a range (`wanted`, already written), else `None`.

        For the surroundings: `the current Python version (3.12.1) does not satisfy Python>=3.14`.
        """

    def absent(self, reason: object) -> str:
        """Say why a package cannot be used, after its name: `was not found in the package registry`."""

    def unusable(self, reason: object, *, plural: bool) -> str:
        """Say why versions cannot be used, after their range: `was yanked`, `have no usable wheels`."""

    def root_unusable(self, reason: object) -> str | None:
        """Say after `root_requires` what makes the root's own requirements impossible, else `None`.

        `foo>2 and foo<1, which are incompatible`.
        """


class PlainWords(Generic[P, V]):
    """Packages are written as their text, versions too; a reason is its text."""

    def __init__(self, root: P, available: Mapping[P, Sequence[V]] | None = None) -> None:
        """Take the root, and the sorted versions of every package whose versions are known."""
        self._root = root
        self._available = available or {}

    def role(self, package: P) -> Role:
        """Every package but the root is one that is chosen."""
        return Role.ROOT if package == self._root else Role.PACKAGE

    def name(self, package: P) -> str:
        """Write the package as its text."""
        return str(package)

    def order(self, package: P) -> str:
        """Sort by name, the root first."""
        return "" if self.role(package) is Role.ROOT else self.name(package)

    def is_same(self, first: P, second: P) -> bool:
        """Only equal packages are one."""
        return first == second

    def member(self, package: P) -> str | None:  # for others to say
        """No package is the reader's own."""
        return None

    def is_project(self, package: P) -> bool:
        """Say no where `member` knows no project."""
        return self.member(package) == "your project"

    def root_requires(self) -> str:
        """Address the reader."""
        return "you require"

    def root_requirements(self) -> str:
        """Address the reader."""
        return "your requirements"

    def available(self, package: P) -> Sequence[V] | None:
        """Give what was given."""
        return self._available.get(package)

    def measure(self, package: P, versions: Ranges[V]) -> Sequence[V] | None:  # all versions are alike
        """Measure every range by every version."""
        return self.available(package)

    def plain(self, versions: Ranges[V]) -> Ranges[V]:
        """Leave every range as it is."""
        return versions

    def is_beside_the_point(self, versions: Ranges[V]) -> bool:  # every range has a text
        """Every range has a text."""
        return False

    def version(self, version: V) -> str:
        """Write the version as its text."""
        return str(version)

    def bare(self, version: V) -> V:
        """Every bound is a version."""
        return version

    def segment(self, segment: Segment[V]) -> str | None:  # no interval has a shorter form
        """No interval has a shorter form."""
        return None

    def missing(self, package: P, wanted: str) -> str | None:  # nothing is given
        """Use the common words."""
        return None

    def absent(self, reason: object) -> str:
        """Write the reason as its text."""
        return str(reason)

    def unusable(self, reason: object, *, plural: bool) -> str:
        """Write the reason as its text, of a pair the one in the right number."""
        return str(reason[plural] if isinstance(reason, tuple) else reason)

    def root_unusable(self, reason: object) -> str | None:
        """Write the reason as its text."""
        return str(reason)
