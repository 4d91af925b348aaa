"""Runs inside the Python that will import the modules (3.8 or newer): compiles wheels of the store, each once.

Standard input is JSON: for each wheel its tree, its own folder and its modules. What is compiled lies in the wheel's
folder, named after the Python's own tag, its magic number and the way in which bytecode becomes invalid (PEP 552).
Standard output is that name.
"""

import json
import os
import py_compile
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source


def main() -> None:
    """Compile what is not there yet; a module that cannot be compiled is passed over."""
    mode = _mode()
    tag = f"bytecode-{sys.implementation.cache_tag}-{MAGIC_NUMBER.hex()}-{mode.name.lower()}"
    for tree, folder, modules in json.load(sys.stdin):
        if not os.path.isdir(os.path.join(folder, tag)):
            _compile(tree, os.path.join(folder, tag), modules, mode)
    print(tag)


def _mode() -> py_compile.PycInvalidationMode:
    name = os.environ.get("PYC_INVALIDATION_MODE", "timestamp").upper().replace("-", "_")
    try:
        return py_compile.PycInvalidationMode[name]
    except KeyError:
        return py_compile.PycInvalidationMode.TIMESTAMP


def _compile(tree: str, target: str, modules: "list[str]", mode: py_compile.PycInvalidationMode) -> None:
    """Fill a folder beside the wheels of the package (leftovers there are swept), then give it its name."""
    work = os.path.join(os.path.dirname(os.path.dirname(target)), "." + os.urandom(8).hex())
    os.mkdir(work)
    for module in modules:
        try:
            py_compile.compile(
                os.path.join(tree, module),
                cfile=os.path.join(work, cache_from_source(module)),
                dfile=module,
                doraise=True,
                invalidation_mode=mode,
            )
        except (py_compile.PyCompileError, ValueError, RecursionError, MemoryError):
            continue
    try:
        os.rename(work, target)
    except OSError:
        _remove(work)  # another run was first


def _remove(folder: str) -> None:
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            os.unlink(os.path.join(parent, name))
        os.rmdir(parent)


if __name__ == "__main__":
    main()
