"""The platforms that `--python-platform` names: their newest tag and what their markers say (PEP 508, uv's list)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from keyrack.errors import InvalidText


class TargetPlatform(msgspec.Struct, frozen=True):
    """A platform other than this one. `newest` is its newest platform tag; `markers` replace a Python's."""

    newest: str
    markers: Mapping[str, str]


_LINUX_TAGS = (
    "manylinux2014",
    *(f"manylinux_2_{minor}" for minor in (17, 28, *range(31, 41))),
)


def _markers(os_name: str, sys_platform: str, system: str, machine: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
    }


def _linux(newest: str, machine: str) -> TargetPlatform:
    return TargetPlatform(f"{newest}_{machine}", _markers("posix", "linux", "Linux", machine))


def _windows(tag: str, machine: str) -> TargetPlatform:
    return TargetPlatform(tag, _markers("nt", "win32", "Windows", machine))


def _macos(machine: str) -> TargetPlatform:
    return TargetPlatform(f"macosx_13_0_{machine}", _markers("posix", "darwin", "Darwin", machine))


def _android(abi: str, machine: str) -> TargetPlatform:
    return TargetPlatform(f"android_24_{abi}", _markers("posix", "android", "Android", machine))


def _ios(suffix: str, machine: str) -> TargetPlatform:
    return TargetPlatform(f"ios_13_0_{suffix}", _markers("posix", "ios", "iOS", machine))


def _pyodide(year: int, release: str) -> TargetPlatform:
    markers = _markers("posix", "emscripten", "Emscripten", "wasm32")
    return TargetPlatform(
        f"pyodide_{year}_0_wasm32", {**markers, "platform_release": release, "platform_version": "#1"}
    )


def _newest(tag: str) -> str:
    return "manylinux_2_17" if tag == "manylinux2014" else tag


TARGETS: Mapping[str, TargetPlatform] = {
    "windows": _windows("win_amd64", "x86_64"),
    "linux": _linux("manylinux_2_28", "x86_64"),
    "macos": _macos("arm64"),
    "x86_64-pc-windows-msvc": _windows("win_amd64", "x86_64"),
    "aarch64-pc-windows-msvc": _windows("win_arm64", "ARM64"),
    "i686-pc-windows-msvc": _windows("win32", "x86"),
    "x86_64-unknown-linux-gnu": _linux("manylinux_2_28", "x86_64"),
    "aarch64-apple-darwin": _macos("arm64"),
    "x86_64-apple-darwin": _macos("x86_64"),
    "aarch64-unknown-linux-gnu": _linux("manylinux_2_28", "aarch64"),
    "aarch64-unknown-linux-musl": _linux("musllinux_1_2", "aarch64"),
    "x86_64-unknown-linux-musl": _linux("musllinux_1_2", "x86_64"),
    "riscv64-unknown-linux": _linux("manylinux_2_39", "riscv64"),
    **{f"x86_64-{tag}": _linux(_newest(tag), "x86_64") for tag in _LINUX_TAGS},
    **{f"aarch64-{tag}": _linux(_newest(tag), "aarch64") for tag in _LINUX_TAGS},
    "aarch64-linux-android": _android("arm64_v8a", "aarch64"),
    "x86_64-linux-android": _android("x86_64", "x86_64"),
    "wasm32-pyodide2024": _pyodide(2024, "3.1.58"),
    "wasm32-pyodide2025": _pyodide(2025, "4.0.9"),
    "arm64-apple-ios": _ios("arm64_iphoneos", "arm64"),
    "arm64-apple-ios-simulator": _ios("arm64_iphonesimulator", "arm64"),
    "x86_64-apple-ios-simulator": _ios("x86_64_iphonesimulator", "x86_64"),
}
"""By name, in the order in which uv's help lists them."""


def target_platform(name: str) -> TargetPlatform:
    """Find a platform by its name, also as a manylinux tag (`manylinux_2_28_x86_64`); `InvalidText` if unknown."""
    found = TARGETS.get(name)
    if found is None and name.startswith("manylinux"):
        tag, _, machine = name.rpartition("_x86_64" if name.endswith("x86_64") else "_aarch64")
        found = TARGETS.get(f"{'x86_64' if name.endswith('x86_64') else 'aarch64'}-{tag}{machine}")
    if found is None:
        raise InvalidText(
            f"invalid value '{name}' for '--python-platform <PYTHON_PLATFORM>'",
            causes=(f"possible values: {', '.join(TARGETS)}",),
        )
    return found
