"""Which file of a version to use, or why none of them can be (PEP 425, 427, 592, 625)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

import msgspec

from keyrack.policy.index.tags import Mismatch, Tags
from keyrack.values.artifact import Digest, Link, Page
from keyrack.values.index import IndexId
from keyrack.values.names import PackageName
from keyrack.values.points import Point
from keyrack.values.settings import Selection


class Listed(NamedTuple):
    """A link and the page on which it stands, which says whose it is."""

    page: Page
    link: Link


class Files(msgspec.Struct):
    """All files of one version, as an index lists them."""

    wheels: list[Listed]
    sdists: list[Listed]


class Kind(Enum):
    """Why a version cannot be used."""

    NO_FILES = "no files"
    TAGS = "tags"
    YANKED = "yanked"
    TOO_NEW = "too new"
    UNDATED = "undated"
    NO_BINARY = "no binary"
    NO_BUILD = "no build"
    SDIST_NAME = "sdist name"


_INVISIBLE = (Kind.TOO_NEW, Kind.UNDATED)


class Exclusion(msgspec.Struct, frozen=True):
    """Why the file that came closest cannot be used. `yank_reason` is the index's own, perhaps empty."""

    kind: Kind
    mismatch: Mismatch | None = None
    yank_reason: str = ""


class Choice(msgspec.Struct, frozen=True):
    """What a version offers. `exclusion` is None where it can be used.

    `installable` is the file to install: a wheel, or an sdist where no wheel fits. `readable` is the file to read
    metadata from, which is a wheel wherever there is one: all files of a version are taken to say the same.
    """

    installable: Listed | None
    readable: Listed | None
    exclusion: Exclusion | None
    files: tuple[Listed, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether the version does not exist for this run: all its files are too new, or have no date."""
        return self.exclusion is not None and self.exclusion.kind in _INVISIBLE

    @property
    def is_wheel(self) -> bool:
        """Whether what would be installed is a wheel."""
        return self.installable is not None and self.installable.link.filename.endswith(".whl")


class FileRules(msgspec.Struct, frozen=True):
    """What the run says of files. `tags` are those of the Python that they are for.

    `exclude_newer` is an instant in UTC for all packages, `exclude_newer_package` one, or None for no limit, for some.
    `exclude_newer_index` are those of single indexes; what is said of a package counts more, what is said of all less.
    `undated` are the indexes that tell no time (flat ones): no instant holds for their files. `available_until` stands
    in for the clock: without a limit of their own, files that were uploaded later are not listed at all.
    `allowed_yanks` are versions that may be used although they were yanked, `digests` the hashes that pins ask for.
    """

    tags: Tags
    exclude_newer: datetime | None = None
    exclude_newer_package: dict[PackageName, datetime | None] = {}
    exclude_newer_index: dict[IndexId, datetime | None] = {}
    undated: frozenset[IndexId] = frozenset()
    available_until: datetime | None = None
    no_binary: Selection = Selection()
    no_build: Selection = Selection()
    allowed_yanks: dict[PackageName, frozenset[Point]] = {}
    digests: Mapping[tuple[PackageName, Point], tuple[Digest, ...]] = {}

    def cutoff(self, name: PackageName, origin: IndexId | None = None) -> datetime | None:
        """Give the instant from which on files of a package do not exist, on an index if one is named."""
        if origin in self.undated:
            return None
        if name in self.exclude_newer_package:
            return self.exclude_newer_package[name]
        if origin is not None and origin in self.exclude_newer_index:
            return self.exclude_newer_index[origin]
        return self.exclude_newer

    def latest(self, name: PackageName, origin: IndexId) -> datetime | None:
        """Give the instant from which on files of a package are not listed on an index; None for no such instant."""
        if self.available_until is None or origin in self.undated:
            return None
        cutoff = self.cutoff(name, origin)
        return self.available_until if cutoff is None else max(cutoff, self.available_until)


class _Score(NamedTuple):
    """How good a usable wheel is, greater is better: hashes met, rank of its tag (negated), build tag."""

    hashes: int
    tag: int
    build: tuple[int, str] | tuple[()]


# How close a file came that cannot be used, greater is closer: the closest one's reason is told.
_WHEEL_CLOSENESS = {Kind.NO_BINARY: 1, Kind.YANKED: 2, Kind.TAGS: 3, Kind.TOO_NEW: 4, Kind.UNDATED: 5}
_SDIST_CLOSENESS = {Kind.NO_BUILD: 1, Kind.SDIST_NAME: 1, Kind.YANKED: 2, Kind.TOO_NEW: 3, Kind.UNDATED: 3}
# PEP 625 wants `.tar.gz`; `.zip` is what came before it and is still read.
_SDIST_SUFFIXES = (".tar.gz", ".zip")


class _Best(NamedTuple):
    """The best file of a kind so far, usable or not."""

    file: Listed | None = None
    score: _Score | None = None
    exclusion: Exclusion | None = None


def choose(name: PackageName, version: Point, files: Files, rules: FileRules) -> Choice:
    """Weigh the files of one version."""
    judge = _Judge(name, version, rules)
    wheel = judge.best(files.wheels, judge.weigh_wheel, _WHEEL_CLOSENESS)
    sdist = judge.best(files.sdists, judge.weigh_sdist, _SDIST_CLOSENESS)
    listed = (*files.wheels, *files.sdists)
    if wheel.score and not (sdist.score and sdist.score.hashes > wheel.score.hashes):
        return Choice(wheel.file, wheel.file, None, listed)
    if sdist.score:
        hidden = wheel.score or wheel.exclusion is None or wheel.exclusion.kind in _INVISIBLE
        return Choice(sdist.file, sdist.file if hidden else wheel.file, None, listed)
    return Choice(None, None, sdist.exclusion or wheel.exclusion or Exclusion(Kind.NO_FILES), listed)


class _Judge:
    """Weighs the files of one version by the rules of the run."""

    def __init__(self, name: PackageName, version: Point, rules: FileRules) -> None:
        self._rules = rules
        self._name = name
        self._yank_allowed = version in rules.allowed_yanks.get(name, ())
        self._no_binary = rules.no_binary.holds(name)
        self._no_build = rules.no_build.holds(name)
        self._digests = rules.digests.get((name, version), ())

    def best(
        self, files: list[Listed], weigh: Callable[[Listed], _Score | Exclusion], closeness: dict[Kind, int]
    ) -> _Best:
        """Give the best file, or, where none can be used, the one that came closest and why not."""
        best = _Best()
        for file in files:
            verdict = weigh(file)
            if isinstance(verdict, _Score):
                if best.score is None or verdict > best.score:
                    best = _Best(file, verdict)
            elif best.score is None and (best.exclusion is None or _is_closer(verdict, best.exclusion, closeness)):
                best = _Best(file, None, verdict)
        return best

    def weigh_wheel(self, file: Listed) -> _Score | Exclusion:
        """Weigh a wheel: its tag first of all."""
        link = file.link
        excluded = self._by_date(file) or (Exclusion(Kind.NO_BINARY) if self._no_binary else self._by_yank(link))
        if excluded is not None:
            return excluded
        head, python, abi, platform = link.filename[:-4].rsplit("-", 3)
        fit = self._rules.tags.fit(python, abi, platform)
        if isinstance(fit, Mismatch):
            return Exclusion(Kind.TAGS, fit)
        return _Score(self._hashes(link), -fit, _build_tag(head))

    def weigh_sdist(self, file: Listed) -> _Score | Exclusion:
        """Weigh a source distribution."""
        link = file.link
        excluded = self._by_date(file) or (Exclusion(Kind.NO_BUILD) if self._no_build else self._by_yank(link))
        if excluded is not None:
            return excluded
        if not link.filename.endswith(_SDIST_SUFFIXES):
            return Exclusion(Kind.SDIST_NAME)
        return _Score(self._hashes(link), 0, ())

    def _by_date(self, file: Listed) -> Exclusion | None:
        cutoff = self._rules.cutoff(self._name, file.page.origin)
        if cutoff is None:
            return None
        uploaded = upload_time(file.link)
        if uploaded is None:
            return Exclusion(Kind.UNDATED)
        return Exclusion(Kind.TOO_NEW) if uploaded >= cutoff else None

    def _by_yank(self, link: Link) -> Exclusion | None:
        if link.yanked is False or self._yank_allowed:
            return None
        return Exclusion(Kind.YANKED, yank_reason="" if link.yanked is True else link.yanked)

    def _hashes(self, link: Link) -> int:
        """Rank what a page says of a file's hashes: 2 as wanted or none wanted, 1 says nothing, 0 says another."""
        if not self._digests or any(digest in self._digests for digest in link.digests):
            return 2
        return 0 if link.digests else 1


def upload_time(link: Link) -> datetime | None:
    """Read the time of an upload (PEP 700: RFC 3339 in UTC); None where a page tells none, or tells nonsense."""
    try:
        moment = datetime.fromisoformat(link.upload_time) if link.upload_time else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _is_closer(verdict: Exclusion, known: Exclusion, closeness: dict[Kind, int]) -> bool:
    """Say whether a file that cannot be used came closer than another; a yank with a reason says more."""
    if verdict.kind is known.kind is Kind.TAGS:
        return (verdict.mismatch or 0) > (known.mismatch or 0)
    if verdict.kind is known.kind is Kind.YANKED:
        return bool(verdict.yank_reason) and not known.yank_reason
    return closeness[verdict.kind] > closeness[known.kind]


def _build_tag(head: str) -> tuple[int, str] | tuple[()]:
    """Read the build tag in the first part of a wheel's name: a number and what follows it (PEP 427)."""
    build = head.split("-")[2:]
    if not build:
        return ()
    digits = len(build[0]) - len(build[0].lstrip("0123456789"))
    return int(build[0][:digits] or 0), build[0][digits:]
