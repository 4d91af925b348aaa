"""Bytecode of what comes: compiled in the store once for each Python, and linked from there like everything else."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from keyrack.adapters.bytecode import compile_modules, compile_stored, compiled_in
from keyrack.values.plan import Layout, Scheme
from keyrack.values.wheel import Manifest, StoredWheel


class Bytecode(msgspec.Struct, frozen=True):
    """What was compiled: the name of the folder beside each wheel's tree, and how many modules there are.

    Without a name the store could not be written, and they are compiled once they are in place.
    """

    name: str = ""
    count: int = 0


def compile_all(executable: str, wheels: Iterable[StoredWheel]) -> Bytecode:
    """Compile wheels in the store, for the Python at `executable`."""
    trees = [(wheel.folder, _modules(wheel.manifest)) for wheel in wheels]
    return Bytecode(compile_stored(executable, trees), sum(len(modules) for _, modules in trees))


def compile_in_place(scheme: Scheme, wheels: Iterable[StoredWheel]) -> None:
    """Compile what has been put in place."""
    paths = scheme.paths
    modules = []
    for wheel in wheels:
        root = paths.purelib if wheel.manifest.facts.root_is_purelib else paths.platlib
        modules += [f"{root}/{module}" for module in _modules(wheel.manifest)]
    compile_modules(scheme.executable, modules)


def links(tree: str, name: str, layout: Layout, losing: frozenset[str]) -> list[tuple[str, str]]:
    """Give source and target of each compiled module; a module that another wheel's replaces has none."""
    if not name:
        return []
    folder = os.path.dirname(tree)
    found = []
    for path in sorted(compiled_in(tree, name)):
        cache, _, file = path.replace(os.sep, "/").rpartition("/")
        module = f"{layout.root}/{cache.removesuffix('__pycache__')}{file.rsplit('.', 2)[0]}.py"
        if module not in losing:
            found.append((f"{folder}/{name}/{path}", f"{layout.root}/{cache}/{file}"))
    return found


def _modules(manifest: Manifest) -> tuple[str, ...]:
    special = (f"{manifest.dist_info}/", f"{manifest.data}/")
    return tuple(m.path for m in manifest.members if m.path.endswith(".py") and not m.path.startswith(special))
