"""What a new environment is made from, file by file, and remembering it (the other half of `settled`).

Most environments are made at the same place, by the same words, from the same Python, again and again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import msgspec

from keyrack.adapters import clock
from keyrack.adapters.disk import write_private
from keyrack.adapters.interpreters import executables, is_lasting, looked_at
from keyrack.adapters.python_files import VERSION_FILES, user_version_folder
from keyrack.adapters.settled import changed_at, entry, state
from keyrack.adapters.trees import take
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_value
from keyrack.operations.evidence import YOUNG, settings_places
from keyrack.operations.pythons import folders_upwards
from keyrack.operations.settled import Asked
from keyrack.values.interpreter import Interpreter

CONFIGURATION = "pyvenv.cfg"
_NAMES = ("python", "python3")


class Made(msgspec.Struct, frozen=True):
    """An environment that was made just now: what was told, the Python that was named, and the one it was made from.

    `lines` are what was said of it, the last of them how it is entered; `began` is when the run began (s, monotonic).
    """

    words: Words
    python: str | None
    path: str
    base: Interpreter
    lines: tuple[str, ...]
    began: float


def remember_venv(asked: Asked, made: Made) -> None:
    """Remember an environment; not where that is unsure, nor where a file was changed a moment ago."""
    told = layers(made.words)
    cache = first_value(told, "cache_dir")
    if not asked.cache or first_value(told, "no_cache") or cache not in (None, asked.cache) or not _is_sure(made):
        return
    path = os.path.abspath(os.path.join(made.words.folder, made.path))
    states = {each: state(each) for each in dict.fromkeys(_files(made)) if not _is_inside(each, path)}
    oldest = (clock.now() - (clock.monotonic() - made.began)) * 1e9 - YOUNG
    taken = take(path, CONFIGURATION)
    if taken is None or max(map(changed_at, states.values())) > oldest:
        return
    answer = ("venv", path, str(len(made.lines)), *made.lines, *taken)
    # A cache that cannot be written makes the next run slower, never this one an error.
    with contextlib.suppress(OSError):
        write_private(asked.path, (entry(asked.question, answer, states),))


def _is_sure(made: Made) -> bool:
    """Say whether every Python that was looked at stays the same as long as its file does: a script may not."""
    return all(map(is_lasting, (made.base.executable, made.base.base_executable, *_candidates(made))))


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _is_place(python: str) -> bool:
    return bool(os.path.dirname(python))


def _search_path(made: Made) -> list[str]:
    """Give the folders in which a Python was looked for; none where one was named by its place."""
    if made.python and _is_place(made.python):
        return []
    environment = made.words.environment
    folders = (environment.get("UV_PYTHON_SEARCH_PATH") or environment.get("PATH", "")).split(os.pathsep)
    return [os.path.join(made.words.folder, folder) for folder in folders if folder]


def _candidates(made: Made) -> Iterator[str]:
    return executables(os.pathsep.join(_search_path(made)), _NAMES, others=True)


def _files(made: Made) -> Iterator[str]:
    words, base = made.words, made.base
    yield from settings_places(words)
    if made.python:
        place = os.path.join(words.folder, made.python)
        yield from (place, *looked_at(place), *looked_at(os.path.dirname(os.path.dirname(place))))
    else:
        folders = (*folders_upwards(words.folder), user_version_folder(words.environment))
        yield from (os.path.join(folder, name) for folder in folders for name in VERSION_FILES)
    yield from _search_path(made)
    yield from _candidates(made)
    yield from (base.executable, base.base_executable, os.path.realpath(base.base_executable))
