"""Requirements as a lock writes them: normalised, with paths from its folder, in uv's order."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import assert_never
from urllib.parse import urlencode

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.policy.markers.algebra import diagram, order, to_marker
from keyrack.values.artifact import parse_version
from keyrack.values.conflicts import ConflictItem
from keyrack.values.index import Indexes
from keyrack.values.lock import (
    LockedArchive,
    LockedGit,
    LockedRequirement,
    LockedTree,
    LockedUrl,
    RequiredFromIndex,
    RequiredSource,
    TreeKind,
)
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement
from keyrack.values.url import Url, local_path

_OPERATORS = ("==", "===", "!=", "~=", "<", "<=", ">", ">=")
_SOURCES = (RequiredFromIndex, LockedUrl, LockedGit, LockedArchive, LockedTree)


class Placing(msgspec.Struct, frozen=True):
    """Where the lock lies (an absolute folder with `/` between its parts), and the indexes of the run."""

    root: str
    indexes: Indexes

    def relative(self, path: str) -> str:
        """Write a path from the lock's folder."""
        return posixpath.relpath(path.replace("\\", "/"), self.root)


def required(
    requirements: Iterable[Requirement],
    placing: Placing,
    conflict_of: Callable[[Requirement], ConflictItem | None] = lambda _one: None,
) -> tuple[LockedRequirement, ...]:
    """Write requirements, each once and in order."""
    found = {locked_requirement(one, placing, conflict_of(one)) for one in requirements}
    return tuple(sorted(found, key=requirement_order))


def locked_requirement(one: Requirement, placing: Placing, conflict: ConflictItem | None = None) -> LockedRequirement:
    """Write a requirement."""
    return LockedRequirement(
        one.name,
        tuple(sorted(one.extras)),
        tuple(sorted(one.groups)),
        to_marker(diagram(one.marker)),
        _source(one, placing, conflict),
    )


def _source(one: Requirement, placing: Placing, conflict: ConflictItem | None) -> RequiredSource:
    source = one.source
    match source:
        case FromIndex(index=index):
            known = None if index is None else placing.indexes.by_id(index)
            return RequiredFromIndex(one.specifier, None if known is None else known.url, conflict)
        case FromUrl(url=url, subdirectory=subdirectory):
            if url.scheme == "file":
                return LockedArchive(placing.relative(local_path(url)))
            return LockedUrl(_bare(url), subdirectory)
        case FromTree():
            return LockedTree(placing.relative(source.path), tree_kind(source))
        case FromGit():
            return LockedGit(git_url(source))
        case _:
            assert_never(source)


def tree_kind(source: FromTree) -> TreeKind:
    """Say what is done with a source tree."""
    if source.virtual:
        return TreeKind.VIRTUAL
    return TreeKind.EDITABLE if source.editable else TreeKind.DIRECTORY


def git_url(source: FromGit) -> Url:
    """Write what was asked of a repository into the query of its URL, and the commit into the fragment."""
    pairs = [("subdirectory", source.subdirectory)] if source.subdirectory else []
    pairs += [("lfs", "true")] if source.lfs else []
    pairs += [(source.kind.value, source.revision)] if source.revision else []
    return msgspec.structs.replace(source.url, query=urlencode(pairs), fragment=source.commit)


def _bare(url: Url) -> Url:
    return msgspec.structs.replace(url, fragment="")


def requirement_order(one: LockedRequirement) -> tuple[object, ...]:
    """Give a key to sort requirements by: name, extras, groups, marker, then source (uv)."""
    return one.name, one.extras, one.groups, order(diagram(one.marker)), _source_order(one.source)


def _source_order(source: RequiredSource) -> tuple[object, ...]:
    rank = _SOURCES.index(type(source))
    match source:
        case RequiredFromIndex(specifier=specifier, index=index, conflict=conflict):
            return (
                rank,
                _clauses(specifier),
                "" if index is None else index.exact,
                () if conflict is None else (conflict,),
            )
        case LockedUrl(url=url, subdirectory=subdirectory):
            return rank, url.exact, subdirectory
        case LockedGit(url=url):
            return rank, url.exact
        case LockedArchive(path=path):
            return rank, path
        case LockedTree(path=path, kind=kind):
            return rank, path, kind.value
        case _:
            assert_never(source)


def _clauses(specifier: SpecifierSet) -> tuple[object, ...]:
    found = ((_OPERATORS.index(one.operator), parse_version(one.version.removesuffix(".*"))) for one in specifier)
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
