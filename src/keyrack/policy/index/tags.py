"""Which wheels one Python can use, how well each fits, and why one does not (PEP 425, 600, 656)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum

import msgspec

from keyrack.values.interpreter import Interpreter


class Mismatch(IntEnum):
    """Why a wheel does not fit. The greater the number, the closer it came: that one is told."""

    PYTHON = 1
    ABI = 2
    FREE_THREADED = 3
    PYTHON_VERSION = 4
    PLATFORM = 5


class BestTag(msgspec.Struct, frozen=True):
    """The three parts of the tag that fits best: what messages give as an example."""

    python: str
    abi: str
    platform: str


# glibc's oldest minor version for which an architecture has wheels (PEP 513, 571, 599, 600).
_OLDEST_GLIBC = {
    "x86_64": 5, "i686": 5, "aarch64": 17, "armv7l": 17, "ppc64": 17, "ppc64le": 17, "s390x": 17,
    "riscv64": 31, "loongarch64": 36,
}  # fmt: skip
_LEGACY_MANYLINUX = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
_MAC_FORMATS = {
    "x86_64": ("x86_64", "intel", "fat64", "fat32", "universal2", "universal"),
    "arm64": ("arm64", "universal2"),
}
_IMPLEMENTATIONS = {"cpython": "cp", "pypy": "pp", "graalpy": "graalpy", "pyston": "pyston"}


class Tags:
    """The compatible tags of one Python, ranked. Made once a run; every wheel of every page is held against it."""

    def __init__(self, ranked: Iterable[tuple[str, str, Iterable[str]]], *, free_threaded: bool = False) -> None:
        """Take groups of tags, best first: Python part, ABI part, and the platforms of the group."""
        self._ranks: dict[str, dict[str, dict[str, int]]] = {}
        self._free_threaded = free_threaded
        self._known: dict[tuple[str, str, str], int | Mismatch] = {}
        self.best: BestTag | None = None
        rank = 0
        for python, abi, platforms in ranked:
            ranks = self._ranks.setdefault(python, {}).setdefault(abi, {})
            for platform in platforms:
                ranks.setdefault(platform, rank)
                rank += 1
                if self.best is None:
                    self.best = BestTag(python, abi, platform)

    def fit(self, python: str, abi: str, platform: str) -> int | Mismatch:
        """Rank a wheel by the tag part of its name, each part possibly several joined by dots; 0 is best.

        A plain `int` is a rank; a `Mismatch` says why there is none.
        """
        key = python, abi, platform
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._fit(python.split("."), abi.split("."), platform.split("."))
        return found

    def _fit(self, pythons: list[str], abis: list[str], platforms: list[str]) -> int | Mismatch:
        if self._free_threaded and not any(_is_free_threaded(abi) for abi in abis):
            return Mismatch.FREE_THREADED
        best: int | None = None
        closest = Mismatch.PYTHON
        for python in pythons:
            by_abi = self._ranks.get(python)
            if by_abi is None:
                continue
            for abi in abis:
                by_platform = by_abi.get(abi)
                if by_platform is None:
                    closest = max(closest, Mismatch.ABI)
                    continue
                ranks = [by_platform[platform] for platform in platforms if platform in by_platform]
                if not ranks:
                    closest = Mismatch.PLATFORM
                elif best is None or min(ranks) < best:
                    best = min(ranks)
        return closest if best is None else best

    def has_abi(self, python: str, abi: str) -> bool:
        """Say whether a Python part and an ABI part go together on some platform."""
        return abi in self._ranks.get(python, {})


def tags_of(interpreter: Interpreter) -> Tags:
    """Rank the tags of an interpreter: those it told of itself, else those that its version and platform imply."""
    if interpreter.tags:
        split = (tag.split("-") for tag in interpreter.tags)
        return Tags(
            ((python, abi, (platform,)) for python, abi, platform in split), free_threaded=interpreter.gil_disabled
        )
    major, minor = (int(part) for part in interpreter.minor.split("."))
    return make_tags(
        interpreter.implementation, (major, minor), platform_tags(interpreter.platform), interpreter.gil_disabled
    )


def make_tags(
    implementation: str, version: tuple[int, int], platforms: tuple[str, ...], free_threaded: bool = False
) -> Tags:
    """Rank the tags of a Python by its implementation (sys.implementation's name), version and platform tags."""
    return Tags(_groups(implementation, version, platforms, free_threaded), free_threaded=free_threaded)


def _groups(
    implementation: str, version: tuple[int, int], platforms: tuple[str, ...], free_threaded: bool
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    major, minor = version
    short = _IMPLEMENTATIONS.get(implementation, implementation)
    own = f"{short}{major}{minor}"
    is_cpython = implementation == "cpython"
    yield own, _own_abi(implementation, version, free_threaded), platforms
    if is_cpython:
        stable = "abi3t" if free_threaded else "abi3"
        yield own, stable, platforms
        yield own, "none", platforms
        for older in range(minor - 1, 1, -1):
            yield f"cp{major}{older}", stable, platforms
    for tags in (platforms, ("any",)):
        if tags == ("any",) and is_cpython:
            yield own, "none", tags
        yield f"py{major}{minor}", "none", tags
        yield f"py{major}", "none", tags
        for older in range(minor - 1, -1, -1):
            yield f"py{major}{older}", "none", tags


def _own_abi(implementation: str, version: tuple[int, int], free_threaded: bool) -> str:
    major, minor = version
    match implementation:
        case "cpython":
            return f"cp{major}{minor}{'t' if free_threaded else ''}{'m' if minor < 8 else ''}"
        case "pypy":
            return f"pypy{major}{minor}_pp73"
        case _:
            return "none"


def _is_free_threaded(abi: str) -> bool:
    return abi in ("none", "abi3t") or (abi.startswith("cp") and "t" in abi)


def platform_tags(platform: str) -> tuple[str, ...]:
    """Give the platform tags that fit where `platform` is the newest: `manylinux_2_36_x86_64`, `macosx_14_0_arm64`."""
    kind, _, rest = platform.partition("_")
    match kind:
        case "manylinux":
            _, minor, machine = rest.split("_", 2)
            return tuple(_manylinux(int(minor), machine))
        case "musllinux":
            _, minor, machine = rest.split("_", 2)
            newest = (f"musllinux_1_{older}_{machine}" for older in range(int(minor), -1, -1))
            return (*newest, f"linux_{machine}")
        case "macosx":
            major, minor, machine = rest.split("_", 2)
            return tuple(_macos(int(major), int(minor), machine))
        case "android":
            level, _, abi = rest.partition("_")
            return tuple(f"android_{older}_{abi}" for older in range(int(level), 15, -1))
        case "ios":
            return tuple(_ios(*rest.split("_", 2)))
        case "pyodide":
            return (f"pyemscripten_{rest}", platform)
        case _:
            return (platform.replace("-", "_").replace(".", "_"),)


def _manylinux(newest: int, machine: str) -> Iterator[str]:
    for minor in range(newest, _OLDEST_GLIBC.get(machine, newest + 1) - 1, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if minor in _LEGACY_MANYLINUX:
            yield f"{_LEGACY_MANYLINUX[minor]}_{machine}"
    yield f"linux_{machine}"


def _macos(major: int, minor: int, machine: str) -> Iterator[str]:
    formats = _MAC_FORMATS.get(machine, (machine,))
    for release in range(major, 10, -1):
        yield from (f"macosx_{release}_0_{kind}" for kind in formats)
    # A fat binary may name a macOS older than its Apple silicon half needs.
    old_formats = ("universal2",) if machine == "arm64" else formats
    for release in range(minor if major == 10 else 16, 3, -1):
        yield from (f"macosx_10_{release}_{kind}" for kind in old_formats)


def _ios(major: str, minor: str, suffix: str) -> Iterator[str]:
    yield from (f"ios_{major}_{older}_{suffix}" for older in range(int(minor), -1, -1))
    yield from (f"ios_{older}_{part}_{suffix}" for older in range(int(major) - 1, 11, -1) for part in range(9, -1, -1))
