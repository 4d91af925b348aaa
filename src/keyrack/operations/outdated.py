"""Which installed distributions an index has a newer version of that would fit their environment."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from packaging.version import Version

from keyrack.errors import UnmetRequest
from keyrack.operations.resolve import ResolveRequest, resolve
from keyrack.operations.tools import Tools
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement
from keyrack.values.settings import Selection


class Latest(msgspec.Struct, frozen=True):
    """The newest version that fits, and what it would be installed from: `wheel` or `sdist`."""

    version: Version
    kind: str


def latest(found: Iterable[Installed], interpreter: Interpreter, tools: Tools) -> dict[PackageName, Latest]:
    """Ask the indexes for the newest version of each distribution; what none of them has is left out."""
    names = sorted({one.name for one in found})
    for name in names:
        tools.catalogue.expect(name)
    answers = ((name, _newest(name, interpreter, tools)) for name in names)
    return {name: answer for name, answer in answers if answer is not None}


def _newest(name: PackageName, interpreter: Interpreter, tools: Tools) -> Latest | None:
    options = msgspec.structs.replace(tools.settings.resolving, no_deps=True, upgrade=Selection(all=True))
    request = ResolveRequest(
        requirements=(Requirement(name),), interpreter=interpreter, options=options, indexes=tools.settings.indexes
    )
    try:
        (pin,) = resolve(request, tools.catalogue, tools.log).pins
    except UnmetRequest:
        return None
    return Latest(pin.version, "sdist" if pin.wheel is None else "wheel")
