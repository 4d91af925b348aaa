"""Compile modules by the Python that runs them (PEP 3147): wheels in the store once for each Python, or in place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec

from keyrack.adapters.processes import Program, run
from keyrack.errors import KeyrackError

COMPILING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compiling.py")
_SHARE = 40
"""Modules for which one more process of that Python pays."""
Tree = tuple[str, tuple[str, ...]]
"""The tree of a stored wheel, and its modules as relative paths."""


class CannotCompile(KeyrackError):
    """The Python of the environment could not be started."""


def compile_stored(executable: str, trees: Iterable[Tree], workers: int = 0) -> str:
    """Compile wheels of the store that are not compiled yet; give the name of the folder beside each tree.

    "" where the store cannot be written. `workers` 0 means as many as there are processors.
    """
    waiting = sorted((tree for tree in trees if tree[1]), key=lambda tree: -len(tree[1]))
    if not waiting:
        return ""
    most = min(workers or os.cpu_count() or 1, 1 + sum(len(modules) for _, modules in waiting) // _SHARE)
    shares = [share for share in (waiting[at::most] for at in range(most)) if share]
    with ThreadPoolExecutor(most) as pool:
        told = list(pool.map(lambda share: _compile_share(executable, share), shares))
    return told[0] if all(told) else ""


def compiled_in(tree: str, name: str) -> Iterator[str]:
    """Give the compiled modules of a stored wheel, as paths relative to the folder of that name beside its tree."""
    folder = os.path.join(os.path.dirname(tree), name)
    for parent, _, files in os.walk(folder):
        for file in files:
            yield os.path.relpath(os.path.join(parent, file), folder)


def compile_modules(executable: str, modules: Iterable[str], workers: int = 0) -> None:
    """Compile modules where they are; one that cannot be compiled is passed over."""
    listed = sorted(path for path in modules if "\n" not in path)
    if not listed:
        return
    command = (executable, "-I", "-m", "compileall", "-qq", "-j", str(workers or os.cpu_count() or 1), "-i", "-")
    _start(executable, Program(command, stdin="".join(f"{path}\n" for path in listed).encode(errors="surrogateescape")))


def _compile_share(executable: str, share: list[Tree]) -> str:
    asked = [(tree, os.path.dirname(tree), modules) for tree, modules in share]
    return _start(executable, Program((executable, "-I", "-S", "-B", COMPILING), stdin=msgspec.json.encode(asked)))


def _start(executable: str, program: Program) -> str:
    try:
        outcome = run(program)
    except OSError as error:
        raise CannotCompile(f"Failed to compile bytecode with `{executable}`", causes=(str(error),)) from error
    return "" if outcome.code else outcome.stdout.decode("utf-8", "replace").strip()
