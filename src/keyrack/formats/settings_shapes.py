"""The shapes of tables of settings as they are written: what msgspec checks before anything is read."""

from __future__ import annotations

from typing import Any

import msgspec

from keyrack.formats.build_settings import BuildTable
from keyrack.values.index import AuthPolicy, CacheControl, FileScope, IndexFormat
from keyrack.values.settings import AnnotationStyle, ForkStrategy, KeyringProvider, LinkMode, ResolutionMode

Strings = tuple[str, ...]


class IndexTable(msgspec.Struct, rename="kebab"):
    url: str
    name: str | None = None
    default: bool = False
    explicit: bool = False
    format: IndexFormat = IndexFormat.SIMPLE
    authenticate: AuthPolicy = AuthPolicy.AUTO
    ignore_error_codes: frozenset[int] = frozenset()
    cache_control: CacheControl = CacheControl()
    file_origins: Strings = ()
    file_scope: FileScope = FileScope.ORIGIN
    exclude_newer: str | bool | None = None
    # Known to uv, read by later versions of keyrack:
    publish_url: str | None = None
    hash_algorithm: str | None = None


class SourceTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    index: str | None = None
    git: str | None = None
    url: str | None = None
    path: str | None = None
    workspace: bool | str | None = None
    editable: bool | None = None
    package: bool | None = None
    subdirectory: str | None = None
    rev: str | None = None
    tag: str | None = None
    branch: str | None = None
    lfs: bool | None = None
    marker: str = ""
    extra: str | None = None
    group: str | None = None


class BelievedTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    name: str
    version: str | None = None
    requires_dist: Strings = ()
    requires_python: str | None = None
    provides_extra: Strings = ()
    provides_extras: Strings = ()


class SettingsTable(BuildTable, rename="kebab", forbid_unknown_fields=True, kw_only=True):
    """The keys that are read."""

    index: tuple[IndexTable | str, ...] = ()
    default_index: str | None = None
    index_url: str | None = None
    extra_index_url: Strings = ()
    find_links: Strings = ()
    no_index: bool | None = None
    index_strategy: str | None = None
    keyring_provider: KeyringProvider | None = None
    resolution: ResolutionMode | None = None
    prerelease: str | None = None
    prerelease_package: dict[str, str] | Strings = ()
    upgrade: bool | None = None
    upgrade_package: Strings = ()
    exclude_newer: str | bool | None = None
    exclude_newer_package: dict[str, str | bool] | Strings = ()
    no_build: bool | Strings = ()
    no_build_package: Strings = ()
    no_binary: bool | Strings = ()
    no_binary_package: Strings = ()
    only_binary: Strings = ()
    no_deps: bool | None = None
    require_hashes: bool | None = None
    verify_hashes: bool | None = None
    no_sources: bool | None = None
    no_sources_package: Strings = ()
    reinstall: bool | None = None
    reinstall_package: Strings = ()
    refresh: bool | None = None
    refresh_package: Strings = ()
    link_mode: LinkMode | None = None
    compile_bytecode: bool | None = None
    offline: bool | None = None
    allow_insecure_host: Strings = ()
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: Strings = ()
    cache_dir: str | None = None
    no_cache: bool | None = None
    concurrent_downloads: int | None = None
    concurrent_installs: int | None = None
    required_version: str | None = None
    constraint_dependencies: Strings = ()
    override_dependencies: tuple[Any, ...] = ()
    exclude_dependencies: Strings = ()
    dependency_metadata: tuple[BelievedTable, ...] = ()
    sources: dict[str, SourceTable | tuple[SourceTable, ...]] = msgspec.field(default_factory=dict)
    system: bool | None = None
    break_system_packages: bool | None = None
    python: str | None = None
    python_version: str | None = None
    python_platform: str | None = None
    target: str | None = None
    prefix: str | None = None
    strict: bool | None = None
    extra: Strings = ()
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
    no_emit_package: Strings = ()
    emit_index_url: bool | None = None
    emit_find_links: bool | None = None
    emit_build_options: bool | None = None
    emit_marker_expression: bool | None = None
    emit_index_annotation: bool | None = None
