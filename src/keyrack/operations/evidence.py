"""What the answer "there is nothing to do" rests on, file by file, and remembering it (the other half of `settled`)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator

from keyrack.adapters import clock
from keyrack.adapters.disk import write_private
from keyrack.adapters.interpreters import is_lasting, looked_at
from keyrack.adapters.settings_files import places
from keyrack.adapters.settled import changed_at, entry, state
from keyrack.operations.answered import Looked
from keyrack.operations.configure import Words
from keyrack.operations.environments import first_value
from keyrack.operations.pythons import folders_upwards
from keyrack.operations.settled import Asked
from keyrack.values.installed import Installed

YOUNG = 2_000_000_000
"""Nanoseconds: what changed so short a time ago may change again without its time telling (FAT counts by 2 s)."""


def evidence(looked: Looked) -> tuple[str, ...] | None:
    """Give the path of every file whose change, coming or going may change the answer; None where that is unsure."""
    python = looked.acted.interpreter
    is_sure = (
        python.is_virtual
        and is_lasting(python.executable)
        and not looked.choice.system
        and not any(one.legacy for one in looked.answering)
        and not looked.touched
    )
    prefixes = _prefixes(looked) if is_sure else ()
    if os.path.realpath(python.prefix) not in map(os.path.realpath, prefixes):
        return None
    found = [
        *settings_places(looked.words),
        *looked.inputs.places,
        # A word that ends so is refused where a file is called so.
        *(text for text in looked.asked.packages if text.endswith((".txt", ".in"))),
        *(path for prefix in prefixes for path in looked_at(prefix)),
        python.executable,
        *looked.acted.scheme.roots,
        *_metadata(looked.answering),
    ]
    return tuple(dict.fromkeys(os.path.join(looked.words.folder, path) for path in found))


def remember(asked: Asked, looked: Looked, environment: str) -> None:
    """Remember that there was nothing to do, and the line that names the environment; not where that is unsure.

    Nor where a file is so young that it may have changed while it was looked at.
    """
    cache = first_value(looked.layers, "cache_dir")
    if not asked.cache or first_value(looked.layers, "no_cache") or cache not in (None, asked.cache):
        return
    states = {path: state(path) for path in evidence(looked) or ()}
    oldest = (clock.now() - looked.seconds) * 1e9 - YOUNG
    if not states or max(map(changed_at, states.values())) > oldest:
        return
    body = entry(asked.question, (environment, str(len(looked.inputs.requirements))), states)
    # A cache that cannot be written makes the next run slower, never this one an error.
    with contextlib.suppress(OSError):
        write_private(asked.path, (body,))


def _prefixes(looked: Looked) -> tuple[str, ...]:
    """Give the places where an environment is looked for before the search path is."""
    folder, variables = looked.words.folder, looked.words.environment
    told = looked.choice.python
    if told is not None:
        path = os.path.join(folder, os.path.expanduser(told))
        return (path,) if os.path.isdir(path) else (os.path.dirname(os.path.dirname(path)),)
    active = (variables.get("VIRTUAL_ENV"), variables.get("CONDA_PREFIX"))
    upwards = (os.path.join(each, ".venv") for each in folders_upwards(folder))
    return (*(os.path.join(folder, prefix) for prefix in active if prefix), *upwards)


def settings_places(words: Words) -> Iterator[str]:
    """Give the path of every file that may hold settings of a run."""
    start = words.flags.get("project") or words.environment.get("UV_PROJECT") or "."
    yield from places(os.path.join(words.folder, str(start)), words.environment)
    named = words.flags.get("config-file") or words.environment.get("UV_CONFIG_FILE")
    if isinstance(named, str):
        yield named


def _metadata(answering: Iterable[Installed]) -> Iterator[str]:
    for one in answering:
        yield one.metadata_path
        yield os.path.join(one.metadata_path, "METADATA")
        if one.direct_url is not None:
            yield os.path.join(one.metadata_path, "direct_url.json")
