"""Which environments the files of a version serve, as a marker: what a wheel's tags imply (PEP 425, 508)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from keyrack.policy.index.choose import Choice, FileRules, Files, choose
from keyrack.policy.index.python_tags import STABLE, python_tag
from keyrack.policy.markers.algebra import FALSE, TRUE, Diagram, both, either
from keyrack.policy.markers.reading import read
from keyrack.values.late import pattern
from keyrack.values.names import PackageName
from keyrack.values.points import Point

_WINDOWS: Final = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64"}
_MAC = pattern(r"macosx_(\d+)_(\d+)_(\w+)")
_ANDROID = pattern(r"android_\d+_(arm64_v8a|armeabi_v7a|x86|x86_64)")
_ANDROID_MACHINES: Final = {"arm64_v8a": "aarch64", "armeabi_v7a": "armv7l", "x86": "i686", "x86_64": "x86_64"}
_FIRST_DARWIN_ON_ARM: Final = 20
_MACHINES: Final = {
    "universal2": ("x86_64", "arm64"),
    "intel": ("x86_64", "i386"),
    "fat": ("x86_64", "ppc"),
    "fat32": ("i386", "ppc", "ppc64", "x86_64"),
    "fat64": ("x86_64", "ppc64"),
    "universal": ("x86_64", "i386", "ppc64", "ppc", "intel"),
}
_LINUX = pattern(r"(?:manylinux_\d+_\d+|manylinux1|manylinux2010|manylinux2014|musllinux_\d+_\d+|linux)_(\w+)")
_IMPLEMENTATIONS: Final = {"cp": "CPython", "pp": "PyPy", "graalpy": "GraalPy", "pyston": "Pyston"}


def usable_wheels(name: PackageName, version: Point, choice: Choice, rules: FileRules) -> tuple[str, ...] | None:
    """Give the names of the wheels that can be used somewhere; None if there is a source distribution as well."""
    found = []
    for one in choice.files:
        is_wheel = one.link.filename.endswith(".whl")
        files = Files([one], []) if is_wheel else Files([], [one])
        if choose(name, version, files, rules).exclusion is None:
            if not is_wheel:
                return None
            found.append(one.link.filename)
    return tuple(found)


def coverage(wheels: tuple[str, ...] | None) -> Diagram:
    """Give where a version can be used: everywhere if it has a source distribution (None), else where wheels fit."""
    return TRUE if wheels is None else _any(map(wheel_coverage, wheels))


def wheel_coverage(filename: str) -> Diagram:
    """Give where a wheel can be used, by its name."""
    _, pythons, abis, platforms = filename.removesuffix(".whl").rsplit("-", 3)
    return _coverage(pythons, abis, platforms)


@lru_cache(maxsize=8192)
def _coverage(pythons: str, abis: str, platforms: str) -> Diagram:
    is_stable = not STABLE.isdisjoint(abis.split("."))
    return both(
        _any(_platform(platform) for platform in platforms.split(".")),
        _any(_python(python, is_stable=is_stable) for python in pythons.split(".")),
    )


def _any(markers: Iterable[Diagram]) -> Diagram:
    found = FALSE
    for marker in markers:
        found = either(found, marker)
    return found


def _platform(tag: str) -> Diagram:
    if tag == "any":
        return TRUE
    if tag in _WINDOWS:
        return read(f"sys_platform == 'win32' and platform_machine == '{_WINDOWS[tag]}'")
    mac = _MAC.fullmatch(tag)
    if mac is not None:
        return _mac(_darwin(int(mac[1]), int(mac[2])), _MACHINES.get(mac[3], (mac[3],)))
    android = _ANDROID.fullmatch(tag)
    if android is not None:
        return read(f"sys_platform == 'android' and platform_machine == '{_ANDROID_MACHINES[android[1]]}'")
    linux = _LINUX.fullmatch(tag)
    if linux is not None:
        return read(f"sys_platform == 'linux' and platform_machine == '{linux[1]}'")
    return FALSE


def _darwin(major: int, minor: int) -> int | None:
    """Give the Darwin release that a macOS has, which is what markers tell; None for no macOS that there is."""
    if major == 10:
        return minor + 4
    if minor or 15 < major < 26:
        return None
    return major + 9 if major < 26 else 25 if major == 26 else major


def _mac(darwin: int | None, machines: Iterable[str]) -> Diagram:
    if darwin is None:
        return FALSE
    least = {machine: max(darwin, _FIRST_DARWIN_ON_ARM) if machine == "arm64" else darwin for machine in machines}
    either_machine = " or ".join(
        f"platform_machine == '{machine}' and platform_release >= '{release}'" for machine, release in least.items()
    )
    return read(f"sys_platform == 'darwin' and ({either_machine})")


def _python(tag: str, *, is_stable: bool) -> Diagram:
    return read(" and ".join(_python_words(tag, is_stable=is_stable))) if tag != "none" else TRUE


def _python_words(tag: str, *, is_stable: bool) -> Iterator[str]:
    found = python_tag(tag)
    if found is None:
        yield "python_version < '0'"
        return
    release = str(found.major) if found.minor is None else f"{found.major}.{found.minor}"
    yield f"python_version >= '{release}'" if is_stable else f"python_version == '{release}.*'"
    if found.kind in _IMPLEMENTATIONS:
        yield f"platform_python_implementation == '{_IMPLEMENTATIONS[found.kind]}'"
