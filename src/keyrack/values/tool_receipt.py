"""What an installed tool was installed from, and the executables that it put in place (uv's receipts)."""

from __future__ import annotations

import msgspec

from keyrack.values.names import PackageName


class ToolEntryPoint(msgspec.Struct, frozen=True):
    """An executable: its name, the absolute path that leads to it, and the package that provides it."""

    name: str
    path: str
    package: PackageName


class ToolReceipt(msgspec.Struct, frozen=True):
    """The requirements as PEP 508 texts, the tool's own first. `python` is what `--python` asked for."""

    requirements: tuple[str, ...]
    entry_points: tuple[ToolEntryPoint, ...] = ()
    python: str = ""
