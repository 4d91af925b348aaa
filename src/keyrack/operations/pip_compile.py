"""`pip compile`: inputs become a text that pins everything they need. Writing it down is left to the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.adapters import clock
from keyrack.formats.requirements_out import write_requirements
from keyrack.operations.compile_preferences import Kept
from keyrack.operations.doubt import check_doubts
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve, target_of
from keyrack.operations.tools import Tools
from keyrack.policy.resolve.annotate import Given, named_places
from keyrack.policy.resolve.compiled import Node, Shape, compiled_lines, file_digests, nodes_of
from keyrack.policy.resolve.environment import Environment
from keyrack.supply.downloads import archive_digests, local_path
from keyrack.values.artifact import Digest
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import Index
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromUrl
from keyrack.values.settings import AnnotationStyle, Selection


class CompileFormat(Enum):
    """`--format`."""

    REQUIREMENTS = "requirements.txt"
    PYLOCK = "pylock.toml"


class CompileStyle(msgspec.Struct, frozen=True):
    """How the text is to look. `header` are its first lines, without the `# ` before them.

    The `emit_*` ask for lines before the requirements (indexes, places, build options) and for comments (the index of
    each package, the markers that the result was made for).
    """

    format: CompileFormat = CompileFormat.REQUIREMENTS
    header: tuple[str, ...] = ()
    annotations: AnnotationStyle | None = AnnotationStyle.SPLIT
    with_hashes: bool = False
    with_extras: bool = False
    with_markers: bool = False
    omit: tuple[PackageName, ...] = ()
    emit_indexes: bool = False
    emit_links: bool = False
    emit_build_options: bool = False
    emit_index_comments: bool = False
    emit_markers: bool = False


class CompileRequest(msgspec.Struct, frozen=True):
    """What `pip compile` was asked for, beside the settings. `kept` is what the output file holds.

    `python_version` and `python_platform` name the target; `universal` asks for one result for all platforms.
    """

    interpreter: Interpreter
    style: CompileStyle = CompileStyle()
    kept: Kept = Kept()
    python_version: str = ""
    python_platform: str = ""
    universal: bool = False
    on_resolved: Callable[[int, float], None] = lambda _count, _seconds: None


class Compiled(msgspec.Struct, frozen=True):
    """The text, and what the user should hear."""

    text: str
    warnings: tuple[str, ...] = ()


def pip_compile(request: CompileRequest, tools: Tools) -> Compiled:
    """Resolve and write. Raises what resolving raises; nothing is written to the disk."""
    started = clock.monotonic()
    asked = _question(request, tools)
    resolution = _resolved(asked, tools)
    request.on_resolved(len(resolution.pins), clock.monotonic() - started)
    text = _header(request.style) + _preamble(request.style, tools) + _body(request, asked, resolution, tools)
    return Compiled(text + _left_out(request.style, resolution), (*resolution.warnings, *tools.session.warnings()))


def _question(request: CompileRequest, tools: Tools) -> ResolveRequest:
    inputs, settings = tools.inputs, tools.settings
    asked = ResolveRequest(
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
    preferences = request.kept.preferences(Environment(target_of(asked).markers))
    return msgspec.structs.replace(asked, preferences=preferences)


def _resolved(asked: ResolveRequest, tools: Tools) -> Resolution:
    try:
        found = resolve(asked, tools.catalogue, tools.log)
    except NoSolutionFound as failure:
        failure.hints += tools.session.doubts()
        raise
    check_doubts(found.pins, tools.settings.indexes, tools.session)
    return found


def _header(style: CompileStyle) -> str:
    return "".join(f"# {line}\n" for line in style.header)


def _preamble(style: CompileStyle, tools: Tools) -> str:
    """Write the options that the requirements were found with; secrets of their URLs are masked."""
    indexes, lines = tools.settings.indexes, list[str]()
    if style.emit_indexes:
        lines += [f"--index-url {shown_url(index)}" for index in indexes.searched if index.default]
        lines += [f"--extra-index-url {shown_url(index)}" for index in indexes.searched if not index.default]
    if style.emit_links:
        lines += [f"--find-links {shown_url(index)}" for index in indexes.flat]
    if style.emit_build_options:
        resolving = tools.settings.resolving
        no_build = Selection(
            resolving.no_build.all or resolving.only_binary.all,
            resolving.no_build.names | resolving.only_binary.names,
        )
        lines += [f"--no-binary {word}" for word in _words(resolving.no_binary)]
        lines += [f"--only-binary {word}" for word in _words(no_build)]
    return "".join(f"{line}\n" for line in (*lines, "")) if lines else ""


def shown_url(index: Index) -> str:
    """Write where an index is, without what may be a secret; a folder as its path."""
    if index.url.scheme == "file":
        return local_path(index.url)
    return str(index.url).rstrip("/") if index.declared_in == "the build" else str(index.url)


def _words(selection: Selection) -> tuple[str, ...]:
    return (":all:",) if selection.all else tuple(sorted(selection.names))


def _body(request: CompileRequest, asked: ResolveRequest, resolution: Resolution, tools: Tools) -> str:
    style = request.style
    nodes = [_told(node, resolution, request, tools) for node in nodes_of(resolution)]
    environment = Environment(target_of(asked).markers)
    given = Given(asked.requirements, asked.constraints, asked.overrides, tools.folder)
    shape = Shape(
        omit=frozenset(style.omit),
        with_extras=style.with_extras,
        with_markers=style.with_markers,
        sources=named_places(given, lambda one: environment.holds(one.marker)) if style.annotations else None,
    )
    return write_requirements(compiled_lines(nodes, shape), style.annotations or AnnotationStyle.SPLIT)


def _told(node: Node, resolution: Resolution, request: CompileRequest, tools: Tools) -> Node:
    """Add what is told of a node's version: its hashes, its index."""
    style = request.style
    if not style.with_hashes and not style.emit_index_comments:
        return node
    pin = next(pin for pin in resolution.pins if pin.name == node.name)
    index = tools.settings.indexes.by_id(pin.files[0].origin) if pin.files and pin.files[0].origin else None
    return msgspec.structs.replace(
        node,
        digests=digests_of(pin, request.kept.digests, tools) if style.with_hashes else (),
        index=shown_url(index) if index is not None and style.emit_index_comments else "",
    )


def digests_of(
    pin: Pin, known: Mapping[tuple[PackageName, Version], tuple[Digest, ...]], tools: Tools
) -> tuple[Digest, ...]:
    """Give the hashes of a version: those that were written down before, else those of its files."""
    found = known.get((pin.name, pin.version), ()) or file_digests(pin.files)
    if found or not pin.files:
        return found
    file = pin.files[0]
    if file.url.scheme == "file":
        return tuple(Digest(*each) for each in archive_digests(local_path(file.url), ("sha256",)).items())
    if isinstance(pin.source, FromUrl) or pin.wheel is not None:
        return tuple(one for one in tools.downloads.wheel(file).manifest.digests if one.algorithm == "sha256")
    return ()


def _left_out(style: CompileStyle, resolution: Resolution) -> str:
    """Name the packages that were left out although they are needed."""
    names = [name for name in style.omit if any(pin.name == name for pin in resolution.pins)]
    if not names or style.annotations is None:
        return ""
    listed = "".join(f"# {name}\n" for name in names)
    return f"\n# The following packages were excluded from the output:\n{listed}"
