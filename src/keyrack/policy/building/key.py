"""What a built wheel is known by: the same tree, told the same, for the same Python, gives the same wheel."""

from __future__ import annotations

from keyrack.values.building import Building
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.source_tree import SourceTree


def build_key(tree: SourceTree, name: PackageName | None, building: Building, python: Interpreter) -> str:
    """Name a tree's wheel for the cache, as one line for each thing that it may depend on; "" where it must be anew."""
    if not tree.key:
        return ""
    lines = [
        tree.key,
        "editable" if tree.editable else "wheel",
        f"{python.implementation} {python.version} {python.platform} {python.gil_disabled}",
    ]
    lines += [f"setting {key}={value!r}" for key, value in building.settings_of(name)]
    lines += [f"needs {extra!r}" for extra in building.extra_of(name)]
    lines += [f"variable {key}={value}" for key, value in sorted(building.variables_of(name))]
    lines += [f"constraint {one.name}{one.specifier}" for one in building.constraints]
    if building.is_in_place(name):
        lines.append(f"in {python.prefix}")
    return "\n".join(lines)
