"""How a virtual environment is entered, in the words of the shell that the user sits at."""

from __future__ import annotations

import os
from collections.abc import Mapping

_BY_VARIABLE = {"NU_VERSION": "nu", "FISH_VERSION": "fish", "BASH_VERSION": "bash", "ZSH_VERSION": "zsh"}
_SCRIPTS = {"fish": "activate.fish", "csh": "activate.csh", "tcsh": "activate.csh", "nu": "activate.nu"}


def activation(path: str, variables: Mapping[str, str], *, windows: bool = os.name == "nt") -> str:
    """Give the line to type; `path` is the environment's."""
    shell = _shell(variables)
    folder = os.path.join(path, "Scripts" if windows else "bin")
    script = os.path.join(folder, _SCRIPTS.get(shell, "activate"))
    if windows and not shell:
        return script
    from shlex import quote  # late: only paths with odd characters need it

    return f"{'overlay use' if shell == 'nu' else 'source'} {quote(script)}"


def _shell(variables: Mapping[str, str]) -> str:
    for variable, name in _BY_VARIABLE.items():
        if variable in variables:
            return name
    return os.path.basename(variables.get("SHELL", "")).removesuffix(".exe")
