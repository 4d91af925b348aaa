"""A resolution that was found before, where all that it rests on still holds: then nobody is asked, and nothing solved.

It rests on the question (requirements, settings, the Python, who we are to each index) and on pages of indexes, of
which every one must still be fresh and the very one that was read. The metadata of a file never changes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from keyrack.adapters import clock
from keyrack.adapters.settled import state
from keyrack.adapters.store import Entry
from keyrack.errors import InvalidText
from keyrack.formats.kept_resolution import is_keepable, keep_resolution, read_kept_resolution
from keyrack.operations.inputs import Inputs
from keyrack.operations.tools import Tools
from keyrack.values.graph import Resolution
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Level
from keyrack.values.requirement import FromIndex
from keyrack.values.settings import Resolving
from keyrack.values.version import VERSION


class Posed(msgspec.Struct, frozen=True):
    """What decides a resolution beside the indexes; nothing is installed where it is to go.

    `python` are the version and the platform that were named instead of the interpreter's own.
    """

    inputs: Inputs
    options: Resolving
    interpreter: Interpreter
    python: tuple[str, str] = ("", "")


class _Evidence(msgspec.Struct, array_like=True, frozen=True):
    """When the answer was found, until when it holds (seconds since 1970), and the state of each page, by its path."""

    found: float
    until: float
    states: dict[str, str]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Evidence)


def recall(posed: Posed, tools: Tools) -> Resolution | None:
    """Give what the same question came to; None where it was not asked before, or the answer may not stand."""
    if not _may_be_remembered(posed, tools):
        return None
    entry = tools.store.bucket("resolutions", 1).find(_question(posed, tools))
    if entry is None:
        return None
    try:
        evidence = _DECODER.decode(entry.head)
        if not evidence.found <= clock.now() < evidence.until or _states(evidence.states) != evidence.states:
            return None
        found = read_kept_resolution(entry.body)
    except (msgspec.DecodeError, InvalidText):
        return None
    tools.log(Level.DEBUG, f"Found a resolution of the same requirements; all {len(evidence.states)} pages are fresh")
    return found


def remember(posed: Posed, found: Resolution, tools: Tools) -> None:
    """Remember a resolution, where it rests on nothing but the question and pages that are in the cache."""
    until = tools.cached.reliance.until
    if not until or not _may_be_remembered(posed, tools) or tools.session.warnings() or not is_keepable(found):
        return
    evidence = _Evidence(clock.now(), min(until.values()), _states(until))
    if evidence.found < evidence.until:
        entry = Entry(_ENCODER.encode(evidence), keep_resolution(found))
        tools.store.bucket("resolutions", 1).keep(_question(posed, tools), entry)


def _states(paths: Mapping[str, object]) -> dict[str, str]:
    return {path: state(path) for path in paths}


def _may_be_remembered(posed: Posed, tools: Tools) -> bool:
    """Say whether pages of indexes on the web are all that the answer can rest on, and may be taken as they are."""
    settings, inputs = tools.settings, posed.inputs
    if settings.network.offline or settings.cache.disabled or settings.cache.refresh or posed.options.no_index:
        return False
    if settings.indexes.flat or not all(index.url.is_web for index in settings.indexes.all):
        return False
    every = (*inputs.requirements, *inputs.constraints, *inputs.overrides)
    return all(isinstance(one.source, FromIndex) for one in every)


def _question(posed: Posed, tools: Tools) -> str:
    """Write down all that decides, in one way only, without a secret: only its hash reaches the disk."""
    settings, inputs, python = tools.settings, posed.inputs, posed.interpreter
    identities = [tools.session.identity_key(each.id, tools.store.salt) for each in settings.indexes.all]
    bare = [msgspec.structs.replace(each, given=None) for each in settings.indexes.all]
    indexes = list(zip(bare, identities, strict=True))
    explicit = [index.id for index in settings.indexes.explicit]
    whole = (
        (VERSION, indexes, explicit, posed.options),
        (inputs.requirements, inputs.constraints, inputs.overrides, inputs.excludes, inputs.require_hashes),
        (python.markers, python.tags, python.implementation, python.platform, python.gil_disabled, posed.python),
    )
    return msgspec.json.encode(whole, enc_hook=str, order="deterministic").decode()
