"""Whether everything that is asked for is installed already: then no index is asked and nothing is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.clock import monotonic
from keyrack.adapters.processes import run_text
from keyrack.adapters.site_packages import installed
from keyrack.adapters.unfinished import is_unfinished
from keyrack.errors import KeyrackError
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_value, metadata_of, pythons_told
from keyrack.operations.inputs import InputReader, InputRequest, Inputs, read_inputs
from keyrack.operations.targets import Acted, Choice, choice_of, choose, refuse_managed
from keyrack.policy.resolve import satisfied
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.satisfied import Present, unsatisfied
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.late import LateModule
from keyrack.values.layer import Layer
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.url import ParsedUrl

if TYPE_CHECKING:
    from keyrack.operations import fresh
else:
    fresh = LateModule("keyrack.operations.fresh")  # only for trees and archives on this disk


class Looked(msgspec.Struct, frozen=True):
    """What was seen of a run on this disk alone: what was told and asked, the environment, and what is installed there.

    `missing` is a requirement that is not met; `answering` are the distributions whose metadata was read to find that,
    `touched` the trees and archives on this disk that were looked at.
    `began` (in seconds of the monotonic clock) is when the looking began.
    """

    words: Words
    asked: InputRequest
    layers: tuple[Layer, ...]
    inputs: Inputs
    choice: Choice
    acted: Acted
    present: tuple[Installed, ...]
    answering: tuple[Installed, ...]
    missing: Requirement | None
    touched: tuple[str, ...]
    began: float

    @property
    def is_answer(self) -> bool:
        """Whether everything that is asked for is there."""
        is_there = self.missing is None and may_be_there(self.inputs)
        return is_there and not self.inputs.overrides and self.inputs.lock is None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should hear of it."""
        return (*(text for layer in self.layers for text in layer.warnings), *self.inputs.warnings)

    @property
    def seconds(self) -> float:
        """How long it has taken until now."""
        return monotonic() - self.began


def look(words: Words, asked: InputRequest, meanwhile: Callable[[], object]) -> Looked | None:
    """Look whether there is anything to do; None where looking cannot tell. Raises what reading and finding raise.

    uv looks here first as well, unless it is told to upgrade or to reinstall. `meanwhile` is called while a Python is
    asked that is not known yet: then there is time, and most probably something to do.
    """
    layers_told = layers(words)
    if not _may_be_answered(layers_told):
        return None
    began = monotonic()
    try:
        inputs = read_inputs(msgspec.structs.replace(asked, layers=layers_told), InputReader(_no_stdin, _no_web))
    except KeyrackError as error:
        if _is_elsewhere(error):
            return None
        raise
    choice = choice_of(layers_told)
    run = partial(run_text, meanwhile=meanwhile)
    acted = choose(pythons_told(words, layers_told, run=run), choice)
    refuse_managed(acted, choice)
    if is_unfinished(acted.scheme.roots):
        return None  # that is to be put right first
    present = installed(acted.scheme.roots)
    answering = list[Installed]()

    def reading(one: Installed) -> Metadata | None:
        answering.append(one)
        return metadata_of(one)

    touched = list[str]()

    def is_fresh(one: Installed, path: str) -> bool:
        touched.append(path)
        return fresh.is_fresh_now(one, path, words.environment)

    read = no_metadata if first_value(layers_told, "no_deps") else reading
    recognised = recognise(inputs, present, is_fresh)
    found = missing(recognised, acted.interpreter, present, read, is_fresh)
    return Looked(
        words=words,
        asked=asked,
        layers=layers_told,
        inputs=inputs if found is not None else recognised,
        choice=choice,
        acted=acted,
        present=present,
        answering=tuple(answering),
        missing=found,
        touched=tuple(touched),
        began=began,
    )


def missing(
    inputs: Inputs,
    interpreter: Interpreter,
    present: Iterable[Installed],
    reading: Callable[[Installed], Metadata | None],
    is_fresh: Callable[[Installed, str], bool],
) -> Requirement | None:
    """Give a requirement, the user's own or of what is installed, that is not met; None where all are."""
    by_name = dict[PackageName, tuple[Installed, ...]]()
    for one in present:
        by_name[one.name] = (*by_name.get(one.name, ()), one)
    environment = Environment(interpreter.markers)
    return unsatisfied(inputs.requirements, inputs.constraints, Present(by_name, reading, is_fresh), environment)


def recognise(inputs: Inputs, present: Iterable[Installed], is_fresh: Callable[[Installed, str], bool]) -> Inputs:
    """Name what has no name by what is installed from there: if all of it can be named so, nothing has to be built."""
    found = [satisfied.recognised(one, present, is_fresh) for one in inputs.unnamed]
    named = [one for one in found if one is not None]
    if not named or len(named) < len(found):
        return inputs
    return msgspec.structs.replace(inputs, requirements=(*inputs.requirements, *named), unnamed=())


def may_be_there(inputs: Inputs) -> bool:
    """Say whether what is asked for may be there already: trees that the command line names are always built anew."""
    return inputs.is_complete and not inputs.explicit


def no_metadata(one: Installed) -> Metadata:
    """Take what is installed as requiring nothing (`--no-deps`)."""
    return Metadata(one.name, one.version)


def _may_be_answered(told: tuple[Layer, ...]) -> bool:
    """What is upgraded or reinstalled is never there already."""
    if first_value(told, "upgrade") or first_value(told, "reinstall"):
        return False
    return not any(layer.upgrade_package or layer.reinstall_package for layer in told)


class _Elsewhere(KeyrackError):
    """A text does not lie on this disk: the whole run has to be opened for it."""


def _is_elsewhere(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, _Elsewhere) or _is_elsewhere(error.__cause__))


def _no_stdin() -> bytes:
    raise _Elsewhere("standard input can be read only once")


def _no_web(parsed: ParsedUrl) -> bytes:
    raise _Elsewhere(f"`{parsed.url}` is on the web")
