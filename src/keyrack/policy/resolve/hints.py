"""What to try after a failed resolution: each fact of the derivation may have a hint of its own (uv's, and ours)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Protocol

from keyrack.policy.index.choose import Choice, Exclusion, Kind
from keyrack.policy.index.tags import Mismatch
from keyrack.policy.resolve.candidates import Prereleases
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.packages import PYTHON, Package
from keyrack.policy.resolve.python import PythonFrom
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.reasons import BadMetadata, Impossible, Missing, NoFile, OfflineFile, Unbuilt
from keyrack.policy.resolve.versions import Versions, prefix_of, range_text, range_text_of
from keyrack.policy.solver.derivation import Absent, Derivation, FromDependency, NoVersions, Unusable, externals
from keyrack.values.index import IndexStrategy
from keyrack.values.late import pattern
from keyrack.values.names import PackageName
from keyrack.values.points import Point
from keyrack.values.settings import Selection

Tree = Derivation[Package, Point]

_OFFLINE = (
    "Packages were unavailable because the network was disabled."
    " When the network is disabled, registry packages may only be read from the cache."
)
_NO_INDEX = (
    "Packages were unavailable because index lookups were disabled and no additional package locations were provided"
    " (try: `--find-links <uri>`)"
)


class Looked(Protocol):
    """What was looked at in a resolution, in one environment or in a fork."""

    @property
    def knowledge(self) -> Knowledge:
        """What is known of packages."""
        ...

    @property
    def visited(self) -> AbstractSet[PackageName]:
        """The packages of which a version was looked for."""
        ...


def hints(tree: Tree, universe: Looked, question: Question) -> tuple[str, ...]:
    """Give the hints of a derivation that was made ready for readers, each once, in the order of its facts."""
    return tuple(dict.fromkeys(_Hints(universe, question, tree).all()))


class _Hints:
    """Looks at one failure."""

    def __init__(self, universe: Looked, question: Question, tree: Tree) -> None:
        self._universe = universe
        self._question = question
        self._facts = list(externals(tree))

    def all(self) -> Iterator[str]:
        is_old = False  # one example of a package that wants another Python is enough
        for fact in self._facts:
            match fact:
                case Unusable() if not isinstance(fact.reason, Impossible):
                    yield from self._of_range(fact.package, fact.versions)
                    yield from self._of_reason(fact.package, fact.versions, fact.reason)
                case NoVersions() | Absent():
                    yield from self._of_range(fact.package, fact.versions)
                case FromDependency() if fact.dependency == PYTHON and not self._universe.knowledge.python.is_installed:
                    if is_old:
                        continue
                    is_old = True
                    yield self._python(fact.package, fact.versions, fact.dependency_versions)
                case _:
                    pass

    def _of_range(self, package: Package, versions: Versions) -> Iterator[str]:
        """Say what is there that was not looked at: pre-releases, other indexes, the network."""
        name = package.name
        if not name:
            return
        yield from self._prerelease(name, versions)
        yield from self._unavailable(name)
        yield from self._next_index(name, versions)
        yield from self._too_new(name, versions)

    def _of_reason(self, package: Package, versions: Versions, reason: object) -> Iterator[str]:
        match reason:
            case NoFile():
                yield from self._no_file(package.name, versions, reason.exclusion)
            case OfflineFile():
                yield _OFFLINE
            case Unbuilt():
                yield from self._unbuilt(package.name, versions)
            case BadMetadata():
                version = self._latest(package.name, versions)
                what = "\n  ".join((reason.what, *reason.causes)[-1].splitlines())  # the innermost cause says it all
                yield f"Metadata for `{package.name}` (v{version}) could not be parsed:\n  {what}"
            case _:
                pass

    def _prerelease(self, name: PackageName, versions: Versions) -> Iterator[str]:
        if self._universe.knowledge.candidates.prereleases(name) is not Prereleases.NEVER:
            return
        scoped = name in self._question.prerelease_package
        argument = f"--prerelease-package {name}=allow" if scoped else "--prerelease=allow"
        for wanted in self._requested(name):
            if _asks_for_prerelease(wanted):
                yield (
                    f"`{name}` was requested with a pre-release marker (e.g., {_ranged(name, wanted)}),"
                    f" but pre-releases weren't enabled (try: `{argument}`)"
                )
                return
        for version in reversed(self._universe.knowledge.known(name)):
            if version.is_prerelease and versions.contains(version):
                yield (
                    f"Pre-releases are available for `{name}` in the requested range (e.g., {version}),"
                    f" but pre-releases weren't enabled (try: `{argument}`)"
                )
                return

    def _requested(self, name: PackageName) -> Iterator[Versions]:
        """Give the ranges with which a package was asked for."""
        for fact in self._facts:
            if isinstance(fact, FromDependency) and fact.dependency.name == name:
                yield fact.dependency_versions

    def _unavailable(self, name: PackageName) -> Iterator[str]:
        missing = self._universe.knowledge.missing(name)
        if missing is Missing.OFFLINE:
            yield _OFFLINE
        elif missing is Missing.NO_INDEX and not self._question.indexes.flat:
            yield _NO_INDEX

    def _next_index(self, name: PackageName, versions: Versions) -> Iterator[str]:
        """Say that a later index was not asked, because an earlier one has the package."""
        found = self._universe.knowledge.found.get(name)
        if (
            self._question.strategy is not IndexStrategy.FIRST_INDEX
            or not found
            or not self._universe.knowledge.known(name)
        ):
            return
        origin = found.pages[0].origin if found.pages else None
        searched = self._question.indexes.searched
        places = [place for place, index in enumerate(searched) if index.id == origin]
        if places and places[0] + 1 < len(searched):
            here, there = searched[places[0]], searched[places[0] + 1]
            yield (
                f"`{name}` was found on {here.url}, but not at the requested version ({_ranged(name, versions)})."
                f" A compatible version may be available on a subsequent index (e.g., {there.url})."
                " By default, keyrack will only consider versions that are published on the first index that contains"
                " a given package, to avoid dependency confusion attacks. If all indexes are equally trusted, use"
                " `--index-strategy unsafe-best-match` to consider all versions from all indexes, regardless of the"
                " order in which they were defined."
            )

    def _too_new(self, name: PackageName, versions: Versions) -> Iterator[str]:
        pinned = self._question.pins.get(name)
        cutoff = self._question.rules.cutoff(name, pinned)
        listings = self._universe.knowledge.listings.get(name, ())
        if cutoff is None or any(versions.contains(version) for version in self._universe.knowledge.known(name)):
            return
        hidden = [
            (version, listing) for listing in listings for version in listing.versions if versions.contains(version)
        ]
        if not hidden:
            return
        version, listing = max(hidden, key=lambda pair: pair[0])
        dates = [file.link.upload_time for file in listing.choice(version).files if file.link.upload_time]
        which = (
            "The requested version,"
            if versions.only is not None
            else "The latest version satisfying the requirement is"
        )
        before = f"{cutoff.isoformat().replace('+00:00', 'Z')}."
        latest = "" if versions.only is not None else f" {which} v{version}."
        if dates:
            verb = "was published" if versions.only is not None else "published"
            latest = f" {which} v{version}, {verb} at {_moment(min(dates))}."
        if name in self._question.rules.exclude_newer_package:
            yield (
                f"`{name}` was filtered by `exclude-newer-package` to only include packages uploaded before {before}"
                f"{latest} Consider removing the setting or updating it to a later date."
            )
        elif pinned in self._question.rules.exclude_newer_index:
            yield (
                f"`{name}` was filtered by the index-specific `exclude-newer` setting to only include packages uploaded"
                f" before {before}{latest} Consider updating that index's cutoff, setting it to `false`, or using"
                " `exclude-newer-package` to override the cutoff for this package."
            )
        else:
            yield (
                f"`{name}` was filtered by `exclude-newer` to only include packages uploaded before {before}{latest}"
                " Consider using `exclude-newer-package` to override the cutoff for this package."
            )

    def _no_file(self, name: PackageName, versions: Versions, exclusion: Exclusion) -> Iterator[str]:
        rules = self._question.rules
        match exclusion.kind:
            case Kind.NO_BUILD:
                yield (
                    f"Wheels are required for `{name}` because building from source is disabled"
                    f" {_scope(name, rules.no_build, 'no-build')}"
                )
            case Kind.NO_BINARY:
                yield (
                    f"A source distribution is required for `{name}` because using pre-built wheels is disabled"
                    f" {_scope(name, rules.no_binary, 'no-binary')}"
                )
            case Kind.TAGS if self._universe.knowledge.listings.get(name):  # a URL has no other wheels
                yield from self._tags(name, versions, exclusion.mismatch)
            case _:
                pass

    def _tags(self, name: PackageName, versions: Versions, mismatch: Mismatch | None) -> Iterator[str]:
        """Say for what there are wheels."""
        version, choice = self._first_choice(name, versions)
        about = f"`{name}` (v{version})"
        tags = self._question.target.tags
        wheels = list(_wheel_tags(choice))
        if mismatch is Mismatch.PYTHON:
            found = _listed(chain.from_iterable(python for python, _, _ in wheels))
            yield _of_kind(tags.best.python if tags.best else "", about, "Python implementation tag", found)
        elif mismatch is Mismatch.PLATFORM:
            fitting = [
                platforms
                for pythons, abis, platforms in wheels
                if any(tags.has_abi(python, abi) for python in pythons for abi in abis)
            ]
            found = _listed(chain.from_iterable(fitting))
            plural = "" if len(found) == 1 else "s"
            yield f"Wheels are available for {about} on the following platform{plural}: {', '.join(found)}"
        else:  # also for a Python version that no wheel is for
            abis = [abi for abi in chain.from_iterable(abi for _, abi, _ in wheels) if abi != "none"]
            if abis:
                yield _of_kind(tags.best.abi if tags.best else "", about, "Python ABI tag", _listed(abis))

    def _unbuilt(self, name: PackageName, versions: Versions) -> Iterator[str]:
        version, choice = self._first_choice(name, versions)
        yield (
            f"`{name}` (v{version}) has no wheel to read its requirements from, and"
            f" `{choice.files[-1].link.filename}` does not state them without being built: this run builds"
            " nothing"
        )

    def _first_choice(self, name: PackageName, versions: Versions) -> tuple[Point, Choice]:
        """Give the version in range that would be tried first, and what it offers."""
        found = {
            version: listing.choice(version)
            for listing in self._universe.knowledge.listings.get(name, ())
            for version in listing.visible()
            if versions.contains(version)
        }
        best = max if self._universe.knowledge.candidates.is_highest(name) else min
        version = best(found)
        return version, found[version]

    def _latest(self, name: PackageName, versions: Versions) -> Point | None:
        return next((one for one in reversed(self._universe.knowledge.known(name)) if versions.contains(one)), None)

    def _python(self, package: Package, versions: Versions, allowed: Versions) -> str:
        supports = "support" if versions.is_full or len(list(versions.segments())) > 1 else "supports"
        python = self._universe.knowledge.python
        only = f"{_ranged(package.name, versions)} only {supports} {range_text(allowed)}"
        includes = "includes Python versions that are not supported by your dependencies"
        match python.said_by:
            case PythonFrom.PYTHON_VERSION:
                return (
                    f"The `--python-version` value ({python.wanted}) {includes} (e.g., {only})."
                    " Consider using a higher `--python-version` value."
                )
            case PythonFrom.REQUIRES_PYTHON:
                return (
                    f"The `requires-python` value ({python.wanted}) {includes} (e.g., {only})."
                    f" Consider using a more restrictive `requires-python` value (like {range_text(allowed)})."
                )
            case _:
                return (
                    "The Python interpreter uses a Python version that is not supported by your dependencies"
                    f" (e.g., {only}). Consider passing a `--python-version` value to raise the minimum supported"
                    " version."
                )


def _moment(text: str) -> str:
    """Write a time as uv does: no zeros at the end of its fraction."""
    return re.sub(r"\.(\d*?)0*(?=Z\Z)", lambda found: f".{found[1]}" if found[1] else "", text)


def _scope(name: PackageName, selection: Selection, option: str) -> str:
    if selection.all:
        return f"for all packages (i.e., with `--{option}`)"
    return f"for `{name}` (i.e., with `--{option}-package {name}`)"


def _of_kind(best: str, about: str, kind: str, found: list[str]) -> str:
    plural = "" if len(found) == 1 else "s"
    pretty = _pretty(best)
    wanted = f"{pretty} (`{best}`)" if pretty else f"`{best}`"
    tags = ", ".join(found)
    return f"You require {wanted}, but we only found wheels for {about} with the following {kind}{plural}: {tags}"


_PRETTY = {"cp": "CPython", "pp": "PyPy", "py": "Python", "graalpy": "GraalPy", "pyston": "Pyston", "pypy": "PyPy"}
_TAG = pattern(r"([a-z]+)(\d)(\d*)(t?)")


def _pretty(tag: str) -> str:
    """Write `cp312` as `CPython 3.12`."""
    found = _TAG.match(tag)
    if not found or found[1] not in _PRETTY:
        return ""
    version = f"{found[2]}.{found[3]}" if found[3] else found[2]
    return f"{'free-threaded ' if found[4] else ''}{_PRETTY[found[1]]} {version}"


def _wheel_tags(choice: Choice) -> Iterator[list[list[str]]]:
    """Give the three parts of each wheel's tag, each as a list."""
    names = [file.link.filename for file in choice.files if file.link.filename.endswith(".whl")]
    return ([part.split(".") for part in name[:-4].rsplit("-", 3)[1:]] for name in names)


def _listed(tags: Iterable[str]) -> list[str]:
    """Sort tags by kind and number, each once, in backticks."""
    return [f"`{tag}`" for tag in sorted(set(tags), key=_natural)]


_FAMILIES = ("none", "any", "py", "abi", "manylinux_", "manylinux1", "manylinux2010", "manylinux2014", "linux",
             "musllinux", "macosx", "win32", "win_amd64", "win_arm64", "cp", "pp")  # fmt: skip


def _natural(tag: str) -> tuple[int, list[int], str]:
    family = next((place for place, start in enumerate(_FAMILIES) if tag.startswith(start)), len(_FAMILIES))
    numbers = [(int(number[0]), int(number[1:] or 0)) for number in re.findall(r"\d+", tag)]
    if tag.startswith(("py", "cp", "pp")):
        return family, list(chain.from_iterable(numbers)), tag
    return family, [int(number) for number in re.findall(r"\d+", tag)], tag


def _ranged(name: PackageName, versions: Versions) -> str:
    """Write a package with a range as in a report, for use inside a sentence."""
    if versions.is_full:
        return f"all versions of {name}"
    texts = []
    for segment in versions.segments():
        prefix = prefix_of(segment)
        texts.append(f"{name}=={prefix}.*" if prefix else name + range_text_of(segment, ","))
    return texts[0] if len(texts) == 1 else "all of:\n    " + "\n    ".join(texts) + "\n"


def _asks_for_prerelease(versions: Versions) -> bool:
    """Whether a requirement names a pre-release; `==2.4.*` and `~=2.4` have such bounds without naming one."""
    for segment in versions.segments():
        if prefix_of(segment) is not None:
            continue
        lower, upper = segment.lower, segment.upper
        if lower is not None and lower.is_prerelease:
            return True
        if upper is not None and upper.is_prerelease and not (not segment.includes_upper and _ends_release(upper)):
            return True
    return False


def _ends_release(point: Point) -> bool:
    version = point.version
    return version.dev == 0 and version.pre is None and version.post is None and version.local is None
