"""Which format a file of requirements has, told by its name (uv's rules; PEP 751 for `pylock.toml`)."""

from __future__ import annotations

import re
from enum import Enum

from keyrack.errors import InvalidText
from keyrack.values.late import pattern

_PYLOCK = pattern(r"pylock(?:\.[^.]+)?\.toml")
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


class InputKind(Enum):
    """What is read out of a file. `UNSURE` is a script if it has a block of metadata, else a requirements file.

    `SETUP` stands for the tree around a `setup.py` or `setup.cfg`: only a build tells what it requires.
    """

    PYPROJECT = "pyproject"
    PYLOCK = "pylock"
    SETUP = "setup"
    SCRIPT = "script"
    REQUIREMENTS = "requirements"
    UNSURE = "unsure"


def input_kind(target: str) -> InputKind:
    """Say what the path or URL given with `-r` is. `InvalidText` for what cannot be read."""
    name = _name(target)
    if name == "pyproject.toml":
        return InputKind.PYPROJECT
    if is_pylock_name(name):
        return InputKind.PYLOCK
    if name in _PROJECT_FILES:
        return InputKind.SETUP
    if name == "environment.yml":
        raise InvalidText(f"Conda environment files (i.e., `{target}`) are not supported")
    lowered = name.lower()
    if lowered.endswith(".toml"):
        raise InvalidText(
            f"`{target}` is not a valid PEP 751 filename: expected `pylock.toml` or `pylock.<name>.toml`, where"
            " `<name>` is non-empty and contains no dots"
        )
    if lowered.endswith((".py", ".pyw")):
        return InputKind.SCRIPT
    return InputKind.REQUIREMENTS if "." in name else InputKind.UNSURE


def is_pylock_name(name: str) -> bool:
    """Say whether a file is named as PEP 751 wants a lock file to be."""
    return _PYLOCK.fullmatch(name) is not None


def check_listing(target: str, what: str) -> None:
    """Refuse a file that is none of requirements; `what` are the constraints, overrides or excludes it should hold."""
    name = _name(target)
    if name in _PROJECT_FILES:
        kind = f"`{name}`"
    elif is_pylock_name(name):
        kind = "`pylock.toml`"
    elif name.lower().endswith(".toml"):
        kind = "TOML"
    else:
        return
    raise InvalidText(
        f"The file `{target}` appears to be a {kind} file, but {what} must be specified in `requirements.txt` format"
    )


def _name(target: str) -> str:
    return re.split(r"[/\\]", target)[-1]
