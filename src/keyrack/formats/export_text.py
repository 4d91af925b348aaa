"""What a lock is exported to as requirements.txt: a line for each package, with its hashes and who needs it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import assert_never
from urllib.parse import parse_qsl

import msgspec
from packaging.markers import Marker

from keyrack.formats.uv_lock_inline import marker_text
from keyrack.values.lock import (
    LockedArchive,
    LockedGit,
    LockedPackage,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.names import PackageName


class ExportLine(msgspec.Struct, frozen=True):
    """One package to write: where it is needed, who needs it, and whether a tree is written as editable."""

    package: LockedPackage
    marker: Marker | None = None
    required_by: tuple[PackageName, ...] = ()
    editable: bool | None = None


def render_export(lines: Iterable[ExportLine], *, with_hashes: bool = True, annotated: bool = True) -> str:
    """Write the lines in order: trees and archives on this disk first, then the others by name."""
    written = [(_order(line), _line(line, with_hashes=with_hashes, annotated=annotated)) for line in lines]
    return "".join(text for _order_, text in sorted(written))


def _line(line: ExportLine, *, with_hashes: bool, annotated: bool) -> str:
    text = _requirement(line)
    if line.marker is not None:
        text += f" ; {marker_text(line.marker)}"
    if with_hashes:
        text += "".join(f" \\\n    --hash={digest}" for digest in _digests(line.package))
    text += "\n"
    if annotated and len(line.required_by) == 1:
        text += f"    # via {line.required_by[0]}\n"
    elif annotated and line.required_by:
        text += "    # via\n" + "".join(f"    #   {name}\n" for name in line.required_by)
    return text


def _digests(package: LockedPackage) -> list[str]:
    files = (*package.wheels, *((package.sdist,) if package.sdist is not None else ()))
    return sorted(str(file.digest) for file in files if file.digest is not None)


def _order(line: ExportLine) -> tuple[object, ...]:
    source = line.package.id.source
    if isinstance(source, LockedTree | LockedArchive):
        return (1, _place(source.path)) if not _is_editable(line) else (0, _place(source.path))
    version = line.package.id.version
    return (2, line.package.id.name, version) if version is not None else (2, line.package.id.name)


def _is_editable(line: ExportLine) -> bool:
    source = line.package.id.source
    if not isinstance(source, LockedTree):
        return False
    return source.kind is TreeKind.EDITABLE if line.editable is None else line.editable


def _requirement(line: ExportLine) -> str:
    own = line.package.id
    match own.source:
        case LockedRegistry():
            return f"{own.name}=={own.version}"
        case LockedGit(url=url):
            asked = dict(parse_qsl(url.query))
            place = f"git+{url.bare}@{url.fragment}"
            return f"{own.name} @ {place}" + (
                f"#subdirectory={asked['subdirectory']}" if "subdirectory" in asked else ""
            )
        case LockedUrl(url=url, subdirectory=subdirectory):
            return f"{own.name} @ {url.exact}" + (f"#subdirectory={subdirectory}" if subdirectory else "")
        case LockedArchive(path=path):
            return _place(path)
        case LockedTree(path=path):
            return f"-e {_place(path)}" if _is_editable(line) else _place(path)
        case _:
            assert_never(own.source)


def _place(path: str) -> str:
    """Write a path so that it is taken for one."""
    if path == "." or path.startswith(("../", "./")) or posixpath.isabs(path):
        return path
    return f"./{path}"
