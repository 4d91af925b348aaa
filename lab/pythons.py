"""Pythons made up for tests of decisions: no program is run, nothing of this machine shows."""

from __future__ import annotations

from keyrack.values.interpreter import Interpreter, Paths

_PLATFORMS = {
    "manylinux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "musllinux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "macosx": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "win": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}
_MACHINES = {"win_amd64": "AMD64", "win32": "x86", "win_arm64": "ARM64"}


def a_python(version: str = "3.12.1", platform: str = "manylinux_2_36_x86_64") -> Interpreter:
    """Make up a CPython; `X.Y` stands for `X.Y.1`, `platform` is its newest platform tag."""
    full = version if version.count(".") > 1 else f"{version}.1"
    minor = ".".join(full.split(".")[:2])
    kind = platform.partition("_")[0].rstrip("32")
    machine = _MACHINES.get(platform) or platform.partition("_")[2].lstrip("0123456789_")
    markers = {
        "implementation_name": "cpython",
        "implementation_version": full,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "python_full_version": full,
        "python_version": minor,
        **_PLATFORMS[kind],
    }
    folder = "/opt/python"
    return Interpreter(
        executable=f"{folder}/bin/python",
        prefix=folder,
        base_prefix=folder,
        base_executable=f"{folder}/bin/python",
        version=full,
        implementation="cpython",
        markers=markers,
        tags=(),
        paths=Paths(*(f"{folder}/{part}" for part in ("lib", "lib", "bin", "", "include"))),
        is_virtual=False,
        platform=platform,
    )
