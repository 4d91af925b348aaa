"""The inline tables of uv.lock as text: sources, files, requirements, edges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from packaging.markers import Marker
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from keyrack.values.artifact import parse_version
from keyrack.values.conflicts import ConflictItem
from keyrack.values.late import pattern
from keyrack.values.lock import (
    AllGroups,
    DefaultGroups,
    LockedArchive,
    LockedDependency,
    LockedFile,
    LockedGit,
    LockedRegistry,
    LockedRequirement,
    LockedSource,
    LockedTree,
    LockedUrl,
    RequiredFromIndex,
    RequiredSource,
    ScopedExclude,
    ScopedOverride,
)
from keyrack.values.names import PackageName
from keyrack.values.url import Url

Pairs = Iterable[tuple[str, str]]

_BARE = pattern(r"[A-Za-z0-9_-]+\Z")
_ESCAPED = pattern(r"[\x00-\x1f\x7f\"\\]")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_VALUE = pattern(r'"([^"]*)"')


def string(value: str) -> str:
    """Write a string as toml_edit does: literal where quotes would have to be escaped and nothing forbids it."""
    if not _ESCAPED.search(value):
        return f'"{value}"'
    if "'" not in value and not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        return f"'{value}'"
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}"), value) + '"'


def strings(values: Iterable[str]) -> str:
    """Write an array of strings on one line."""
    return f"[{', '.join(map(string, values))}]"


def key(name: str) -> str:
    """Write a key, quoted where it must be."""
    return name if _BARE.match(name) else string(name)


def table(pairs: Pairs) -> str:
    """Write an inline table; the values are text already."""
    inside = ", ".join(f"{name} = {value}" for name, value in pairs)
    return f"{{ {inside} }}" if inside else "{}"


def marker_text(marker: Marker) -> str:
    """Write a marker with uv's quotes: single ones, but around a value that has one."""
    return _VALUE.sub(lambda found: found[0] if "'" in found[1] else f"'{found[1]}'", str(marker))


def clauses(specifier: SpecifierSet) -> list[str]:
    """Write the clauses of a specifier in uv's order: by version. The set itself keeps no order."""
    return [str(each) for each in sorted(specifier, key=_by_version)]


def _by_version(clause: Specifier) -> tuple[Version, str]:
    return parse_version(clause.version.removesuffix(".*")), clause.operator


def default_groups(groups: DefaultGroups) -> str:
    """Write `default-groups`."""
    return string("all") if isinstance(groups, AllGroups) else strings(groups)


def source_table(source: LockedSource) -> str:
    """Write where a package comes from."""
    if isinstance(source, LockedRegistry):
        place = source.path if source.url is None else _exact(source.url)
        return table((("registry", string(place)),))
    return table(_elsewhere(source))


def _elsewhere(source: LockedGit | LockedUrl | LockedArchive | LockedTree) -> Pairs:
    match source:
        case LockedGit():
            yield "git", string(_exact(source.url))
        case LockedUrl():
            yield "url", string(_exact(source.url))
            if source.subdirectory:
                yield "subdirectory", string(source.subdirectory)
        case LockedArchive():
            yield "path", string(source.path)
        case LockedTree():
            yield source.kind.value, string(source.path)
        case _:
            assert_never(source)


def _exact(url: Url) -> str:
    return f"{url.exact}#{url.fragment}" if url.fragment else url.exact


def file_table(file: LockedFile, source: LockedSource | None) -> str:
    """Write a wheel or an sdist; an sdist that is its package's `source` says no more than its hash."""
    return table(_file(file, is_source=isinstance(source, LockedUrl | LockedArchive)))


def _file(file: LockedFile, *, is_source: bool) -> Pairs:
    if file.url is not None:
        yield "url", string(_exact(file.url))
    elif file.path:
        yield "path", string(file.path)
    elif file.filename and not is_source:
        yield "filename", string(file.filename)
    if file.digest is not None:
        yield "hash", string(str(file.digest))
    if file.size is not None:
        yield "size", str(file.size)
    if file.upload_time:
        yield "upload-time", string(file.upload_time)


def dependency_table(dependency: LockedDependency, *, is_alone: bool) -> str:
    """Write an edge; of a package that is alone of its name, only the name."""
    return table(_dependency(dependency, is_alone=is_alone))


def _dependency(dependency: LockedDependency, *, is_alone: bool) -> Pairs:
    yield "name", string(dependency.id.name)
    if not is_alone:
        if dependency.id.version is not None:
            yield "version", string(str(dependency.id.version))
        yield "source", source_table(dependency.id.source)
    if dependency.extras:
        yield "extra", strings(dependency.extras)
    if dependency.marker is not None:
        yield "marker", string(marker_text(dependency.marker))


def requirement_table(requirement: LockedRequirement) -> str:
    """Write a requirement as a project wrote it."""
    return table(_requirement(requirement))


def _requirement(requirement: LockedRequirement) -> Pairs:
    yield "name", string(requirement.name)
    if requirement.extras:
        yield "extras", strings(requirement.extras)
    if requirement.groups:
        yield "groups", strings(requirement.groups)
    if requirement.marker is not None:
        yield "marker", string(marker_text(requirement.marker))
    yield from _required_source(requirement.source)


def _required_source(source: RequiredSource) -> Pairs:
    if not isinstance(source, RequiredFromIndex):
        yield from _elsewhere(source)
        return
    if source.specifier:
        yield "specifier", string(",".join(clauses(source.specifier)))
    if source.index is not None:
        yield "index", string(_exact(source.index))
    if source.conflict is not None:
        yield "conflict", conflict_table(source.conflict)


def conflict_table(item: ConflictItem) -> str:
    """Write what conflicts."""
    parts = (("package", item.package), ("extra", item.extra), ("group", item.group))
    return table((name, string(value)) for name, value in parts if value)


def override_table(override: LockedRequirement | ScopedOverride) -> str:
    """Write an override: a requirement, or those of one package."""
    if isinstance(override, LockedRequirement):
        return requirement_table(override)
    inside = ", ".join(map(requirement_table, override.dependencies))
    return table((("package", _scope(override.package, override.version)), ("dependencies", f"[{inside}]")))


def exclude_value(exclude: PackageName | ScopedExclude) -> str:
    """Write an exclude: a name, or names in the requirements of one package."""
    if isinstance(exclude, str):
        return string(exclude)
    package = _scope(exclude.package, exclude.version)
    return table((("package", package), ("dependencies", strings(exclude.dependencies))))


def _scope(name: PackageName, version: Version | None) -> str:
    pairs = [("name", string(name))]
    if version is not None:
        pairs.append(("version", string(str(version))))
    return table(pairs)
