"""`Layer`: what one place (the command line, the environment, one file) says about a run, before it is weighed."""

from __future__ import annotations

from enum import Enum

import msgspec

from keyrack.values.building import BuildWords
from keyrack.values.cutoff import Cutoff
from keyrack.values.index import AuthPolicy, CacheControl, FileScope, IndexFormat, IndexStrategy
from keyrack.values.metadata import Believed
from keyrack.values.names import ExtraName, GroupName, IndexName, PackageName
from keyrack.values.proxy import Proxy
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement
from keyrack.values.settings import (
    AnnotationStyle,
    ForkStrategy,
    KeyringProvider,
    LinkMode,
    PrereleaseMode,
    ResolutionMode,
)
from keyrack.values.url import Origin, ParsedUrl


class IndexEntry(msgspec.Struct, frozen=True):
    """An index as written: its URL with the userinfo beside it, and whatever else was said of it.

    `exclude_newer` is as in a `Layer`; `written` is a local place as it stood there, "" for one of the web.
    """

    parsed: ParsedUrl
    name: IndexName | None = None
    default: bool = False
    explicit: bool = False
    format: IndexFormat = IndexFormat.SIMPLE
    authenticate: AuthPolicy = AuthPolicy.AUTO
    ignore_error_codes: frozenset[int] = frozenset()
    file_origins: frozenset[Origin] = frozenset()
    file_scope: FileScope = FileScope.ORIGIN
    cache_control: CacheControl = CacheControl()
    exclude_newer: Cutoff | None = None
    place: str = ""
    written: str = ""


class SourceEntry(msgspec.Struct, frozen=True):
    """One entry of `[tool.uv.sources]`. `kind` is the key that names it: `index`, `git`, `url`, `path`, `workspace`.

    `source` is what `git`, `url` and `path` name; paths are absolute. `workspace` is the root of another workspace, ""
    for that of the project itself, and `editable` how its member is installed. `written` is a path as it stands there.
    """

    name: PackageName
    kind: str
    index: IndexName | None = None
    marker: str = ""
    extra: ExtraName | None = None
    group: GroupName | None = None
    source: FromUrl | FromTree | FromGit | None = None
    workspace: str = ""
    editable: bool | None = None
    written: str = ""


class LayerKind(Enum):
    """What kind of place speaks: indexes are searched in this order of kinds (uv)."""

    TOLD = "flags and variables"
    FILE = "settings"
    INPUT = "requirements files"


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One place's word on every setting; None where it says nothing. `place` names it in messages.

    `exclude_newer` is `UNLIMITED` where the place switches it off.
    """

    place: str
    kind: LayerKind = LayerKind.FILE
    index: tuple[IndexEntry, ...] = ()
    default_index: IndexEntry | None = None
    index_url: IndexEntry | None = None
    extra_index_url: tuple[IndexEntry, ...] = ()
    find_links: tuple[IndexEntry, ...] = ()
    no_index: bool | None = None
    index_strategy: IndexStrategy | None = None
    keyring_provider: KeyringProvider | None = None
    resolution: ResolutionMode | None = None
    prerelease: PrereleaseMode | None = None
    prerelease_package: tuple[tuple[PackageName, PrereleaseMode], ...] = ()
    upgrade: bool | None = None
    upgrade_package: tuple[Requirement, ...] = ()
    exclude_newer: Cutoff | None = None
    exclude_newer_package: tuple[tuple[PackageName, Cutoff], ...] = ()
    no_build: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    no_deps: bool | None = None
    require_hashes: bool | None = None
    verify_hashes: bool | None = None
    no_sources: bool | None = None
    no_sources_package: tuple[PackageName, ...] = ()
    reinstall: bool | None = None
    reinstall_package: tuple[PackageName, ...] = ()
    refresh: bool | None = None
    refresh_package: tuple[PackageName, ...] = ()
    link_mode: LinkMode | None = None
    compile_bytecode: bool | None = None
    offline: bool | None = None
    allow_insecure_host: tuple[str, ...] = ()
    http_proxy: Proxy | None = None
    https_proxy: Proxy | None = None
    no_proxy: tuple[str, ...] = ()
    cache_dir: str | None = None
    no_cache: bool | None = None
    concurrent_downloads: int | None = None
    concurrent_installs: int | None = None
    required_version: str | None = None
    constraint_dependencies: tuple[str, ...] = ()
    override_dependencies: tuple[str, ...] = ()
    exclude_dependencies: tuple[PackageName, ...] = ()
    dependency_metadata: tuple[Believed, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    system: bool | None = None
    break_system_packages: bool | None = None
    python: str | None = None
    python_version: str | None = None
    python_platform: str | None = None
    target: str | None = None
    prefix: str | None = None
    strict: bool | None = None
    extra: tuple[ExtraName, ...] = ()
    all_extras: bool | None = None
    allow_empty_requirements: bool | None = None
    output_file: str | None = None
    universal: bool | None = None
    fork_strategy: ForkStrategy | None = None
    generate_hashes: bool | None = None
    no_strip_extras: bool | None = None
    no_strip_markers: bool | None = None
    no_annotate: bool | None = None
    no_header: bool | None = None
    annotation_style: AnnotationStyle | None = None
    custom_compile_command: str | None = None
    no_emit_package: tuple[PackageName, ...] = ()
    emit_index_url: bool | None = None
    emit_find_links: bool | None = None
    emit_build_options: bool | None = None
    emit_marker_expression: bool | None = None
    emit_index_annotation: bool | None = None
    building: BuildWords = BuildWords()
    warnings: tuple[str, ...] = ()
