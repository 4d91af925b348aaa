"""Compiled requirements as text: one pinned package after the other, hashes and comments below (uv's layout)."""

from __future__ import annotations

from collections.abc import Iterable

from keyrack.values.compiled import CompiledLine
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import AnnotationStyle

_COLUMN = 24
"""Where a comment on the line of its requirement stands at the earliest."""


def write_requirements(lines: Iterable[CompiledLine], style: AnnotationStyle) -> str:
    """Write all lines, each with its end; no line has spaces at its end."""
    return "".join(_block(line, style) for line in lines)


def requirement_text(line: CompiledLine) -> str:
    """Write a package as a requirement, its marker behind it; a path stands alone, as it cannot stand behind a name."""
    source, marker = line.source, f" ; {line.marker}" if line.marker else ""
    if isinstance(source, FromTree) and source.editable:
        return f"-e {line.given or _file_url(source.path)}"
    if line.given and not line.given.startswith("file:"):
        return f"{line.given}{marker}"
    extras = f"[{', '.join(sorted(line.extras))}]" if line.extras else ""
    match source:
        case FromIndex():
            return f"{line.name}{extras}=={line.version}{marker}"
        case FromTree(path=path):
            return f"{line.name}{extras} @ {line.given or _file_url(path)}{marker}"
        case _:
            return f"{line.name}{extras} @ {line.given or source_text(source)}{marker}"


def source_text(source: FromUrl | FromGit) -> str:
    """Write where a package comes from as a URL, without credentials; a repository with its commit."""
    subdirectory = f"#subdirectory={source.subdirectory}" if source.subdirectory else ""
    if isinstance(source, FromUrl):
        return f"{source.url}{subdirectory}"
    commit = source.commit or source.revision
    return f"git+{source.url}{f'@{commit}' if commit else ''}{subdirectory}"


def _file_url(path: str) -> str:
    return f"file://{path}"


def _block(line: CompiledLine, style: AnnotationStyle) -> str:
    text = requirement_text(line) + "".join(f" \\\n    --hash={digest}" for digest in line.digests)
    comment = _split(line) if style is AnnotationStyle.SPLIT else _joined(line)
    if comment and style is AnnotationStyle.LINE:
        gap = "\n    " if line.digests else "  "
        text = f"{text:{_COLUMN}}{gap}{comment}"
    elif comment:
        text = f"{text}\n{comment}"
    index = f"\n    # from {line.index}" if line.index else ""
    return "".join(f"{each.rstrip()}\n" for each in f"{text}{index}".split("\n"))


def _joined(line: CompiledLine) -> str:
    who = (*line.dependents, *line.sources)
    return f"# via {', '.join(who)}" if who else ""


def _split(line: CompiledLine) -> str:
    who = (*line.sources, *line.dependents)
    if len(who) > 1:
        return "\n".join(("    # via", *(f"    #   {each}" for each in who)))
    return f"    # via {who[0]}" if who else ""
