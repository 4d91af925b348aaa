"""`pip compile`: inputs become a text that pins everything they need. Writing it down is left to the caller."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from packaging.version import Version

from keyrack._build import DEFAULT_INDEX
from keyrack.adapters import clock
from keyrack.formats.pylock_text import write_pylock
from keyrack.formats.requirements_out import write_requirements
from keyrack.operations.compile_request import Compiled, CompileFormat, CompileRequest, CompileStyle
from keyrack.operations.compile_solved import Solved, solve_all, solve_one
from keyrack.operations.tools import Tools
from keyrack.policy.index.reachable import is_reachable
from keyrack.policy.index.tags import Mismatch
from keyrack.policy.lock.pylock_make import Locked, Making, to_package
from keyrack.policy.markers.algebra import diagram
from keyrack.policy.resolve.annotate import Given, named_places
from keyrack.policy.resolve.compiled import Node, Shape, compiled_lines, file_digests
from keyrack.supply.downloads import archive_digests, local_path
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.index import Index, IndexId
from keyrack.values.names import PackageName
from keyrack.values.pylock import Pylock
from keyrack.values.requirement import FromIndex, FromUrl
from keyrack.values.settings import AnnotationStyle, Selection
from keyrack.values.url import canonical, parse_url


def pip_compile(request: CompileRequest, tools: Tools) -> Compiled:
    """Resolve and write. Raises what resolving raises; nothing is written to the disk."""
    started = clock.monotonic()
    solved = solve_all(request, tools) if request.universal else solve_one(request, tools)
    request.on_resolved(len(solved.locked), clock.monotonic() - started)
    is_pylock = request.style.format is CompileFormat.PYLOCK
    body = _pylock(request, solved, tools) if is_pylock else _requirements(request, solved, tools)
    text = _header(request.style) + body + _left_out(request.style, solved)
    untold = _untold(request.style) if is_pylock else ()
    return Compiled(text, (*untold, *solved.warnings, *tools.session.warnings()), len(solved.locked))


def _header(style: CompileStyle) -> str:
    return "".join(f"# {line}\n" for line in style.header)


def _preamble(style: CompileStyle, solved: Solved, tools: Tools) -> str:
    """Write the options that the requirements were found with; secrets of their URLs are masked."""
    indexes, lines = tools.settings.indexes, list[str]()
    told = f"# Pinned dependencies known to be valid for:\n#    {solved.used}\n" if solved.used else ""
    if style.emit_indexes:
        lines += [f"--index-url {shown_url(index)}" for index in indexes.searched if index.default]
        lines += [f"--extra-index-url {shown_url(index)}" for index in indexes.searched if not index.default]
    if style.emit_links:
        lines += [f"--find-links {shown_url(index)}" for index in indexes.flat]
    if style.emit_build_options:
        lines += [f"--no-binary {word}" for word in _words(tools.settings.resolving.no_binary)]
        lines += [f"--only-binary {word}" for word in _words(_no_build(tools))]
    return told + "".join(f"{line}\n" for line in (*lines, "") if lines)


def _no_build(tools: Tools) -> Selection:
    resolving = tools.settings.resolving
    names = resolving.no_build.names | resolving.only_binary.names
    return Selection(resolving.no_build.all or resolving.only_binary.all, names)


def shown_url(index: Index) -> str:
    """Write where an index is, without what may be a secret; a folder as the user wrote it."""
    if index.url.scheme == "file":
        return index.written or local_path(index.url)
    return str(index.url).rstrip("/") if index.declared_in == "the build" else str(index.url)


def _words(selection: Selection) -> tuple[str, ...]:
    return (":all:",) if selection.all else tuple(sorted(selection.names))


def _requirements(request: CompileRequest, solved: Solved, tools: Tools) -> str:
    style, asked = request.style, solved.asked
    given = Given(asked.requirements, asked.constraints, asked.overrides, tools.folder)
    places = named_places(given, lambda one: solved.environment.holds(one.marker))
    shape = Shape(
        omit=frozenset(style.omit),
        with_extras=style.with_extras,
        with_markers=style.with_markers or request.universal,
        sources=places if style.annotations else None,
    )
    nodes = [_told(node, solved, request, tools) for node in solved.nodes]
    lines = compiled_lines(nodes, shape)
    return _preamble(style, solved, tools) + write_requirements(lines, style.annotations or AnnotationStyle.SPLIT)


def _told(node: Node, solved: Solved, request: CompileRequest, tools: Tools) -> Node:
    """Add what is told of a node's version: its hashes, its index, its path as it was given."""
    style, version = request.style, solved.locked[node.place]
    origin = version.files[0].origin if version.files else None
    index = tools.settings.indexes.by_id(origin) if origin and style.emit_index_comments else None
    return msgspec.structs.replace(
        node,
        digests=digests_of(version, request.kept.digests, tools) if style.with_hashes else (),
        index=shown_url(index) if index is not None else "",
        given="" if isinstance(node.source, FromIndex) else given_text(node, solved),
    )


def given_text(node: Node | Locked, solved: Solved) -> str:
    """Give the path of a local source as the user wrote it; "" where nobody did."""
    asked = solved.asked
    every = (*asked.requirements, *asked.overrides, *asked.constraints)
    return next((one.given for one in every if one.name == node.name and one.given), "")


def digests_of(
    version: Locked, known: Mapping[tuple[PackageName, Version], tuple[Digest, ...]], tools: Tools
) -> tuple[Digest, ...]:
    """Give the hashes of a version: those that were written down before, else those of its files.

    Where no index tells any, and for what comes from a URL, the archive itself is hashed.
    """
    found = known.get((version.name, version.version), ()) or file_digests(version.files)
    if found or not version.files:
        return found
    return _computed(version, version.files[0], tools)


def _computed(version: Locked, file: File, tools: Tools) -> tuple[Digest, ...]:
    if file.filename.endswith(".whl") and file.url.scheme != "file":
        return tuple(one for one in tools.downloads.wheel(file).manifest.digests if one.algorithm == "sha256")
    is_here = file.url.scheme == "file"
    path = local_path(file.url) if is_here else tools.sources.archive(file, version.name)
    return tuple(Digest(*each) for each in archive_digests(path, ("sha256",)).items())


def _left_out(style: CompileStyle, solved: Solved) -> str:
    """Name the packages that were left out although they are needed."""
    names = [name for name in style.omit if any(one.name == name for one in solved.locked)]
    if not names or style.annotations is None:
        return ""
    listed = "".join(f"# {name}\n" for name in names)
    return f"\n# The following packages were excluded from the output:\n{listed}"


def _pylock(request: CompileRequest, solved: Solved, tools: Tools) -> str:
    making = Making(
        folder=request.style.folder,
        indexes=tools.settings.indexes,
        fits=lambda version, file: fits(version, file, solved),
        no_binary=tools.settings.resolving.no_binary,
        no_build=_no_build(tools),
        untold=_known_to_all(),
    )
    kept = [one for one in solved.locked if one.name not in request.style.omit]
    told = [msgspec.structs.replace(one, digests=_of_url(one, tools), given=given_text(one, solved)) for one in kept]
    packages = tuple(to_package(one, making) for one in told)
    return write_pylock(Pylock(packages, solved.requires_python))


def _known_to_all() -> IndexId:
    """Give the index of this build: files of any other must say whose they are, or nobody knows which key they need."""
    return IndexId(canonical(parse_url(DEFAULT_INDEX).url))


def _of_url(version: Locked, tools: Tools) -> tuple[Digest, ...]:
    return digests_of(version, {}, tools) if isinstance(version.source, FromUrl) else ()


def fits(version: Locked, file: File, solved: Solved) -> bool:
    """Say whether a wheel can be used by whom was resolved for, where its version is needed."""
    name = parse_wheel_name(file.filename)
    rank = solved.tags.fit(*(".".join(part) for part in (name.pythons, name.abis, name.platforms)))
    return not isinstance(rank, Mismatch) and is_reachable(name.platforms, diagram(version.marker))


_NOT_IN_A_LOCK = {
    "emit-marker-expression": "emit_markers",
    "emit-index-url": "emit_indexes",
    "emit-find-links": "emit_links",
    "emit-build-options": "emit_build_options",
    "emit-index-annotation": "emit_index_comments",
}


def _untold(style: CompileStyle) -> tuple[str, ...]:
    return tuple(
        f"The `--{flag}` option is not supported for `pylock.toml` output"
        for flag, name in _NOT_IN_A_LOCK.items()
        if getattr(style, name)
    )
