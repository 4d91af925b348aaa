"""One entry of `[tool.uv.sources]`: an index, a repository, an archive, a path, or a member of a workspace."""

from __future__ import annotations

import posixpath
import re

import msgspec

from keyrack.errors import InvalidText, NotYet
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.requirement_url import from_reference
from keyrack.formats.settings_shapes import SourceTable
from keyrack.formats.text_fault import Fault, failed_to_parse
from keyrack.values.layer import SourceEntry
from keyrack.values.names import extra_name, group_name, index_name, package_name
from keyrack.values.requirement import FromGit, FromTree, FromUrl, RevisionKind

_KINDS = ("index", "git", "url", "path", "workspace")
_GIT_ONLY = ("rev", "tag", "branch", "lfs")


def parse_source(name: str, table: SourceTable, folder: str) -> SourceEntry:
    """Read an entry; relative paths start at `folder`. `InvalidText` where it is none, or says what does not fit."""
    kinds = [kind for kind in _KINDS if getattr(table, kind) is not None]
    if kinds == ["git", "path"]:
        raise NotYet("This version of keyrack takes no archives out of repositories")
    if len(kinds) != 1:
        told = f"both `{kinds[0]}` and `{kinds[1]}`" if kinds else "none of `git`, `url`, `path`, `index`, `workspace`"
        raise InvalidText(f"expected one source, found {told}")
    kind = kinds[0]
    _check_fit(table, kind)
    try:
        marker = str(parse_marker(table.marker)) if table.marker else ""
    except Fault as fault:
        raise failed_to_parse(table.marker, fault) from fault
    return SourceEntry(
        name=package_name(name),
        kind=kind,
        index=None if table.index is None else index_name(table.index),
        marker=marker,
        extra=None if table.extra is None else extra_name(table.extra),
        group=None if table.group is None else group_name(table.group),
        source=_source(table, folder),
        workspace=posixpath.normpath(posixpath.join(folder, table.workspace))
        if isinstance(table.workspace, str)
        else "",
        editable=table.editable if kind == "workspace" else None,
        written=table.path or "",
    )


def _check_fit(table: SourceTable, kind: str) -> None:
    """Refuse words of another kind of source."""
    for word in _GIT_ONLY if kind != "git" else ():
        if getattr(table, word) is not None:
            raise InvalidText(f"`{word}` is only valid for `git` sources")
    if table.subdirectory is not None and kind not in ("git", "url"):
        raise InvalidText("`subdirectory` is only valid for `git` and `url` sources")
    if table.editable is not None and kind not in ("path", "workspace"):
        raise InvalidText("`editable` is only valid for `path` and `workspace` sources")
    if table.package is not None and kind != "path":
        raise InvalidText("`package` is only valid for `path` sources")
    if table.workspace is False:
        raise InvalidText("`workspace = false` is not yet supported")


def _source(table: SourceTable, folder: str) -> FromUrl | FromTree | FromGit | None:
    if table.git is not None:
        return _from_git(table, table.git)
    if table.url is not None:
        return _from_url(table, table.url)
    return None if table.path is None else _from_path(table, table.path, folder)


def _from_git(table: SourceTable, text: str) -> FromGit:
    said = [(kind, getattr(table, kind.value)) for kind in RevisionKind if getattr(table, kind.value) is not None]
    if len(said) > 1:
        raise InvalidText("expected at most one of `rev`, `tag`, or `branch`")
    found = _read(f"git+{text.removeprefix('git+')}", "")
    kind, revision = said[0] if said else (RevisionKind.ANY, "")
    if not isinstance(found, FromGit) or (found.revision and revision):
        raise InvalidText("the URL of a `git` source names no revision: use `rev`, `tag` or `branch`")
    return msgspec.structs.replace(
        found,
        revision=revision or found.revision,
        kind=kind,
        subdirectory=(table.subdirectory or found.subdirectory).strip("/"),
        lfs=found.lfs if table.lfs is None else table.lfs,
    )


def _from_url(table: SourceTable, text: str) -> FromUrl:
    if "#" in text:
        raise InvalidText(f"Fragments are not allowed in URLs: `{text.partition('#')[0]}`")
    found = _read(text, "") if re.match(r"[a-z]{2,}:", text) else None
    if not isinstance(found, FromUrl):
        raise InvalidText("expected the URL of an archive", hints=("Use `git` or `path` for other sources",))
    return msgspec.structs.replace(found, subdirectory=(table.subdirectory or "").strip("/"))


def _from_path(table: SourceTable, text: str, folder: str) -> FromUrl | FromTree | FromGit:
    if re.match(r"[a-z+]{2,}:", text):
        raise InvalidText("expected a path", hints=("Use `url` or `git` for URLs",))
    found = _read(posixpath.normpath(posixpath.join(folder, text)), folder)
    if isinstance(found, FromTree):
        return msgspec.structs.replace(
            found, editable=table.editable, virtual=None if table.package is None else not table.package
        )
    for word in ("editable", "package"):
        if getattr(table, word):
            raise InvalidText(f"Source with `{word} = true` must refer to a local directory, not a file: `{text}`")
    return found


def _read(text: str, folder: str) -> FromUrl | FromTree | FromGit:
    try:
        return from_reference(text, folder)[0]
    except Fault as fault:
        raise InvalidText(fault.message) from fault
