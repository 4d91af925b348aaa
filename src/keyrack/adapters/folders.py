"""Read what lies on this disk in the place of an index: folders of distributions, pages, files."""

from __future__ import annotations

import os

from keyrack.errors import KeyrackError


def list_files(path: str) -> tuple[str, ...]:
    """Give the names of the files in a folder, sorted; raises `KeyrackError` where it cannot be read."""
    try:
        with os.scandir(path) as entries:
            return tuple(sorted(entry.name for entry in entries if entry.is_file()))
    except OSError as error:
        raise KeyrackError(f"Failed to read the folder `{path}`", causes=(_words(error),)) from error


def is_folder(path: str) -> bool:
    """Say whether a folder is there."""
    return os.path.isdir(path)


def is_file(path: str) -> bool:
    """Say whether a file is there."""
    return os.path.isfile(path)


def read_whole(path: str, limit: int) -> bytes | None:
    """Read a file of at most `limit` bytes; None where there is none. Raises `KeyrackError` for anything else."""
    try:
        with open(path, "rb") as file:
            body = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise KeyrackError(f"Failed to read `{path}`", causes=(_words(error),)) from error
    if len(body) > limit:
        raise KeyrackError(f"Failed to read `{path}`", causes=(f"It is larger than {limit} bytes",))
    return body


def size_of(path: str) -> int:
    """Give a file's size in bytes; raises `KeyrackError` where there is none."""
    try:
        return os.stat(path).st_size
    except OSError as error:
        raise KeyrackError(f"Distribution not found at: `{path}`", causes=(_words(error),)) from error


def read_part(path: str, start: int, end: int) -> bytes:
    """Give a file's bytes from `start` up to, and without, `end`; fewer where it ends. Raises `KeyrackError`."""
    try:
        with open(path, "rb") as file:
            file.seek(start)
            return file.read(end - start)
    except OSError as error:
        raise KeyrackError(f"Failed to read `{path}`", causes=(_words(error),)) from error


def _words(error: OSError) -> str:
    return f"{error.strerror} (os error {error.errno})"
