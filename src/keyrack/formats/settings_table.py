"""One table of settings, as `uv.toml`, `[tool.uv]`, flags and variables all give it, read into a `Layer`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.build_settings import build_words
from keyrack.formats.cutoff_text import Moment, parse_cutoff
from keyrack.formats.index_text import is_ambiguous, parse_index_text, parse_location
from keyrack.formats.proxy_text import parse_bypass, parse_proxy
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.settings_shapes import IndexTable, SettingsTable, SourceTable, Strings
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.index import AuthPolicy, FileScope, IndexFormat, IndexStrategy
from keyrack.values.late import LateModule
from keyrack.values.layer import IndexEntry, Layer, SourceEntry
from keyrack.values.names import PackageName, extra_name, index_name, package_name
from keyrack.values.proxy import Proxy
from keyrack.values.requirement import Requirement
from keyrack.values.settings import (
    AnnotationStyle,
    ForkStrategy,
    KeyringProvider,
    LinkMode,
    PrereleaseMode,
    ResolutionMode,
)
from keyrack.values.url import Origin, parse_url

if TYPE_CHECKING:
    import difflib
    import pathlib

    from keyrack.formats import believed, source_entry
else:
    difflib = LateModule("difflib")
    pathlib = LateModule("pathlib")
    believed = LateModule("keyrack.formats.believed")
    source_entry = LateModule("keyrack.formats.source_entry")

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=Enum)


READ_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(SettingsTable))
"""The keys that this version reads; the others that uv knows say nothing to what it does."""


def parse_table(table: Mapping[str, Any], folder: str, place: str, moment: Moment | None = None) -> Layer:
    """Read a table of settings. Relative paths start at `folder`; spans count back from `moment`.

    Raises `BadKey`, which says what is wrong in uv's words and leads to it.
    """
    read = {key: value for key, value in table.items() if key in READ_KEYS}
    try:
        raw = msgspec.convert(read, type=SettingsTable)
    except msgspec.ValidationError as error:
        raise _bad_key(str(error)) from error
    return _Reading(folder, place, moment).layer(raw)


def check_keys(table: Mapping[str, Any], known: Collection[str], inside: tuple[str, ...] = ()) -> None:
    """Raise `BadKey` for a key that uv does not know in a place."""
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        close = difflib.get_close_matches(unknown, known, 1)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        raise BadKey((*inside, unknown), f"unknown field `{unknown}`{hint}", of_key=True)


def _bad_key(message: str) -> BadKey:
    """Turn msgspec's words and path into uv's."""
    what, _, trail = message.partition(" - at `$")
    path: tuple[str | int, ...] = ()
    for step in re.finditer(r"\.([\w-]+)|\[(\d+)\]|(\[\.\.\.\])", trail):
        if step[3]:
            break
        path = (*path, step[1] or int(step[2]))
    if variant := re.fullmatch(r"Invalid enum value '(.*)'", what, re.DOTALL):
        known = ", ".join(f"`{choice.value}`" for choice in _CHOICES.get(path[-1] if path else "", ()))
        return BadKey(path, f"unknown variant `{variant[1]}`, expected one of {known}")
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return BadKey(path, f"missing field `{missing[1]}`", of_key=True)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return BadKey(path, f"unknown field `{unknown[1]}`", of_key=True)
    return BadKey(path, f"invalid type: {what[:1].lower()}{what[1:]}".replace(" | null", ""))


_CHOICES: dict[str | int, type[Enum]] = {
    "keyring-provider": KeyringProvider,
    "link-mode": LinkMode,
    "annotation-style": AnnotationStyle,
    "fork-strategy": ForkStrategy,
    "resolution": ResolutionMode,
    "authenticate": AuthPolicy,
    "format": IndexFormat,
    "file-scope": FileScope,
}


class _Reading(msgspec.Struct, frozen=True):
    """Turns the values of one table into values of a layer; what cannot be read is told with its key."""

    folder: str
    place: str
    moment: Moment | None

    def layer(self, raw: SettingsTable) -> Layer:
        return Layer(
            place=self.place,
            index=tuple(self.index(entry, at) for at, entry in enumerate(raw.index)),
            default_index=self.one("default-index", raw.default_index, self.location),
            index_url=self.one("index-url", raw.index_url, self.location),
            extra_index_url=self.each("extra-index-url", raw.extra_index_url, self.location),
            find_links=self.each("find-links", raw.find_links, self.flat_location),
            index_strategy=self.one("index-strategy", raw.index_strategy, _strategy),
            prerelease=self.one("prerelease", raw.prerelease, _prerelease),
            prerelease_package=self.by_package("prerelease-package", raw.prerelease_package, _prerelease),
            exclude_newer=None
            if raw.exclude_newer is None
            else self.at(("exclude-newer",), raw.exclude_newer, self.cutoff),
            exclude_newer_package=self.by_package("exclude-newer-package", raw.exclude_newer_package, self.cutoff),
            no_build=_switch(raw.no_build, self.each("no-build-package", raw.no_build_package, package_name)),
            no_binary=_switch(raw.no_binary, self.each("no-binary-package", raw.no_binary_package, package_name)),
            upgrade_package=self.each("upgrade-package", raw.upgrade_package, self.requirement),
            override_dependencies=tuple(text for text in raw.override_dependencies if isinstance(text, str)),
            sources=tuple(self.sources(raw.sources)),
            no_sources_package=self.each("no-sources-package", raw.no_sources_package, package_name),
            reinstall_package=self.each("reinstall-package", raw.reinstall_package, package_name),
            refresh_package=self.each("refresh-package", raw.refresh_package, package_name),
            exclude_dependencies=self.each("exclude-dependencies", raw.exclude_dependencies, package_name),
            dependency_metadata=tuple(
                self.at(("dependency-metadata", at), table, believed.parse_believed)
                for at, table in enumerate(raw.dependency_metadata)
            ),
            extra=self.each("extra", raw.extra, extra_name),
            no_emit_package=self.each("no-emit-package", raw.no_emit_package, package_name),
            output_file=_path(raw.output_file, self.folder),
            cache_dir=_path(raw.cache_dir, self.folder),
            target=_path(raw.target, self.folder),
            prefix=_path(raw.prefix, self.folder),
            http_proxy=self.one("http-proxy", raw.http_proxy, self.proxy),
            https_proxy=self.one("https-proxy", raw.https_proxy, self.proxy),
            no_proxy=parse_bypass(",".join(raw.no_proxy)),
            building=build_words(raw, self.place, self.folder),
            warnings=tuple(_warnings(raw)),
            **{name: getattr(raw, name) for name in _PLAIN},
        )

    def at(self, path: tuple[str | int, ...], value: T, read: Callable[[T], R]) -> R:
        try:
            return read(value)
        except InvalidText as error:
            raise BadKey(path, "\n".join(_lines(error))) from error

    def one(self, key: str, value: T | None, read: Callable[[T], R]) -> R | None:
        return None if value is None else self.at((key,), value, read)

    def each(self, key: str, values: Iterable[T], read: Callable[[T], R]) -> tuple[R, ...]:
        return tuple(self.at((key, at), value, read) for at, value in enumerate(values))

    def by_package(
        self, key: str, values: Mapping[str, T] | Strings, read: Callable[[T], R]
    ) -> tuple[tuple[PackageName, R], ...]:
        """Read a table by package, or `NAME=VALUE` texts as flags have them."""
        pairs: Iterable[tuple[str, Any]] = (
            values.items() if isinstance(values, Mapping) else [_split_pair(key, text) for text in values]
        )
        return tuple((self.at((key,), name, package_name), self.at((key, name), value, read)) for name, value in pairs)

    def location(self, text: str) -> IndexEntry:
        return parse_index_text(text, self.folder, self.place)

    def flat_location(self, text: str) -> IndexEntry:
        return parse_index_text(text, self.folder, self.place, flat=True)

    def cutoff(self, value: str | bool) -> Cutoff:
        if value is True:
            raise InvalidText("expected false to disable exclude-newer, got true")
        if value is False:
            return UNLIMITED
        return Cutoff(value) if self.moment is None else parse_cutoff(value, self.moment)

    def requirement(self, text: str) -> Requirement:
        return parse_requirement(text, self.place)

    def proxy(self, text: str) -> Proxy:
        return parse_proxy(text, self.place)

    def index(self, entry: IndexTable | str, number: int) -> IndexEntry:
        path = ("index", number)
        if isinstance(entry, str):
            return self.at(path, entry, self.location)
        name = None if entry.name is None else self.at((*path, "name"), entry.name, index_name)
        parsed = self.at((*path, "url"), entry.url, lambda text: parse_location(text, self.folder))
        if entry.explicit and name is None:
            raise BadKey(path, f"An index with `explicit = true` requires a `name`: {parsed.url}")
        if wrong := next((code for code in entry.ignore_error_codes if not 100 <= code <= 999), None):
            raise BadKey((*path, "ignore-error-codes"), f"{wrong} is not a valid HTTP status code")
        return IndexEntry(
            parsed=parsed,
            name=name,
            default=entry.default,
            explicit=entry.explicit,
            format=entry.format,
            authenticate=entry.authenticate,
            ignore_error_codes=entry.ignore_error_codes,
            file_origins=self.at((*path, "file-origins"), entry.file_origins, _origins),
            file_scope=entry.file_scope,
            cache_control=entry.cache_control,
            exclude_newer=None
            if entry.exclude_newer is None
            else self.at((*path, "exclude-newer"), entry.exclude_newer, self.cutoff),
            place=self.place,
        )

    def sources(self, tables: Mapping[str, SourceTable | tuple[SourceTable, ...]]) -> Iterator[SourceEntry]:
        for name, value in tables.items():
            path = ("sources", name)
            entries = value if isinstance(value, tuple) else (value,)
            markers = [entry.marker for entry in entries if not entry.extra and not entry.group]
            if len(markers) > 1 and not all(markers):
                raise BadKey(path, _NO_MARKER)
            for entry in entries:
                yield self.at(path, entry, partial(source_entry.parse_source, name, folder=self.folder))


def _lines(error: BaseException | None) -> Iterator[str]:
    while isinstance(error, InvalidText):
        yield from (error.message, *error.causes)
        error = error.__cause__


def _warnings(raw: SettingsTable) -> Iterator[str]:
    given = [entry for entry in (*raw.index, raw.default_index) if isinstance(entry, str)]
    for text in filter(is_ambiguous, given):
        yield (
            "Relative paths passed to `--index` or `--default-index` should be disambiguated from index names (use"
            f" `./{text.rpartition('=')[2]}`). Support for ambiguous values will be removed in the future"
        )
    packages = raw.prerelease_package
    modes = packages.values() if isinstance(packages, Mapping) else (text.partition("=")[2] for text in packages)
    if _OLD_MODE in (raw.prerelease, *modes):
        yield (
            f"The `{_OLD_MODE}` pre-release mode is deprecated and will be removed in a future release. Use"
            " `if-necessary` instead."
        )
    if any(not isinstance(item, str) for item in raw.override_dependencies):
        yield "This version of keyrack passes over entries of `override-dependencies` that are for one package only"


def _split_pair(key: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadKey((key,), f"`{text}` has no `=`: expected `PACKAGE=VALUE`")
    return name, value


def _strategy(text: str) -> IndexStrategy:
    return _choice(IndexStrategy, "unsafe-first-match" if text == "unsafe-any-match" else text)


_OLD_MODE = "if-necessary-or-explicit"


def _prerelease(text: str) -> PrereleaseMode:
    return _choice(PrereleaseMode, "if-necessary" if text == _OLD_MODE else text)


def _choice(choices: type[E], text: str) -> E:
    try:
        return choices(text)
    except ValueError as error:
        known = ", ".join(f"`{choice.value}`" for choice in choices)
        raise InvalidText(f"unknown variant `{text}`, expected one of {known}") from error


def _origins(texts: Strings) -> frozenset[Origin]:
    return frozenset(parse_url(text).url.origin for text in texts)


def _switch(value: bool | Strings, packages: Strings) -> Strings:
    """Bring `no-binary = true`, pip's `:all:` and `no-binary-package` to one form."""
    return ((":all:",) if value else ()) + packages if isinstance(value, bool) else value + packages


def _path(text: str | None, folder: str) -> str | None:
    return None if text is None else str(pathlib.PurePath(folder, text))


_NO_MARKER = (
    "When multiple sources are provided, each source must include a platform marker"
    " (e.g., `marker = \"sys_platform == 'linux'\"`)"
)
_PLAIN = [
    "no_index",
    "keyring_provider",
    "resolution",
    "upgrade",
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
    "allow_empty_requirements",
    "universal",
    "fork_strategy",
    "generate_hashes",
    "no_strip_extras",
    "no_strip_markers",
    "no_annotate",
    "no_header",
    "annotation_style",
    "custom_compile_command",
    "emit_index_url",
    "emit_find_links",
    "emit_build_options",
    "emit_marker_expression",
    "emit_index_annotation",
]
