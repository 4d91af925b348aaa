"""From a resolution to the lines of a compiled file: which package with which extras, marker, hashes, and who asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.index.choose import FileRules
from keyrack.policy.markers.algebra import Diagram, text, within_python
from keyrack.values.artifact import Digest, File
from keyrack.values.compiled import CompiledLine
from keyrack.values.graph import Resolution, UniversalResolution
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex, FromTree, FromUrl, RequirementSource

ALGORITHMS = ("md5", "sha256", "sha384", "sha512", "blake2b")
"""The hashes that requirements files may have, in the order in which they are listed."""


class Node(msgspec.Struct, frozen=True):
    """A package, or one of its extras, at one version. `marker` is where it is needed, "" for everywhere.

    `parents` are the packages that need it; `place` is that of its pin in the resolution. `given` is the path of a
    local source as the user wrote it.
    """

    name: PackageName
    version: Version
    source: RequirementSource
    extra: ExtraName = ExtraName("")
    marker: str = ""
    parents: frozenset[PackageName] = frozenset()
    place: int = 0
    digests: tuple[Digest, ...] = ()
    index: str = ""
    given: str = ""


class Shape(msgspec.Struct, frozen=True):
    """How lines are made: packages to `omit`, whether extras, markers and hashes are told.

    `sources` are the places that name each package; None where nobody is told who asked.
    """

    omit: frozenset[PackageName] = frozenset()
    with_extras: bool = False
    with_markers: bool = False
    sources: Mapping[PackageName, tuple[str, ...]] | None = None


def nodes_of(resolution: Resolution) -> list[Node]:
    """Give the nodes of one environment's resolution, without markers."""
    nodes = []
    for place, pin in enumerate(resolution.pins):
        parents = frozenset(PackageName(name) for name in pin.required_by if name)
        parts = (ExtraName(""), *sorted(pin.extras))
        nodes += [Node(pin.name, pin.version, pin.source, extra, parents=parents, place=place) for extra in parts]
    return nodes


def universal_nodes(resolution: UniversalResolution[Diagram], pythons: SpecifierSet) -> list[Node]:
    """Give the nodes of a resolution for all environments; their markers do not repeat the range of `pythons`."""
    parents: dict[tuple[int, ExtraName], set[PackageName]] = {}
    for pin in resolution.pins:
        for edge in pin.edges:
            if resolution.pins[edge.pin].name != pin.name:
                parents.setdefault((edge.pin, edge.to_extra), set()).add(pin.name)
    nodes = []
    for place, pin in enumerate(resolution.pins):
        nodes += [
            Node(
                pin.name,
                pin.version,
                pin.source,
                extra,
                text(within_python(marker, pythons)),
                frozenset(parents.get((place, extra), ())),
                place,
            )
            for extra, marker in ((ExtraName(""), pin.marker), *pin.extras)
        ]
    return nodes


def universal_warnings(resolution: UniversalResolution[Diagram]) -> tuple[str, ...]:
    """Tell of extras that do not exist, and of versions that were taken back (PEP 592)."""
    found = list[str]()
    for pin in resolution.pins:
        what = f"{pin.name}=={pin.version}"
        yanks = [file.yanked for file in pin.files]
        if yanks and False not in yanks:
            why = next((reason for reason in yanks if isinstance(reason, str) and reason), "")
            found.append(f"`{what}` is yanked" + (f' (reason: "{why}")' if why else ""))
        found += [
            f"The package `{what}` does not have an extra named `{extra}`"
            for extra, _ in pin.extras
            if extra not in pin.metadata.extras
        ]
    return tuple(found)


def visible_files(files: Iterable[File], name: PackageName, rules: FileRules) -> tuple[File, ...]:
    """Leave out the files that a date hides: they do not exist for this run."""
    return tuple(file for file in files if not is_hidden(file, rules.cutoff(name, file.origin)))


def is_hidden(file: File, cutoff: datetime | None) -> bool:
    """Say whether a file is too new, or does not say how old it is."""
    if cutoff is None or file.origin is None:
        return False
    try:
        uploaded = datetime.fromisoformat(file.upload_time or "")
    except ValueError:
        return True
    return (uploaded if uploaded.tzinfo else uploaded.replace(tzinfo=UTC)) >= cutoff


def compiled_lines(nodes: Iterable[Node], shape: Shape) -> tuple[CompiledLine, ...]:
    """Join the nodes of a package into one line, or, with extras, into one for each marker; editables come first."""
    joined: dict[tuple[object, ...], list[Node]] = {}
    for node in nodes:
        if node.name not in shape.omit:
            own = node.marker if shape.with_extras else (node.version, _url(node.source))
            joined.setdefault((node.name, own), []).append(node)
    lines = [_line(some, shape) for some in joined.values()]
    lines.sort(key=_order)
    return tuple(lines)


def file_digests(files: Iterable[File]) -> tuple[Digest, ...]:
    """Give the hashes of files that may stand in a requirements file, sorted, each once."""
    found = {digest for file in files for digest in file.digests if digest.algorithm in ALGORITHMS}
    return tuple(sorted(found, key=lambda digest: (ALGORITHMS.index(digest.algorithm), digest.value)))


def _line(nodes: list[Node], shape: Shape) -> CompiledLine:
    first = nodes[0]
    parents = frozenset[PackageName]().union(*(node.parents for node in nodes))
    is_told = shape.sources is not None
    return CompiledLine(
        name=first.name,
        version=first.version,
        source=first.source,
        extras=tuple(sorted({node.extra for node in nodes if node.extra})) if shape.with_extras else (),
        marker=first.marker if shape.with_markers else "",
        digests=first.digests,
        sources=(shape.sources or {}).get(first.name, ()),
        dependents=tuple(sorted(parents)) if is_told else (),
        index=first.index,
        given=first.given,
    )


def _order(line: CompiledLine) -> tuple[object, ...]:
    url = line.given or _url(line.source)
    if isinstance(line.source, FromTree) and line.source.editable:
        return 0, url, line.version
    return 1, line.name, line.version, url, line.extras


def _url(source: RequirementSource) -> str:
    match source:
        case FromIndex():
            return ""
        case FromTree(path=path):
            return path
        case FromUrl(url=url):
            return url.exact
        case _:
            return f"{source.url.exact}@{source.commit or source.revision}"
