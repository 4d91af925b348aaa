"""Names, versions and reasons as people read them, in uv's vocabulary: the resolver's side of the solver's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from keyrack.policy.index.choose import Exclusion, Kind
from keyrack.policy.index.tags import Mismatch, Tags
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.reasons import (
    BadMetadata,
    Impossible,
    NoFile,
    NoPlatform,
    OfflineFile,
    OldPython,
    Reason,
    Unbuilt,
    Unlisted,
)
from keyrack.policy.resolve.versions import Versions, prefix_of
from keyrack.policy.solver.ranges import Ranges, Segment
from keyrack.policy.solver.words import PlainWords, Role
from keyrack.values.names import PackageName
from keyrack.values.points import Border, Point, point

Known = Mapping[PackageName, Sequence[Point]]


class ResolverWords(PlainWords[Package, Point]):
    """Words about one question. `known` are the versions of each package whose pages were looked at."""

    def __init__(
        self, known: Known, stable_only: frozenset[PackageName], python: PythonRequirement, tags: Tags
    ) -> None:
        """`stable_only` are packages whose pre-releases are not considered at all."""
        super().__init__(ROOT)
        self._known = known
        self._stable_only = stable_only
        self._python = python
        self._tags = tags

    def role(self, package: Package) -> Role:
        """A package with an extra stands for nothing by itself where it is only a proxy."""
        if package == ROOT:
            return Role.ROOT
        if package == PYTHON:
            return Role.SURROUNDINGS
        return Role.PROXY if package.is_proxy else Role.PACKAGE

    def order(self, package: Package) -> str:
        """Sort the request first, then Python, then packages before their proxies."""
        if not package.name:
            return f" {package.extra}"
        return f"{'~' if package.is_proxy else '!'}{package.name} {package.extra}"

    def is_same(self, first: Package, second: Package) -> bool:
        """A package and its extras are one."""
        return bool(first.name) and first.name == second.name

    def available(self, package: Package) -> Sequence[Point] | None:
        """Give the versions that are listed, if the package was looked at."""
        return self._known.get(package.name)

    def measure(self, package: Package, versions: Versions) -> Sequence[Point] | None:
        """Leave pre-releases out where they are not considered and the range names none."""
        known = self.available(package)
        if known is None or package.name not in self._stable_only or _names_prerelease(versions):
            return known
        return [version for version in known if not version.is_prerelease]

    def plain(self, versions: Versions) -> Versions:
        """Write the border above a version's local versions as the version."""
        if all(value.border is not Border.ABOVE_LOCAL for value in versions.values):
            return versions
        return Ranges.of_segments([_plain(segment) for segment in versions.segments()])

    def is_beside_the_point(self, versions: Versions) -> bool:
        """Whether a range holds nothing but local versions of a version that is not in it itself."""
        return all(_is_local_only(segment) for segment in versions.segments())

    def bare(self, version: Point) -> Point:
        """Give the version that a border lies beside."""
        return version if version.border is Border.NONE else point(version.text)

    def segment(self, segment: Segment[Point]) -> str | None:
        """Write `==2.4.*`."""
        prefix = prefix_of(segment)
        return None if prefix is None else f"=={prefix}.*"

    def missing(self, package: Package, wanted: str) -> str | None:
        """Say which Python there is."""
        if package != PYTHON:
            return None
        if self._python.is_installed:
            return f"the current Python version ({self._python.installed}) does not satisfy {wanted}"
        return f"the requested Python version ({self._python.wanted}) does not satisfy {wanted}"

    def absent(self, reason: object) -> str:
        """Say why nothing of a package can be used."""
        return self.unusable(reason, plural=False)

    def unusable(self, reason: object, *, plural: bool) -> str:
        """Say why versions cannot be used."""
        known: Reason = reason  # type: ignore[assignment]  # the solver hands back what the universe gave it
        has, needs, requires = ("have", "need", "require") if plural else ("has", "needs", "requires")
        match known:
            case NoFile():
                return self._no_file(known.exclusion, plural=plural)
            case NoPlatform():
                return f"{has} no {_platform(known.environment)}-compatible wheels"
            case OldPython():
                return f"{requires} Python {known.requires_python}"
            case Unbuilt():
                return f"{needs} to be built from source, which is not supported yet"
            case OfflineFile():
                return f"{needs} to be downloaded from a registry"
            case BadMetadata():
                return f"{has} invalid metadata"
            case Impossible():
                return f"{'depend' if plural else 'depends'} on {_impossible(known)}"
            case Unlisted():
                return known.missing.value
            case _:
                assert_never(known)

    def root_unusable(self, reason: object) -> str | None:
        """Say which of the user's requirements no version can meet."""
        return _impossible(reason) if isinstance(reason, Impossible) else None

    def _no_file(self, exclusion: Exclusion, *, plural: bool) -> str:
        has, was = ("have", "were") if plural else ("has", "was")
        if exclusion.kind is Kind.YANKED:
            reason = exclusion.yank_reason.strip().rstrip(".")
            return f"{was} yanked (reason: {reason})" if reason else f"{was} yanked"
        if exclusion.kind is Kind.TOO_NEW:
            return f"{was} published after the exclude newer time"
        if exclusion.mismatch is not None:
            what, part = _NO_TAG[exclusion.mismatch]
            example = "" if self._tags.best is None else getattr(self._tags.best, part, "")
            return f"{has} no wheels with a {what}" + (f" (e.g., `{example}`)" if example else "")
        return f"{has} {_NO_FILE[exclusion.kind]}"


_NO_FILE = {
    Kind.NO_BUILD: "no usable wheels",
    Kind.NO_BINARY: "no source distribution",
    Kind.SDIST_NAME: "a non-PEP 625-compliant source distribution filename",
    Kind.UNDATED: "no publish time",
    Kind.NO_FILES: "no available distributions",
}
_NO_TAG = {
    Mismatch.PYTHON: ("matching Python implementation tag", "python"),
    Mismatch.ABI: ("matching Python ABI tag", "abi"),
    Mismatch.FREE_THREADED: ("free-threading compatible ABI tag", ""),
    Mismatch.PYTHON_VERSION: ("matching Python version tag", "abi"),
    Mismatch.PLATFORM: ("matching platform tag", "platform"),
}


_PLATFORMS = {
    "sys_platform == 'linux'": "Linux",
    "sys_platform == 'win32'": "Windows",
    "sys_platform == 'darwin'": "macOS",
}


def _platform(environment: str) -> str:
    """Name an environment: a system by its name, anything else as it is written."""
    return _PLATFORMS.get(environment, f"`{environment}`")


def _impossible(reason: Impossible) -> str:
    texts = [f"{reason.name}{specifier}" for specifier in reason.specifiers]
    end = "which are incompatible" if len(texts) > 1 else "which does not allow any versions"
    return f"{' and '.join(texts)}, {end}"


def _plain(segment: Segment[Point]) -> Segment[Point]:
    lower, upper = segment.lower, segment.upper
    includes_lower, includes_upper = segment.includes_lower, segment.includes_upper
    if lower is not None and lower.border is Border.ABOVE_LOCAL:
        lower, includes_lower = point(lower.text), False
    if upper is not None and upper.border is Border.ABOVE_LOCAL:
        upper, includes_upper = point(upper.text), True
    return Segment(lower, includes_lower, upper, includes_upper)


def _is_local_only(segment: Segment[Point]) -> bool:
    lower, upper = segment.lower, segment.upper
    if lower is None or upper is None or segment.includes_lower or upper.border is not Border.ABOVE_LOCAL:
        return False
    return lower == point(upper.text)


def _names_prerelease(versions: Versions) -> bool:
    return any(value.is_prerelease for value in versions.values)
