"""Compile modules by the Python that will run them (PEP 3147): its own `compileall`, several files at once."""

from __future__ import annotations

import os
from collections.abc import Iterable

from keyrack.adapters.processes import Program, run
from keyrack.errors import KeyrackError


class CannotCompile(KeyrackError):
    """The Python of the environment could not be started."""


def compile_modules(executable: str, folders: Iterable[str], workers: int = 0) -> int:
    """Compile every module below some folders and give their number; one that cannot be compiled is passed over.

    `workers` 0 means as many as there are processors.
    """
    modules = sorted(path for folder in dict.fromkeys(folders) for path in _modules(folder))
    if not modules:
        return 0
    command = (executable, "-I", "-m", "compileall", "-qq", "-j", str(workers or os.cpu_count() or 1), "-i", "-")
    try:
        run(Program(command, stdin="".join(f"{path}\n" for path in modules).encode(errors="surrogateescape")))
    except OSError as error:
        raise CannotCompile(f"Failed to compile bytecode with `{executable}`", causes=(str(error),)) from error
    return len(modules)


def _modules(folder: str) -> Iterable[str]:
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py") and "\n" not in parent + name:
                yield os.path.join(parent, name)
