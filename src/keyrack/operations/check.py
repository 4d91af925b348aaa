"""Whether what is installed fits together, and fits its Python."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from keyrack.adapters.clock import monotonic
from keyrack.adapters.site_packages import read_file
from keyrack.errors import InvalidText
from keyrack.formats.wheel_files import parse_wheel
from keyrack.operations.environments import Surveyed, metadata_of
from keyrack.operations.resolve import ResolveRequest, target_of
from keyrack.policy.environment.faults import Fault, Present, Python, faults
from keyrack.policy.index.tags import Mismatch, Tags
from keyrack.policy.resolve.environment import Environment
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName


class Checked(msgspec.Struct, frozen=True):
    """How many distributions were looked at, for how many seconds, and what is wrong."""

    count: int
    seconds: float
    faults: tuple[Fault, ...]


def check(found: Surveyed, python_version: str = "", python_platform: str = "") -> Checked:
    """Hold everything that is installed against what it says of itself, for its Python or for another target."""
    started = monotonic()
    request = ResolveRequest((), found.interpreter, python_version=python_version, python_platform=python_platform)
    target = target_of(request)
    present = tuple(Present(one, metadata_of(one), _fits(one, target.tags)) for one in found.installed)
    environment = Environment(target.markers)
    python = Python(found.interpreter.version, target.python)
    wrong = faults(present, python, environment.holds)
    return Checked(len(present), monotonic() - started, wrong)


def faults_of(found: Surveyed, roots: Iterable[PackageName]) -> tuple[Fault, ...]:
    """Give what is wrong with some packages and with all that they require in turn."""
    needs = {one.name: metadata for one in found.installed if (metadata := metadata_of(one)) is not None}
    environment = Environment(found.interpreter.markers)
    waiting, about = list(roots), set[PackageName]()
    while waiting:
        name = waiting.pop()
        if name not in about:
            about.add(name)
            requires = needs[name].requires if name in needs else ()
            waiting += [each.name for each in requires if environment.holds(each.marker)]
    return tuple(fault for fault in check(found).faults if fault.packages & about)


def _fits(one: Installed, tags: Tags) -> bool | None:
    if one.legacy:
        return True
    text = read_file(one, "WHEEL")
    try:
        wheel = None if text is None else parse_wheel(text.decode("utf-8", "replace"))
    except InvalidText:
        wheel = None
    if wheel is None:
        return None
    split = (tag.split("-") for tag in wheel.tags)
    parts = [tag for tag in split if len(tag) == 3]
    return not parts or any(not isinstance(tags.fit(*tag), Mismatch) for tag in parts)
