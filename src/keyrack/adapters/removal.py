"""Which files of an environment are a distribution's own, and how they go away (PEP 376, PEP 627).

Only what RECORD lists, inside the environment once the parent's links are resolved, only files, and none that another
distribution lists too; with the bytecode of modules that go. A folder that is wholly one's own goes in one rename.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from keyrack.adapters.site_packages import read_file
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.wheel_files import parse_record
from keyrack.values.installed import Installed

_LOST = (
    "Failed to uninstall package at {} due to missing `{}` file. Installation may result in an incomplete environment."
)
_BYTECODE = (".pyc", ".pyo")


class CannotRemove(KeyrackError):
    """Nothing says which files an installed distribution has."""


class Leaving:
    """What is to go: `paths` in their order, folders that may be `emptied` by that, files that are `written` anew."""

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}
        self.emptied: dict[str, None] = {}
        self.written: list[tuple[str, bytes]] = []

    def take(self, path: str) -> None:
        """Let a file or folder go, if it is there."""
        self.paths[path] = None

    def prune(self, folder: str) -> None:
        """Let a folder go if it is empty in the end, and so on upwards."""
        self.emptied[folder] = None


class Ownership:
    """Who owns which path in an environment whose files may lie in the folders `allowed`."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Take the folders of the scheme."""
        self._allowed = tuple({os.path.realpath(folder) for folder in allowed})
        self._inside: dict[str, bool] = {}
        self.warnings: list[str] = []

    def listed(self, one: Installed) -> set[str]:
        """Give the absolute paths that a distribution's RECORD lists; those that lead outside only warn."""
        text = read_file(one, "RECORD")
        if text is None:
            return set()
        try:
            rows = parse_record(text.decode("utf-8", "surrogateescape"))
        except InvalidText as error:
            raise CannotRemove(f"Failed to read the RECORD of `{one.name}`", causes=(error.message,)) from error
        found = set()
        for row in rows:
            path = _joined(one.location, row.path)
            if self._is_inside(os.path.dirname(path)):
                found.add(path)
            else:
                self.warnings.append(
                    f"Invalid RECORD entry in {one.name} that escapes the Python environment, skipping: {row.path}"
                )
        return found

    def _is_inside(self, folder: str) -> bool:
        known = self._inside.get(folder)
        if known is None:
            real = os.path.realpath(folder)
            known = any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._allowed)
            self._inside[folder] = known
        return known


def remove(one: Installed, files: set[str], leaving: Leaving, going: set[str] | None = None) -> str:
    """Say how a distribution goes: what lists it first, so that it never seems whole while its files go.

    `files` are those that it lists and nobody who stays; `going` are those of all that go with it, for folders that
    are theirs together. Gives a warning where not all of it could be found.
    """
    if one.legacy:
        return remove_legacy(one, leaving)
    leaving.take(one.metadata_path)
    root = one.location + os.sep
    inside = {path for path in files if path.startswith(root)}
    for top in sorted({path[len(root) :].split(os.sep, 1)[0] for path in inside}):
        _take_top(root + top, inside if going is None else going, leaving)
    for path in sorted(files - inside):
        if os.path.lexists(path) and not _is_folder(path):
            leaving.take(path)
            leaving.prune(os.path.dirname(path))
    _take_bytecode(inside, leaving)
    return "" if files else _LOST.format(one.metadata_path, "RECORD")


def remove_legacy(one: Installed, leaving: Leaving) -> str:
    """Take away what setuptools installed without a RECORD; `CannotRemove` where nothing says what it is."""
    if one.metadata_path.endswith(".egg-link"):
        _remove_egg_link(one, leaving)
        return ""
    if not os.path.isdir(one.metadata_path):
        raise CannotRemove(
            f"Unable to uninstall `{one.name}=={one.version}`. distutils-installed distributions do not include the"
            " metadata required to uninstall safely."
        )
    names = read_file(one, "top_level.txt")
    shared = _lines(read_file(one, "namespace_packages.txt"))
    for name in (name for name in _lines(names) if name not in shared and name.isidentifier()):
        path = os.path.join(one.location, name)
        leaving.take(path)
        for suffix in (".py", *_BYTECODE):
            leaving.take(path + suffix)
    leaving.take(one.metadata_path)
    return "" if names is not None else _LOST.format(one.metadata_path, "top_level.txt")


def _remove_egg_link(one: Installed, leaving: Leaving) -> None:
    leaving.take(one.metadata_path)
    pth = os.path.join(one.location, "easy-install.pth")
    try:
        with open(pth, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return
    kept = [line for line in lines if os.path.normcase(line.strip()) != os.path.normcase(one.editable_at or "")]
    if kept != lines:
        leaving.take(pth)
        leaving.written.append((pth, "".join(f"{line}\n" for line in kept).encode(errors="surrogateescape")))


def _lines(text: bytes | None) -> list[str]:
    return [line.strip() for line in (text or b"").decode("utf-8", "replace").splitlines() if line.strip()]


def _take_top(path: str, files: set[str], leaving: Leaving) -> None:
    if not _is_folder(path):
        if path in files:
            leaving.take(path)
    elif _take_within(path, files, leaving):
        leaving.take(path)


def _take_within(folder: str, files: set[str], leaving: Leaving) -> bool:
    """Say whether all in a folder is ours; if not, take what is."""
    whole = True
    mine: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            ours = (
                _is_own_cache(entry.path, files)
                if entry.name == "__pycache__"
                else _take_within(entry.path, files, leaving)
            )
        else:
            ours = entry.path in files
        if ours:
            mine.append(entry.path)
        whole = whole and ours
    if not whole:
        for path in mine:
            leaving.take(path)
    return whole


def _is_own_cache(folder: str, files: set[str]) -> bool:
    """Say whether all bytecode in a `__pycache__` is of modules that go."""
    parent = os.path.dirname(folder)
    return all(
        path in files or f"{os.path.join(parent, _module(name))}.py" in files
        for name in os.listdir(folder)
        for path in (os.path.join(folder, name),)
    )


def _module(name: str) -> str:
    """Give the module that a bytecode file is of: `pkg.cpython-312.opt-1.pyc` is of `pkg`."""
    return name.partition(".")[0] if name.endswith(_BYTECODE) else name


def _take_bytecode(files: set[str], leaving: Leaving) -> None:
    """Take the bytecode of single modules out of a `__pycache__` that others use, too."""
    modules = {path[:-3] for path in files if path.endswith(".py")}
    for parent in sorted({os.path.dirname(path) for path in modules}):
        cache = os.path.join(parent, "__pycache__")
        if not os.path.isdir(cache) or os.path.islink(cache):
            continue
        for name in sorted(os.listdir(cache)):
            if name.endswith(_BYTECODE) and os.path.join(parent, _module(name)) in modules:
                leaving.take(os.path.join(cache, name))
        leaving.prune(cache)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _joined(location: str, path: str) -> str:
    if os.sep == "/" and ".." not in path and "//" not in path and "/." not in path and not path.startswith("."):
        return f"{location}/{path}"
    return os.path.normpath(os.path.join(location, path))
