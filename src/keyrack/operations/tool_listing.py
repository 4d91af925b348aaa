"""What tools are installed, in which versions."""

from __future__ import annotations

import msgspec

from keyrack.adapters.site_packages import installed
from keyrack.errors import KeyrackError
from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.pythons import Pythons
from keyrack.operations.tool_install import executable_of
from keyrack.operations.tool_places import InstalledTool, ToolPlaces, installed_tools
from keyrack.values.tool_receipt import ToolEntryPoint, ToolReceipt


class ListedTool(msgspec.Struct, frozen=True):
    """One tool. `specifier` and `extras` are as asked for, `beside` what was installed with it."""

    name: str
    version: str
    folder: str
    entry_points: tuple[ToolEntryPoint, ...]
    specifier: str
    extras: tuple[str, ...]
    beside: tuple[str, ...]
    implementation: str
    python: str


class Listing(msgspec.Struct, frozen=True):
    """All tools that are whole, and what is wrong with others."""

    tools: tuple[ListedTool, ...]
    warnings: tuple[str, ...]


def list_tools(places: ToolPlaces, pythons: Pythons) -> Listing:
    """Look at every tool."""
    found, warnings = list[ListedTool](), list[str]()
    for tool in installed_tools(places):
        listed = None if tool.receipt is None else _listed(tool, tool.receipt, pythons)
        if listed is None:
            again = f"keyrack tool install {tool.name} --reinstall"
            warnings.append(f"Tool `{tool.name}` environment not found or broken (run `{again}` to reinstall)")
        else:
            found.append(listed)
    return Listing(tuple(found), tuple(warnings))


def _listed(tool: InstalledTool, receipt: ToolReceipt, pythons: Pythons) -> ListedTool | None:
    executable = executable_of(tool.folder)
    try:
        python = pythons.need(executable, "tool environment") if executable else None
        first, *others = map(parse_requirement, receipt.requirements)
    except KeyrackError:
        return None
    if python is None:
        return None
    roots = tuple(dict.fromkeys((python.paths.purelib, python.paths.platlib)))
    version = next((str(one.version) for one in installed(roots) if one.name == tool.name), None)
    if version is None:
        return None
    return ListedTool(
        name=tool.name,
        version=version,
        folder=tool.folder,
        entry_points=receipt.entry_points,
        specifier=str(first.specifier),
        extras=tuple(sorted(first.extras)),
        beside=tuple(f"{one.name}{one.specifier}" for one in others),
        implementation=python.markers["platform_python_implementation"],
        python=python.version,
    )
