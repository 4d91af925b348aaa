"""Windows' launchers: a small program with the script behind it (from the `installer` library)."""

from __future__ import annotations

from typing import Literal

from installer.scripts import Script

from keyrack.values.wheel import EntryPoint

_Kind = Literal["win-amd64", "win-ia32", "win-arm64"]
_KINDS: dict[str, _Kind] = {"amd64": "win-amd64", "x86": "win-ia32", "arm64": "win-arm64"}


def windows_launcher(point: EntryPoint, executable: str, machine: str) -> bytes:
    """Make the `.exe` of an entry point; `machine` is the processor as Windows names it (`AMD64`)."""
    section: Literal["console", "gui"] = "gui" if point.gui else "console"
    script = Script(point.name, point.module, point.attribute, section)
    return script.generate(executable, _KINDS.get(machine.lower(), "win-amd64"))[1]
