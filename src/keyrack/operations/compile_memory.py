"""What a compiled text rests on, file by file and page by page, and remembering it (the other half of `settled`)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import msgspec

from keyrack.adapters import clock
from keyrack.adapters.credential_file import credentials_folder
from keyrack.adapters.disk import write_private
from keyrack.adapters.interpreters import is_lasting, looked_at
from keyrack.adapters.settled import changed_at, entry, state
from keyrack.operations.compile_request import Compiled
from keyrack.operations.configure import Words
from keyrack.operations.evidence import YOUNG, settings_places
from keyrack.operations.inputs import InputRequest
from keyrack.operations.settled import Asked
from keyrack.operations.tools import Tools
from keyrack.values.requirement import FromIndex
from keyrack.values.settings import KeyringProvider


class Seen(msgspec.Struct, frozen=True):
    """What was told, what was asked for, which Python was named, and when the looking began (monotonic seconds)."""

    words: Words
    asked: InputRequest
    python: str
    began: float


def remember_compiled(asked: Asked, seen: Seen, compiled: Compiled, tools: Tools) -> None:
    """Remember a text that went to stdout; not where that is unsure, nor where a file was changed a moment ago."""
    until = tools.cached.reliance.until
    if not until or not asked.cache or os.path.abspath(asked.cache) != tools.store.root or not _is_sure(seen, tools):
        return
    now = clock.now()
    files = {path: state(path) for path in dict.fromkeys(_files(asked, seen, tools))}
    oldest = (now - (clock.monotonic() - seen.began)) * 1e9 - YOUNG
    if max(map(changed_at, files.values())) > oldest or min(until.values()) <= now:
        return
    count = "" if seen.words.flags.get("quiet") else str(compiled.count)
    answer = (repr(now), repr(min(until.values())), count, compiled.text)
    body = entry(asked.question, answer, files | {path: state(path) for path in until})
    # A cache that cannot be written makes the next run slower, never this one an error.
    with contextlib.suppress(OSError):
        write_private(asked.path, (body,))


def _is_sure(seen: Seen, tools: Tools) -> bool:
    """Say whether files on this disk and pages of indexes on the web are all that the text can rest on."""
    settings, inputs, asked = tools.settings, tools.inputs, seen.asked
    if settings.network.offline or settings.network.keyring is not KeyringProvider.DISABLED:
        return False
    if settings.cache.disabled or settings.cache.refresh or settings.resolving.no_index or settings.indexes.flat:
        return False
    if asked.groups or asked.extras or asked.all_extras or not all(map(_is_plain, asked.requirement_files)):
        return False
    if not all(os.path.isabs(place) for place in inputs.places):
        return False  # standard input, or the web
    every = (*inputs.requirements, *inputs.constraints, *inputs.overrides)
    is_web = all(index.url.is_web for index in settings.indexes.all)
    return is_web and all(isinstance(one.source, FromIndex) for one in every) and is_lasting(_python(seen))


def _is_plain(path: str) -> bool:
    """Say whether an input is a list of requirements, and no project whose files and folders say more."""
    return path.endswith((".txt", ".in"))


def _python(seen: Seen) -> str:
    """Give the executable that was named, or that of the active environment; "" where it has to be searched for."""
    named = os.path.join(seen.words.folder, seen.python) if os.path.dirname(seen.python) else ""
    active = seen.words.environment.get("VIRTUAL_ENV", "")
    if not seen.python and active:
        named = next((path for path in looked_at(active)[1:] if os.path.exists(path)), "")
    return named if os.path.isfile(named) else ""


def _files(asked: Asked, seen: Seen, tools: Tools) -> Iterator[str]:
    python = _python(seen)
    yield from settings_places(seen.words)
    yield from tools.inputs.places
    yield from looked_at(os.path.dirname(os.path.dirname(python)))
    yield from (python, os.path.realpath(python))
    # Who we are to an index decides what it shows.
    yield os.path.join(seen.words.folder, credentials_folder(asked.variables), "credentials.toml")
    if tools.settings.network.netrc:
        yield tools.settings.network.netrc
