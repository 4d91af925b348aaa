"""Whether any environment under a marker can use a wheel, as far as its platform tags tell (uv's table).

A lock leaves out the wheels that nobody who reads it could choose: those for Windows, of a package that is only needed
on Linux. The Python part of the tag is asked elsewhere (`python_tags`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from packaging.markers import Marker

from keyrack.policy.markers.algebra import TRUE, Diagram, both, diagram, is_disjoint

_SYSTEMS: Final = {
    "linux": "os_name == 'posix' and sys_platform == 'linux'",
    "windows": "os_name == 'nt' and sys_platform == 'win32'",
    "macos": "os_name == 'posix' and sys_platform == 'darwin'",
    "android": "sys_platform == 'android'",
}
_STARTS: Final = {
    "manylinux": "linux",
    "musllinux": "linux",
    "linux_": "linux",
    "win32": "windows",
    "win_": "windows",
    "macosx_": "macos",
    "android_": "android",
}
_MACHINES: Final = {
    "arm": ("aarch64", "arm64", "ARM64"),
    "x86_64": ("x86_64", "amd64", "AMD64"),
    "x86": ("i686", "i386", "win32", "x86"),
    "ppc64le": ("ppc64le",),
    "ppc64": ("ppc64",),
    "s390x": ("s390x",),
    "riscv64": ("riscv64",),
    "loongarch64": ("loongarch64",),
    "armv7l": ("armv7l", "armv8l"),
    "armv6l": ("armv6l",),
}
_ENDS: Final = {
    "_aarch64": "arm",
    "_arm64": "arm",
    "_arm64_v8a": "arm",
    "_x86_64": "x86_64",
    "win_amd64": "x86_64",
    "_i686": "x86",
    "_i386": "x86",
    "win32": "x86",
    **{f"_{machine}": machine for machine in _MACHINES if machine not in ("arm", "x86_64", "x86")},
}


def is_reachable(platforms: Sequence[str], marker: Diagram) -> bool:
    """Say whether a wheel with these platform tags can be chosen somewhere under a marker."""
    if marker is TRUE or all(platform == "any" for platform in platforms):
        return True
    # A Python for x86_64 that Windows emulates on ARM says `ARM64` of its machine, and needs these wheels.
    if "win_amd64" in platforms and not is_disjoint(marker, _place("windows", "arm")):
        return True
    systems = {_of(platform, _STARTS, is_end=False) for platform in platforms}
    machines = {_of(platform, _ENDS, is_end=True) for platform in platforms}
    system = systems.pop() if len(systems) == 1 else ""
    machine = machines.pop() if len(machines) == 1 else ""
    return not is_disjoint(marker, _place(system, machine))


def _of(platform: str, parts: dict[str, str], *, is_end: bool) -> str:
    found = (name for part, name in parts.items() if (platform.endswith if is_end else platform.startswith)(part))
    return next(found, "")


@lru_cache(maxsize=256)
def _place(system: str, machine: str) -> Diagram:
    """Give the marker of a system and a machine, "" for any."""
    names = " or ".join(f"platform_machine == '{name}'" for name in _MACHINES.get(machine, ()))
    where = diagram(Marker(_SYSTEMS[system])) if system else TRUE
    return both(where, diagram(Marker(names))) if names else where
