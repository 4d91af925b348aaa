"""Whether everything that is asked for is installed already: then no index is asked and nothing is opened."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from keyrack.adapters.clock import monotonic
from keyrack.adapters.site_packages import installed
from keyrack.errors import KeyrackError
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_value, metadata_of, pythons_of
from keyrack.operations.inputs import InputReader, InputRequest, Inputs, read_inputs
from keyrack.operations.targets import Acted, choose, refuse_managed, told
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.satisfied import unsatisfied
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.layer import Layer
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.url import ParsedUrl


class Answered(msgspec.Struct, frozen=True):
    """What was asked for is there: where, how many requirements were looked at, and for how many seconds."""

    acted: Acted
    count: int
    seconds: float
    warnings: tuple[str, ...]


def answered(words: Words, asked: InputRequest) -> Answered | None:
    """Say that there is nothing to do; None where there may be. Raises what reading and finding raise.

    uv looks here first as well, unless it is told to upgrade or to reinstall.
    """
    layers_told = layers(words)
    if not _may_be_answered(layers_told):
        return None
    started = monotonic()
    try:
        inputs = read_inputs(msgspec.structs.replace(asked, layers=layers_told), InputReader(_no_stdin, _no_web))
    except KeyrackError as error:
        if _is_elsewhere(error):
            return None
        raise
    if inputs.overrides:
        return None
    choice = told(words)
    acted = choose(pythons_of(words), choice)
    refuse_managed(acted, choice)
    with_dependencies = not first_value(layers_told, "no_deps")
    if missing(inputs, acted.interpreter, installed(acted.scheme.roots), with_dependencies=with_dependencies):
        return None
    warnings = tuple(text for layer in layers_told for text in layer.warnings)
    return Answered(acted, len(inputs.requirements), monotonic() - started, (*warnings, *inputs.warnings))


def missing(
    inputs: Inputs, interpreter: Interpreter, present: Iterable[Installed], *, with_dependencies: bool = True
) -> Requirement | None:
    """Give a requirement, the user's own or of what is installed, that is not met; None where all are."""
    by_name = dict[PackageName, tuple[Installed, ...]]()
    for one in present:
        by_name[one.name] = (*by_name.get(one.name, ()), one)
    environment = Environment(interpreter.markers)
    reading = metadata_of if with_dependencies else _alone
    return unsatisfied(inputs.requirements, inputs.constraints, by_name, reading, environment)


def _alone(one: Installed) -> Metadata:
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
