"""`Lock` -> uv.lock: the very bytes that uv writes. Its layout is its own: no library of TOML writes it like this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.formats.uv_lock_inline import (
    clauses,
    conflict_table,
    default_groups,
    dependency_table,
    exclude_value,
    file_table,
    key,
    marker_text,
    override_table,
    requirement_table,
    source_table,
    string,
    strings,
    table,
)
from keyrack.values.lock import (
    REVISION,
    VERSION,
    Lock,
    LockedCutoff,
    LockedDependency,
    LockedPackage,
    LockManifest,
    LockOptions,
    StaticMetadata,
)
from keyrack.values.names import GroupName, PackageName
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode

T = TypeVar("T")

_PLACEHOLDER = "0001-01-01T00:00:00Z"
_NO_EFFECT = (
    " # This has no effect and is included for backwards compatibility when using relative exclude-newer values."
)
Lines = Iterator[str]


def render_lock(lock: Lock) -> str:
    """Write a lock as revision 5. It holds no credentials: no value of ours that could be written has any."""
    counts = Counter(package.id.name for package in lock.packages)
    lines = [*_head(lock), *_options(lock.options), *_manifest(lock.manifest)]
    for package in lock.packages:
        lines += _package(package, counts)
    return "\n".join(lines) + "\n"


def _head(lock: Lock) -> Lines:
    yield f"version = {VERSION}"
    yield f"revision = {REVISION}"
    yield f"requires-python = {string(_range(lock.requires_python))}"
    yield from _markers("resolution-markers", lock.resolution_markers)
    yield from _markers("supported-markers", lock.supported_markers)
    yield from _markers("required-markers", lock.required_markers)
    if lock.conflicts:
        sets = ("[\n" + "".join(f"    {conflict_table(item)},\n" for item in each) + "]" for each in lock.conflicts)
        yield f"conflicts = [{', '.join(sets)}]"


def _range(specifier: SpecifierSet) -> str:
    """Write a Python range as uv does, which is otherwise than it writes the versions of a requirement."""
    return ", ".join(clauses(specifier))


def _markers(name: str, markers: tuple[Marker, ...]) -> Lines:
    if markers:
        yield from _opened(name, markers, lambda marker: string(marker_text(marker)))


def _opened(name: str, values: Iterable[T], write: Callable[[T], str]) -> Lines:
    """Write an array with a line for each element; one without elements is not opened."""
    found = [f"    {write(value)}," for value in values]
    if not found:
        yield f"{name} = []"
        return
    yield f"{name} = ["
    yield from found
    yield "]"


def _closed(name: str, values: tuple[T, ...], write: Callable[[T], str]) -> Lines:
    """Write an array on one line, as long as it has one element."""
    if len(values) > 1:
        yield from _opened(name, values, write)
    else:
        yield f"{name} = [{''.join(map(write, values))}]"


def _options(options: LockOptions) -> Lines:
    if options == LockOptions():
        return
    yield ""
    yield "[options]"
    if options.resolution is not ResolutionMode.HIGHEST:
        yield f"resolution-mode = {string(options.resolution.value)}"
    if options.prerelease is not PrereleaseMode.IF_NECESSARY:
        yield f"prerelease-mode = {string(options.prerelease.value)}"
    if options.fork_strategy is not ForkStrategy.REQUIRES_PYTHON:
        yield f"fork-strategy = {string(options.fork_strategy.value)}"
    if options.minimum_libc:
        yield f"minimum-libc-version = {table((name, string(version)) for name, version in options.minimum_libc)}"
    if options.exclude_newer is not None and options.exclude_newer.span:
        yield f"exclude-newer = {string(_PLACEHOLDER)}{_NO_EFFECT}"
        yield f"exclude-newer-span = {string(options.exclude_newer.span)}"
    elif options.exclude_newer is not None:
        yield f"exclude-newer = {string(options.exclude_newer.instant)}"
    if options.prerelease_package:
        yield ""
        yield "[options.prerelease-package]"
        yield from (f"{key(name)} = {string(mode.value)}" for name, mode in options.prerelease_package)
    if options.exclude_newer_package:
        yield ""
        yield "[options.exclude-newer-package]"
        yield from (f"{key(name)} = {_cutoff(cutoff)}" for name, cutoff in options.exclude_newer_package)


def _cutoff(cutoff: LockedCutoff) -> str:
    if cutoff.span:
        return table((("timestamp", string(_PLACEHOLDER)), ("span", string(cutoff.span))))
    return string(cutoff.instant) if cutoff.instant else "false"


def _manifest(manifest: LockManifest) -> Lines:
    lines = tuple(_manifest_values(manifest))
    if lines:
        # uv writes no header of a table that has only tables
        yield from ("", "[manifest]", *lines)
    if manifest.groups:
        yield ""
        yield "[manifest.dependency-groups]"
        for name, requirements in manifest.groups:
            yield from _closed(key(name), requirements, requirement_table)
    yield from _ranges("manifest", manifest.group_requires_python)
    for metadata in manifest.metadata:
        yield from _static_metadata(metadata)


def _manifest_values(manifest: LockManifest) -> Lines:
    if manifest.members:
        yield from _opened("members", manifest.members, string)
    if manifest.default_groups is not None:
        yield f"default-groups = {default_groups(manifest.default_groups)}"
    if manifest.requirements:
        yield from _closed("requirements", manifest.requirements, requirement_table)
    if manifest.constraints:
        yield from _closed("constraints", manifest.constraints, requirement_table)
    if manifest.overrides:
        yield from _closed("overrides", manifest.overrides, override_table)
    if manifest.excludes:
        yield from _closed("excludes", manifest.excludes, exclude_value)
    if manifest.build_constraints:
        yield from _closed("build-constraints", manifest.build_constraints, requirement_table)


def _ranges(inside: str, ranges: tuple[tuple[GroupName, SpecifierSet], ...]) -> Lines:
    if ranges:
        yield ""
        yield f"[{inside}.group-requires-python]"
        yield from (f"{key(name)} = {string(_range(found))}" for name, found in ranges)


def _static_metadata(metadata: StaticMetadata) -> Lines:
    yield ""
    yield "[[manifest.dependency-metadata]]"
    yield f"name = {string(metadata.name)}"
    if metadata.version is not None:
        yield f"version = {string(str(metadata.version))}"
    if metadata.requires_dist:
        yield f"requires-dist = {strings(metadata.requires_dist)}"
    if metadata.requires_python is not None:
        yield f"requires-python = {string(_range(metadata.requires_python))}"
    if metadata.provides_extras:
        yield f"provides-extras = {strings(metadata.provides_extras)}"


def _package(package: LockedPackage, counts: Counter[PackageName]) -> Lines:
    def edge(dependency: LockedDependency) -> str:
        return dependency_table(dependency, is_alone=counts[dependency.id.name] == 1)

    yield ""
    yield "[[package]]"
    yield f"name = {string(package.id.name)}"
    if package.id.version is not None:
        yield f"version = {string(str(package.id.version))}"
    yield f"source = {source_table(package.id.source)}"
    if package.default_groups is not None:
        yield f"default-groups = {default_groups(package.default_groups)}"
    yield from _markers("resolution-markers", package.resolution_markers)
    if package.dependencies:
        yield from _opened("dependencies", package.dependencies, edge)
    if package.sdist is not None:
        yield f"sdist = {file_table(package.sdist, package.id.source)}"
    if package.wheels:
        yield from _opened("wheels", package.wheels, lambda file: file_table(file, None))
    yield from _edges("optional-dependencies", package.optional, edge)
    yield from _edges("dev-dependencies", package.groups, edge)
    yield from _ranges("package", package.group_requires_python)
    yield from _metadata(package)


def _edges(
    name: str,
    parts: Iterable[tuple[str, tuple[LockedDependency, ...]]],
    write: Callable[[LockedDependency], str],
) -> Lines:
    found = list(parts)
    if found:
        yield ""
        yield f"[package.{name}]"
        for part, dependencies in found:
            yield from _opened(key(part), dependencies, write)


def _metadata(package: LockedPackage) -> Lines:
    metadata = package.metadata
    if metadata.requires_dist or metadata.provides_extras or metadata.requires_dev:
        yield ""
        yield "[package.metadata]"
        if metadata.requires_dist:
            yield from _closed("requires-dist", metadata.requires_dist, requirement_table)
        if metadata.provides_extras:
            yield f"provides-extras = {strings(metadata.provides_extras)}"
    if metadata.requires_dev:
        yield ""
        yield "[package.metadata.requires-dev]"
        for name, requirements in metadata.requires_dev:
            yield from _closed(key(name), requirements, requirement_table)
