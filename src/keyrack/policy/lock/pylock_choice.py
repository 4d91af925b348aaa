"""Which packages of a pylock.toml an environment gets, and which of their files (PEP 751)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.errors import InvalidText, KeyrackError
from keyrack.policy.index.tags import Tags
from keyrack.policy.markers.algebra import diagram, holds
from keyrack.values.artifact import SDIST_SUFFIXES, WheelName, parse_wheel_name
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.pylock import Pylock, PylockFile, PylockPackage, PylockSource
from keyrack.values.settings import Selection


class UnusableLock(KeyrackError):
    """A pylock.toml does not say, or says twice, what an environment should get."""


class Chosen(msgspec.Struct, frozen=True):
    """One package to install from one of its parts; `file` is None for trees and repositories."""

    package: PylockPackage
    part: PylockSource
    file: PylockFile | None = None


class Asking(msgspec.Struct, frozen=True):
    """Who asks: the environment's markers, tags and Python, the extras and groups, and which files may be used."""

    markers: Mapping[str, str]
    tags: Tags
    python: Version
    extras: frozenset[ExtraName] = frozenset()
    groups: frozenset[GroupName] = frozenset()
    no_binary: Selection = Selection()
    no_build: Selection = Selection()


class _Form(Enum):
    """What an archive is."""

    WHEEL = "wheel"
    SDIST = "sdist"


def choose_packages(lock: Pylock, asking: Asking) -> tuple[Chosen, ...]:
    """Give what an environment gets, in the file's order. Raises `UnusableLock`, and `InvalidText` for file names."""
    if lock.requires_python is not None and not lock.requires_python.contains(asking.python, prereleases=True):
        raise UnusableLock(
            f"The requested interpreter resolved to Python {asking.python}, which is incompatible with the"
            f" `pylock.toml`'s Python requirement: `{_listed(map(str, lock.requires_python))}`"
        )
    found: dict[PackageName, Chosen] = {}
    extras, groups = frozenset(map(str, asking.extras)), frozenset(map(str, asking.groups))
    for package in lock.packages:
        if not holds(diagram(package.marker), asking.markers, extras, groups):
            continue
        if package.name in found:
            raise UnusableLock(f"Multiple active package entries found for `{package.name}`")
        found[package.name] = _choose(package, asking)
    return tuple(found.values())


def _choose(package: PylockPackage, asking: Asking) -> Chosen:
    name, wanted = package.name, package.requires_python
    if wanted is not None and not wanted.contains(asking.python, prereleases=True):
        raise UnusableLock(
            f"Package `{name}` requires Python {_listed(map(str, wanted))}, but the target Python version is"
            f" {asking.python}"
        )
    _check_sources(package)
    may_have_wheel, may_build = not asking.no_binary.holds(name), not asking.no_build.holds(name)
    wheel = _best_wheel(package, asking.tags)
    archive_form = None if package.archive is None else _form(package.archive, name)
    if wheel is not None and may_have_wheel:
        return Chosen(package, PylockSource.WHEELS, wheel)
    if package.sdist is not None and may_build:
        return Chosen(package, PylockSource.SDIST, _placed(package.sdist, name, "sdist"))
    if package.directory is not None and may_build:
        return Chosen(package, PylockSource.DIRECTORY)
    if package.vcs is not None and may_build:
        return Chosen(package, PylockSource.VCS)
    if package.archive is not None and (may_have_wheel if archive_form is _Form.WHEEL else may_build):
        return Chosen(package, PylockSource.ARCHIVE, package.archive)
    raise _unusable(package, asking, archive_form)


_TOLD = {
    PylockSource.WHEELS: "a registry (`packages.wheels`)",
    PylockSource.SDIST: "a registry (`packages.sdist`)",
    PylockSource.DIRECTORY: "a directory (`packages.directory`)",
    PylockSource.VCS: "a VCS (`packages.vcs`)",
}
_TOLD_SECOND = {
    PylockSource.DIRECTORY: "a directory source (`packages.directory`)",
    PylockSource.VCS: "a VCS source (`packages.vcs`)",
    PylockSource.ARCHIVE: "an archive source (`packages.archive`)",
}


def _check_sources(package: PylockPackage) -> None:
    """A package has files of an index, or one other source."""
    sources = package.sources
    if not sources:
        raise UnusableLock(
            f"Package `{package.name}` must include one of: `wheels`, `directory`, `archive`, `sdist`, or `vcs`"
        )
    if len(sources) > 1 and sources != (PylockSource.WHEELS, PylockSource.SDIST):
        second = next(one for one in sources[1:] if one is not PylockSource.SDIST)
        raise UnusableLock(f"Package `{package.name}` includes both {_TOLD[sources[0]]} and {_TOLD_SECOND[second]}")


def _best_wheel(package: PylockPackage, tags: Tags) -> PylockFile | None:
    """Give the wheel whose tag fits best; of equal ones the later build, then the earlier in the file."""
    best: tuple[tuple[int, tuple[int, str] | tuple[()]], PylockFile] | None = None
    for wheel in package.wheels or ():
        _placed(wheel, package.name, "wheel")
        name = wheel_name(wheel)
        rank = tags.fit(*(".".join(part) for part in (name.pythons, name.abis, name.platforms)))
        score = (-rank, name.build) if type(rank) is int else None
        if score is not None and (best is None or score > best[0]):
            best = score, wheel
    return None if best is None else best[1]


def wheel_name(file: PylockFile) -> WheelName:
    """Take a wheel's file name apart. Raises `InvalidText`."""
    return parse_wheel_name(file.filename)


def _placed(file: PylockFile, name: PackageName, part: str) -> PylockFile:
    if file.url is None and not file.path:
        raise UnusableLock(f"`packages.{part}` entry for `{name}` must have a `path` or `url`")
    return file


def _form(archive: PylockFile, name: PackageName) -> _Form:
    filename = _placed(archive, name, "archive").filename
    if filename.endswith(".whl"):
        return _Form.WHEEL
    if filename.endswith(SDIST_SUFFIXES):
        return _Form.SDIST
    raise InvalidText(f"The archive of `{name}` is neither a wheel nor a source distribution: `{filename}`")


def _unusable(package: PylockPackage, asking: Asking, form: _Form | None) -> UnusableLock:
    """Say why nothing of a package can be used (uv's words)."""
    name = package.name
    no_binary, no_build = asking.no_binary.holds(name), asking.no_build.holds(name)
    if no_binary and no_build:
        why = "it is marked as both `--no-binary` and `--no-build`"
    elif no_binary and form is _Form.WHEEL:
        why = "it is marked as `--no-binary` but is itself a binary distribution"
    elif no_binary:
        why = "it is marked as `--no-binary` but has no source distribution"
    elif no_build:
        why = "it is marked as `--no-build` but has no binary distribution"
    else:
        why = "it doesn't have a source distribution or wheel for the current platform"
    hints = () if no_binary or no_build else _hints(package, asking.tags)
    return UnusableLock(f"Package `{name}` can't be installed because {why}", hints=hints)


def _hints(package: PylockPackage, tags: Tags) -> tuple[str, ...]:
    """Say which tags the wheels have instead."""
    names = [wheel_name(wheel) for wheel in package.wheels or ()]
    if not names or tags.best is None:
        return ()
    tag = f"`{tags.best.python}-{tags.best.abi}-{tags.best.platform}`"
    found = sorted({f"`{'.'.join(name.pythons)}-{'.'.join(name.abis)}-{'.'.join(name.platforms)}`" for name in names})
    version = f" (v{package.version})" if package.version else ""
    return (
        f"The best tag of this Python is {tag}, but `{package.name}`{version} only has wheels for {_listed(found)}",
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
