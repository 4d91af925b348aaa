"""Where tools are installed, each in an environment of its own, and what is there (the folders are uv's)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import msgspec

from keyrack.adapters.disk import remove_tree, write_atomic
from keyrack.adapters.folders import is_folder, read_whole
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.tool_receipt import NAME as RECEIPT
from keyrack.formats.tool_receipt import parse_receipt, receipt_text
from keyrack.values.names import PackageName, package_name
from keyrack.values.tool_receipt import ToolReceipt

_LARGEST = 1024 * 1024


class NoTool(KeyrackError):
    """A tool that was named is not installed."""


class ToolPlaces(msgspec.Struct, frozen=True):
    """The folder of the tools' environments, and the one where their executables are found."""

    tools: str
    executables: str

    def environment(self, name: PackageName) -> str:
        """Give the folder of a tool's environment."""
        return os.path.join(self.tools, name)


class InstalledTool(msgspec.Struct, frozen=True):
    """A tool that is there; without a receipt that can be read it is broken."""

    name: PackageName
    folder: str
    receipt: ToolReceipt | None


def tool_places(variables: Mapping[str, str]) -> ToolPlaces:
    """Say where tools are: as variables say, else in the user's own folders."""
    home = variables.get("HOME") or os.path.expanduser("~")
    share = variables.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    tools = variables.get("UV_TOOL_DIR") or os.path.join(share, "uv", "tools")
    return ToolPlaces(os.path.abspath(tools), os.path.abspath(_executables(variables, home)))


def _executables(variables: Mapping[str, str], home: str) -> str:
    for name in ("UV_TOOL_BIN_DIR", "XDG_BIN_HOME"):
        if variables.get(name):
            return variables[name]
    if variables.get("XDG_DATA_HOME"):
        return os.path.join(variables["XDG_DATA_HOME"], "..", "bin")
    return os.path.join(home, ".local", "bin")


def installed_tools(places: ToolPlaces) -> Iterator[InstalledTool]:
    """Give all tools, by name in order."""
    for name in sorted(os.listdir(places.tools)) if is_folder(places.tools) else ():
        if not name.startswith(".") and is_folder(os.path.join(places.tools, name)):
            try:
                yield installed_tool(places, package_name(name))
            except InvalidText:
                continue  # no folder of a tool


def installed_tool(places: ToolPlaces, name: PackageName) -> InstalledTool:
    """Give one tool. Raises `NoTool`."""
    folder = places.environment(name)
    if not is_folder(folder):
        raise NoTool(f"`{name}` is not installed")
    path = os.path.join(folder, RECEIPT)
    body = read_whole(path, _LARGEST)
    try:
        receipt = None if body is None else parse_receipt(body.decode("utf-8"), path)
    except (InvalidText, UnicodeDecodeError):
        receipt = None
    return InstalledTool(name, folder, receipt)


def keep_receipt(folder: str, receipt: ToolReceipt) -> None:
    """Write down what a tool was installed from: from now on it is installed."""
    write_atomic(os.path.join(folder, RECEIPT), receipt_text(receipt).encode())


def remove_tool(tool: InstalledTool) -> tuple[str, ...]:
    """Remove a tool with its executables, and give their names. Links of others stay."""
    gone = list[str]()
    for point in tool.receipt.entry_points if tool.receipt else ():
        if is_own(point.path, tool.folder):
            os.unlink(point.path)
            gone.append(point.name)
    remove_tree(tool.folder)
    return tuple(gone)


def is_own(path: str, folder: str) -> bool:
    """Say whether an executable leads into a tool's environment."""
    return os.path.islink(path) and os.path.dirname(os.path.realpath(path)).startswith(
        os.path.realpath(folder) + os.sep
    )
