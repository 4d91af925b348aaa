"""Resolving for `pip compile`: for one environment or for all of them, and what either comes to, in one form."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.operations.compile_environments import environments_of
from keyrack.operations.compile_request import CompileFormat, CompileRequest
from keyrack.operations.completing import completed
from keyrack.operations.doubt import check_doubts
from keyrack.operations.resolve import (
    NoSolutionFound,
    ResolveRequest,
    allowed_yanks,
    file_rules,
    resolve,
    target_of,
    to_question,
)
from keyrack.operations.resolve_universal import UniversalRequest, resolve_universal
from keyrack.operations.tools import Tools
from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.python_tags import PythonTags
from keyrack.policy.index.tags import Tags
from keyrack.policy.lock.pylock_make import Locked
from keyrack.policy.markers.algebra import Diagram, python_bounds, text, to_marker, within_python
from keyrack.policy.resolve.bounds import unbounded
from keyrack.policy.resolve.compiled import Node, nodes_of, universal_nodes, universal_warnings, visible_files
from keyrack.policy.resolve.environment import Environment, Everywhere
from keyrack.policy.resolve.fork_preferences import UniversalPreference
from keyrack.policy.resolve.hashes import Hashes
from keyrack.policy.resolve.question import Target
from keyrack.policy.resolve.reach import Part, reached, used_markers
from keyrack.policy.resolve.requirements import Requirements
from keyrack.values.graph import Pin, Resolution, UniversalResolution
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex
from keyrack.values.settings import ResolutionMode


class Solved(msgspec.Struct, frozen=True):
    """What was chosen: `nodes` for requirements, `locked` for a lock file, one for each version.

    `environment` says whether a requirement of the user's counts, `tags` which wheels can be used; `used` is the marker
    of what the result depends on, where it is told.
    """

    asked: ResolveRequest
    nodes: tuple[Node, ...]
    locked: tuple[Locked, ...]
    requires_python: SpecifierSet
    environment: Environment | Everywhere
    tags: Tags
    warnings: tuple[str, ...] = ()
    used: str = ""


def question_of(request: CompileRequest, tools: Tools) -> ResolveRequest:
    """Gather what is to be resolved. Hashes of the inputs are not checked, and nothing counts as installed."""
    inputs, settings = tools.inputs, tools.settings
    if not inputs.is_complete:
        tools.workshop.begin(request.interpreter)
        inputs = completed(inputs, tools.workshop)
    return ResolveRequest(
        requirements=inputs.requirements,
        interpreter=request.interpreter,
        options=msgspec.structs.replace(settings.resolving, require_hashes=False, verify_hashes=False),
        constraints=inputs.constraints,
        overrides=inputs.overrides,
        excludes=inputs.excludes,
        indexes=settings.indexes,
        python_version=request.python_version,
        python_platform=request.python_platform,
        with_all_files=request.style.with_hashes or request.style.format is CompileFormat.PYLOCK,
    )


def solve_one(request: CompileRequest, tools: Tools) -> Solved:
    """Resolve for one environment. Raises what resolving raises."""
    asked = question_of(request, tools)
    target = target_of(asked)
    environment = Environment(target.markers)
    asked = msgspec.structs.replace(asked, preferences=request.kept.preferences(environment))
    tools.workshop.begin(request.interpreter)
    doubts = unbounded(to_question(asked, tools.catalogue)) if _seeks_lowest(asked) else ()
    for text_of_doubt in doubts:
        request.on_doubt(text_of_doubt)
    try:
        resolution = resolve(asked, tools.catalogue, tools.log)
    except NoSolutionFound as failure:
        failure.hints += tools.session.doubts()
        raise
    check_doubts(resolution.pins, tools.settings.indexes, tools.session)
    style = request.style
    pythons = SpecifierSet(f">={request.python_version or request.interpreter.version}")
    needs_markers = style.with_markers or style.with_extras or style.format is CompileFormat.PYLOCK
    where = _reached(asked, resolution, environment) if needs_markers else {}
    rules = file_rules(asked, target, Hashes(), allowed_yanks(asked.requirements, asked.preferences))
    return Solved(
        asked=asked,
        nodes=tuple(_marked(node, where, pythons) for node in nodes_of(resolution)),
        locked=tuple(_locked(pin, where, rules) for pin in resolution.pins),
        requires_python=pythons,
        environment=environment,
        tags=target.tags,
        warnings=tuple(told for told in resolution.warnings if told not in doubts),
        used=used_markers(asked.requirements, resolution, target.markers) if style.emit_markers else "",
    )


def _seeks_lowest(asked: ResolveRequest) -> bool:
    return asked.options.resolution is not ResolutionMode.HIGHEST


def _reached(asked: ResolveRequest, resolution: Resolution, environment: Environment) -> Mapping[Part, Diagram]:
    requirements = Requirements(environment, (), asked.overrides, asked.excludes)
    return reached(asked.requirements, resolution, requirements)


def _marked(node: Node, where: Mapping[Part, Diagram], pythons: SpecifierSet) -> Node:
    found = where.get((node.name, node.extra))
    return node if found is None else msgspec.structs.replace(node, marker=text(within_python(found, pythons)))


def _locked(pin: Pin, where: Mapping[Part, Diagram], rules: FileRules) -> Locked:
    return Locked(
        name=pin.name,
        version=pin.version,
        source=pin.source,
        files=visible_files(pin.files, pin.name, rules),
        marker=_marker(where.get((pin.name, ExtraName("")))),
    )


def _marker(found: Diagram | None) -> Marker | None:
    return None if found is None else to_marker(found)


def solve_all(request: CompileRequest, tools: Tools) -> Solved:
    """Resolve for all environments at once. Raises what resolving raises."""
    asked = question_of(request, tools)
    lowest = request.python_version or request.interpreter.minor
    pythons = SpecifierSet(f">={lowest}")
    wanted = environments_of(request.project or tools.folder)
    universal = UniversalRequest(
        asked,
        pythons,
        environments=wanted.supported,
        required_environments=wanted.required,
        fork_strategy=request.fork_strategy,
        preferences=_preferences(request),
    )
    tools.workshop.begin(request.interpreter)
    try:
        resolution = resolve_universal(universal, tools.catalogue, tools.log)
    except NoSolutionFound as failure:
        failure.hints += tools.session.doubts()
        raise
    check_doubts(as_pins(resolution), tools.settings.indexes, tools.session)
    return _for_all(asked, resolution, pythons)


def _preferences(request: CompileRequest) -> dict[PackageName, tuple[UniversalPreference, ...]]:
    return {
        name: tuple(UniversalPreference(one.version, source=one.source) for one in some)
        for name, some in request.kept.preferences(None).items()
    }


def _for_all(asked: ResolveRequest, resolution: UniversalResolution[Diagram], pythons: SpecifierSet) -> Solved:
    tags = PythonTags(python_bounds(pythons))
    target = Target({}, tags, asked.interpreter.python, asked.interpreter.python)
    rules = file_rules(asked, target, Hashes(), {})
    return Solved(
        asked=asked,
        nodes=tuple(universal_nodes(resolution, pythons)),
        locked=tuple(
            Locked(pin.name, pin.version, pin.source, visible_files(pin.files, pin.name, rules), to_marker(pin.marker))
            for pin in resolution.pins
        ),
        requires_python=pythons,
        environment=Everywhere(),
        tags=tags,
        warnings=tuple(dict.fromkeys((*resolution.warnings, *universal_warnings(resolution)))),
    )


def as_pins(resolution: UniversalResolution[Diagram]) -> tuple[Pin, ...]:
    """See the pins as those of one environment: where their files are from is all that a doubt asks for."""
    return tuple(
        Pin(pin.name, pin.version, frozenset(), None, pin.files, pin.metadata)
        for pin in resolution.pins
        if isinstance(pin.source, FromIndex)
    )
