"""A small folder as texts, to make it again elsewhere in time: its folders, links and files.

This is imported where an environment is made as it was made before: it may import next to nothing.
"""

from __future__ import annotations

import os

LARGEST = 1 << 16
"""Bytes of a file."""
_FOLDER, _LINK, _FILE = "d", "l", "f"


def take(path: str, last: str) -> tuple[str, ...] | None:
    """Describe a folder: a kind, a relative path and a content for each thing in it, in the order of making.

    None where something else is in it than folders, links and texts. `last` is the file that is written last.
    """
    found = list[tuple[str, str, str]]()
    for folder, folders, names in os.walk(path):
        inside = os.path.relpath(folder, path)
        for name in (*sorted(folders), *sorted(names)):
            kind, content = _read(os.path.join(folder, name))
            if not kind:
                return None
            found.append((kind, os.path.normpath(os.path.join(inside, name)), content))
    found.sort(key=lambda each: each[1] == last)
    return tuple(field for each in found for field in each)


def put(path: str, taken: tuple[str, ...]) -> bool:
    """Make a folder as it was described; False, and nothing is there, where anything stands in the way."""
    made = list[str]()
    try:
        os.mkdir(path)
        made.append(path)
        for at in range(0, len(taken), 3):
            kind, inside, content = taken[at : at + 3]
            place = os.path.join(path, inside)
            if kind == _FOLDER:
                os.mkdir(place)
            elif kind == _LINK:
                os.symlink(content, place)
            else:
                _write(place, content)
            made.append(place)
    except OSError:
        for place in reversed(made):
            _remove(place)
        return False
    return True


def _read(path: str) -> tuple[str, str]:
    if os.path.islink(path):
        return _LINK, os.readlink(path)
    if os.path.isdir(path):
        return _FOLDER, ""
    known = os.stat(path)
    if known.st_size > LARGEST or known.st_mode & 0o111:
        return "", ""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return _FILE, file.read()
    except UnicodeDecodeError:
        return "", ""


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = text.encode()
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _remove(path: str) -> None:
    try:
        os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    except OSError:
        return
