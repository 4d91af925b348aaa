"""Find the files of a workspace: a pyproject.toml from a folder upwards, and the folders that globs of members mean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import escape, glob

from keyrack.errors import KeyrackError

PROJECT_FILE = "pyproject.toml"


def project_folders(folder: str) -> Iterator[str]:
    """Give the folders that hold a pyproject.toml, from one upwards."""
    folder = os.path.abspath(folder)
    while True:
        if os.path.isfile(os.path.join(folder, PROJECT_FILE)):
            yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def read_project_file(folder: str) -> str:
    """Read the pyproject.toml of a folder. Raises `KeyrackError` where it cannot be read."""
    path = os.path.join(folder, PROJECT_FILE)
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyrackError(f"Failed to read `{path}`", causes=(str(error),)) from error


def has_project_file(folder: str) -> bool:
    """Say whether a folder holds a pyproject.toml."""
    return os.path.isfile(os.path.join(folder, PROJECT_FILE))


def matching_folders(root: str, pattern: str) -> tuple[str, ...]:
    """Give the folders below `root` that a glob means, absolute and in order."""
    found = glob(os.path.join(escape(root), os.path.normpath(pattern)), recursive=True, include_hidden=True)
    return tuple(sorted(os.path.normpath(path) for path in found if os.path.isdir(path)))


def is_bare(folder: str) -> bool:
    """Say whether a folder is hidden or holds no files, at any depth, but what Python compiled."""
    if os.path.basename(folder).startswith("."):
        return True
    return not any(files for path, _folders, files in os.walk(folder) if os.path.basename(path) != "__pycache__")
