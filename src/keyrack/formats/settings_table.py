"""One table of settings, as `uv.toml`, `[tool.uv]`, flags and variables all give it, read into a `Layer`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.index_text import parse_index_text, parse_location
from keyrack.values.index import AuthPolicy, CacheControl, FileScope, IndexFormat, IndexStrategy
from keyrack.values.layer import IndexEntry, Layer, SourceEntry
from keyrack.values.names import IndexName, PackageName, extra_name, group_name, index_name, package_name
from keyrack.values.settings import KeyringProvider, LinkMode, PrereleaseMode, ResolutionMode
from keyrack.values.url import parse_url

Strings = tuple[str, ...]


class _IndexTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
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
    # Known to uv, read by later versions of keyrack:
    publish_url: str | None = None
    exclude_newer: str | bool | None = None
    hash_algorithm: str | None = None


class _SourceTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    index: str | None = None
    git: str | None = None
    url: str | None = None
    path: str | None = None
    workspace: bool | None = None
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


class _Table(msgspec.Struct, rename="kebab", forbid_unknown_fields=True, kw_only=True):
    """The keys that are read; those that only later versions read are in `IGNORED_KEYS`."""

    index: tuple[_IndexTable | str, ...] = ()
    default_index: str | None = None
    index_url: str | None = None
    extra_index_url: Strings = ()
    find_links: Strings = ()
    no_index: bool | None = None
    index_strategy: IndexStrategy | None = None
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
    sources: dict[str, _SourceTable | tuple[_SourceTable, ...]] = {}
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


IGNORED_KEYS = frozenset(
    [
        "add-bounds",
        "allow-empty-requirements",
        "annotation-style",
        "audit",
        "build-backend",
        "build-constraint-dependencies",
        "cache-keys",
        "check-url",
        "concurrent-builds",
        "config-settings",
        "config-settings-package",
        "conflicts",
        "custom-compile-command",
        "default-groups",
        "dependency-groups",
        "dependency-metadata",
        "dev-dependencies",
        "emit-build-options",
        "emit-find-links",
        "emit-index-annotation",
        "emit-index-url",
        "emit-marker-expression",
        "environments",
        "extra-build-dependencies",
        "extra-build-variables",
        "fork-strategy",
        "generate-hashes",
        "graalpy-install-mirror",
        "group",
        "managed",
        "minimum-libc-version",
        "native-tls",
        "no-annotate",
        "no-build-isolation",
        "no-build-isolation-package",
        "no-emit-package",
        "no-extra",
        "no-header",
        "no-strip-extras",
        "no-strip-markers",
        "output-file",
        "package",
        "pip",
        "preview",
        "preview-features",
        "publish-url",
        "pypy-install-mirror",
        "pyodide-install-mirror",
        "python-downloads",
        "python-downloads-json-url",
        "python-install-mirror",
        "python-preference",
        "require-build-hashes",
        "required-environments",
        "system-certs",
        "torch-backend",
        "trusted-publishing",
        "universal",
        "workspace",
    ]
)
"""Keys that uv knows and that say nothing to what this version does."""

KNOWN_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(_Table)) | IGNORED_KEYS


def parse_table(table: Mapping[str, Any], folder: str, place: str) -> Layer:
    """Read a table of settings. Relative paths start at `folder`. `InvalidText` names the place and the key."""
    unknown = next((key for key in table if key not in KNOWN_KEYS), None)
    if unknown is not None:
        raise InvalidText(f"Failed to parse: {place}", causes=(f"unknown field `{unknown}`",))
    read = {key: value for key, value in table.items() if key not in IGNORED_KEYS}
    try:
        raw = msgspec.convert(read, type=_Table)
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(_words(str(error)),)) from error
    return _layer(raw, folder, place)


def _words(message: str) -> str:
    """Say where in the table, without msgspec's root sign."""
    what, at, path = message.partition(" - at `$.")
    return f"{what}, at `{path}" if at else message


def _layer(raw: _Table, folder: str, place: str) -> Layer:
    def index(text: str | None) -> IndexEntry | None:
        return None if text is None else parse_index_text(text, folder, place)

    return Layer(
        place=place,
        index=tuple(_index_entry(entry, folder, place) for entry in raw.index),
        default_index=index(raw.default_index),
        index_url=index(raw.index_url),
        extra_index_url=tuple(parse_index_text(text, folder, place) for text in raw.extra_index_url),
        find_links=tuple(parse_index_text(text, folder, place, flat=True) for text in raw.find_links),
        prerelease=None if raw.prerelease is None else _prerelease(raw.prerelease),
        prerelease_package=tuple(
            (package_name(name), _prerelease(mode)) for name, mode in _pairs(raw.prerelease_package)
        ),
        exclude_newer=_instant(raw.exclude_newer),
        exclude_newer_package=tuple(
            (package_name(name), _instant(when) or "") for name, when in _pairs(raw.exclude_newer_package)
        ),
        no_build=_switch(raw.no_build, raw.no_build_package),
        no_binary=_switch(raw.no_binary, raw.no_binary_package),
        override_dependencies=tuple(text for text in raw.override_dependencies if isinstance(text, str)),
        sources=tuple(_sources(raw.sources)),
        no_sources_package=_names(raw.no_sources_package),
        reinstall_package=_names(raw.reinstall_package),
        refresh_package=_names(raw.refresh_package),
        exclude_dependencies=_names(raw.exclude_dependencies),
        extra=tuple(extra_name(text) for text in raw.extra),
        cache_dir=_path(raw.cache_dir, folder),
        target=_path(raw.target, folder),
        prefix=_path(raw.prefix, folder),
        **{name: getattr(raw, name) for name in _PLAIN},
    )


_PLAIN = [
    "no_index",
    "index_strategy",
    "keyring_provider",
    "resolution",
    "upgrade",
    "upgrade_package",
    "only_binary",
    "no_deps",
    "require_hashes",
    "verify_hashes",
    "no_sources",
    "reinstall",
    "refresh",
    "link_mode",
    "compile_bytecode",
    "offline",
    "allow_insecure_host",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "no_cache",
    "concurrent_downloads",
    "concurrent_installs",
    "required_version",
    "constraint_dependencies",
    "system",
    "break_system_packages",
    "python",
    "python_version",
    "python_platform",
    "strict",
    "all_extras",
]


def _index_entry(entry: _IndexTable | str, folder: str, place: str) -> IndexEntry:
    if isinstance(entry, str):
        return parse_index_text(entry, folder, place)
    try:
        parsed = parse_location(entry.url, folder)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(error.message, f"at `index.{entry.name}`")) from error
    name: IndexName | None = None if entry.name is None else index_name(entry.name)
    return IndexEntry(
        parsed=parsed,
        name=name,
        default=entry.default,
        explicit=entry.explicit,
        format=entry.format,
        authenticate=entry.authenticate,
        ignore_error_codes=entry.ignore_error_codes,
        file_origins=frozenset(parse_url(text).url.origin for text in entry.file_origins),
        file_scope=entry.file_scope,
        cache_control=entry.cache_control,
        place=place,
    )


def _sources(tables: Mapping[str, _SourceTable | tuple[_SourceTable, ...]]) -> Iterable[SourceEntry]:
    for name, value in tables.items():
        for table in value if isinstance(value, tuple) else (value,):
            kinds = [kind for kind in ("index", "git", "url", "path", "workspace") if getattr(table, kind) is not None]
            yield SourceEntry(
                name=package_name(name),
                kind=kinds[0] if kinds else "",
                index=None if table.index is None else index_name(table.index),
                marker=table.marker,
                extra=None if table.extra is None else extra_name(table.extra),
                group=None if table.group is None else group_name(table.group),
            )


def _pairs(value: Mapping[str, str | bool] | Mapping[str, str] | Strings) -> Iterable[tuple[str, Any]]:
    """Give name and value of a table, or of `NAME=VALUE` texts as flags have them."""
    if isinstance(value, Mapping):
        return value.items()
    return ((name, text) for name, _, text in (item.partition("=") for item in value))


def _prerelease(text: str) -> PrereleaseMode:
    try:
        return PrereleaseMode("if-necessary" if text == "if-necessary-or-explicit" else text)
    except ValueError as error:
        modes = ", ".join(mode.value for mode in PrereleaseMode)
        raise InvalidText(f"Invalid prerelease mode `{text}`", causes=(f"expected one of {modes}",)) from error


def _instant(value: str | bool | None) -> str | None:
    """Give the text of an instant, "" where it is switched off."""
    return value if isinstance(value, str) and value != "false" else None if value is None else ""


def _switch(value: bool | Strings, packages: Strings) -> Strings:
    """Bring `no-binary = true`, pip's `:all:` and `no-binary-package` to one form."""
    return ((":all:",) if value else ()) + packages if isinstance(value, bool) else value + packages


def _names(texts: Strings) -> tuple[PackageName, ...]:
    return tuple(package_name(text) for text in texts)


def _path(text: str | None, folder: str) -> str | None:
    return None if text is None else str(PurePath(folder, text))
