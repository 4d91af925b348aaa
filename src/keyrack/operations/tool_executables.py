"""Put the executables of a tool where the shell finds them: links into its environment, nothing of others' replaced."""

from __future__ import annotations

import os
from collections.abc import Sequence

from keyrack.adapters.site_packages import installed
from keyrack.errors import KeyrackError
from keyrack.operations.show import files_of
from keyrack.operations.tool_places import is_own
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.tool_receipt import ToolEntryPoint


class ExecutablesExist(KeyrackError):
    """There is something else where an executable belongs."""


def executables_of(python: Interpreter, name: PackageName) -> tuple[str, ...]:
    """Give the paths of the executables that a package has put into an environment, by name in order."""
    folder = os.path.realpath(python.paths.scripts)
    roots = tuple(dict.fromkeys((python.paths.purelib, python.paths.platlib)))
    found = set[str]()
    for one in installed(roots):
        if one.name == name:
            paths = (os.path.normpath(os.path.join(one.location, each)) for each in files_of(one))
            found |= {path for path in paths if os.path.realpath(os.path.dirname(path)) == folder}
    return tuple(sorted(path for path in found if os.access(path, os.X_OK)))


def link_executables(
    paths: Sequence[str], folder: str, package: PackageName, *, force: bool
) -> tuple[ToolEntryPoint, ...]:
    """Link executables from a folder. Raises `ExecutablesExist`, before anything is changed."""
    targets = {path: os.path.join(folder, os.path.basename(path)) for path in paths}
    environment = os.path.dirname(os.path.dirname(paths[0]))
    taken = [target for target in targets.values() if os.path.lexists(target) and not is_own(target, environment)]
    if taken and not force:
        names = ", ".join(os.path.basename(target) for target in taken)
        things = "Executables already exist" if len(taken) > 1 else "Executable already exists"
        raise ExecutablesExist(f"{things}: {names} (use `--force` to overwrite)")
    try:
        os.makedirs(folder, exist_ok=True)
        for path, target in targets.items():
            partial = f"{target}.{os.urandom(4).hex()}"
            os.symlink(path, partial)
            os.replace(partial, target)
    except OSError as error:
        raise KeyrackError(f"Cannot write into `{folder}`", causes=(error.strerror or str(error),)) from error
    return tuple(ToolEntryPoint(os.path.basename(path), target, package) for path, target in targets.items())
