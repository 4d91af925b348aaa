"""Which word counts: flag, then environment, then project, user and system file, then the default (uv's precedence)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import msgspec
from packaging.utils import canonicalize_name

from keyrack.errors import InvalidText
from keyrack.values.credentials import Held
from keyrack.values.index import Index, Indexes, IndexFormat, IndexStrategy, index_id
from keyrack.values.layer import IndexEntry, Layer, SourceEntry
from keyrack.values.names import PackageName
from keyrack.values.settings import (
    Cache,
    Installing,
    KeyringProvider,
    Network,
    PrereleaseMode,
    ResolutionMode,
    Resolving,
    Selection,
    Settings,
    SourcePin,
)

Give = Callable[[IndexEntry], Held | None]
"""Says what the configuration itself gives an index for an identity (D31)."""


class Surroundings(msgspec.Struct, frozen=True):
    """What stands around a run and is nobody's setting: defaults that were looked up outside."""

    default_index: IndexEntry
    cache_folder: str
    network: Network
    """Time-outs, retries, certificates, proxies and paths, as the environment gives them."""


def weigh(layers: Sequence[Layer], surroundings: Surroundings, give: Give) -> Settings:
    """Weigh the layers, highest first: the first word counts for single settings, lists are joined.

    `InvalidText` where they contradict themselves (two default indexes, one name twice in one file).
    """
    scale = _Scale(layers)
    resolving = _resolving(scale)
    return Settings(
        network=_network(scale, surroundings.network),
        cache=Cache(
            folder=scale.text("cache_dir") or surroundings.cache_folder,
            disabled=scale.switch("no_cache"),
            refresh=Selection(scale.switch("refresh"), frozenset(scale.joined("refresh_package"))),
        ),
        indexes=assemble_indexes(layers, surroundings.default_index, give),
        resolving=resolving,
        installing=Installing(
            reinstall=Selection(scale.switch("reinstall"), frozenset(scale.joined("reinstall_package"))),
            link_mode=scale.first("link_mode"),  # type: ignore[arg-type]
            compile_bytecode=scale.switch("compile_bytecode"),
            concurrent_installs=scale.number("concurrent_installs") or 0,
        ),
        sources=_pins(scale.joined("sources"), resolving),
        constraints=scale.joined("constraint_dependencies"),
        overrides=scale.joined("override_dependencies"),
        required_version=None,
        warnings=tuple(chain.from_iterable(layer.warnings for layer in layers)),
    )


class _Scale:
    """Reads one setting over all layers."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers

    def first(self, name: str) -> object:
        return next((value for layer in self._layers if (value := getattr(layer, name)) is not None), None)

    def switch(self, name: str) -> bool:
        return bool(self.first(name))

    def text(self, name: str) -> str | None:
        value = self.first(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        value = self.first(name)
        return value if isinstance(value, int) else None

    def joined(self, name: str) -> tuple:  # type: ignore[type-arg]
        return tuple(chain.from_iterable(getattr(layer, name) for layer in self._layers))


def _network(scale: _Scale, base: Network) -> Network:
    provider = scale.first("keyring_provider")
    return msgspec.structs.replace(
        base,
        offline=scale.switch("offline"),
        concurrent_downloads=scale.number("concurrent_downloads") or base.concurrent_downloads,
        allow_insecure_hosts=frozenset(scale.joined("allow_insecure_host")),
        keyring=provider if isinstance(provider, KeyringProvider) else KeyringProvider.DISABLED,
    )


def _resolving(scale: _Scale) -> Resolving:
    exclude_newer = scale.text("exclude_newer")
    return Resolving(
        strategy=scale.first("index_strategy") or IndexStrategy.FIRST_INDEX,  # type: ignore[arg-type]
        resolution=scale.first("resolution") or ResolutionMode.HIGHEST,  # type: ignore[arg-type]
        prerelease=scale.first("prerelease") or PrereleaseMode.IF_NECESSARY,  # type: ignore[arg-type]
        prerelease_package=scale.joined("prerelease_package"),
        upgrade=Selection(scale.switch("upgrade"), frozenset(_bare(scale.joined("upgrade_package")))),
        exclude_newer=exclude_newer or None,
        exclude_newer_package=tuple((name, when or None) for name, when in scale.joined("exclude_newer_package")),
        no_build=_selection(scale.joined("no_build")),
        no_binary=_selection(scale.joined("no_binary")),
        only_binary=_selection(scale.joined("only_binary")),
        no_deps=scale.switch("no_deps"),
        require_hashes=scale.switch("require_hashes"),
        verify_hashes=scale.first("verify_hashes") is not False,
        no_sources=Selection(scale.switch("no_sources"), frozenset(scale.joined("no_sources_package"))),
        no_index=scale.switch("no_index"),
    )


def _bare(texts: Iterable[str]) -> Iterable[PackageName]:
    """Give the names of `--upgrade-package` values, which may carry a version range."""
    for text in texts:
        end = next((at for at, letter in enumerate(text) if not (letter.isalnum() or letter in "-_.")), len(text))
        yield PackageName(canonicalize_name(text[:end]))


def _selection(words: Iterable[str]) -> Selection:
    """Read pip's words in order: `:all:`, `:none:` (forget what stood before), names, also comma-separated."""
    everything, names = False, set[PackageName]()
    for word in chain.from_iterable(text.split(",") for text in words):
        if word == ":none:":
            everything, names = False, set()
        elif word == ":all:":
            everything = True
        elif word.strip():
            names.add(PackageName(canonicalize_name(word.strip())))
    return Selection(everything, frozenset(names))


def _pins(entries: Iterable[SourceEntry], resolving: Resolving) -> tuple[SourcePin, ...]:
    return tuple(
        SourcePin(entry.name, entry.index, entry.marker, entry.extra, entry.group)
        for entry in entries
        if entry.index is not None and not resolving.no_sources.holds(entry.name)
    )


def assemble_indexes(layers: Sequence[Layer], fallback: IndexEntry, give: Give) -> Indexes:
    """Put the indexes into search order: flags before files, the default one last; `--no-index` leaves flat ones.

    An index named on a higher layer hides one of the same name below it (uv).
    """
    flat = tuple(_index(entry, give) for entry in chain.from_iterable(layer.find_links for layer in layers))
    named = _visible(layers)
    explicit = tuple(_index(entry, give) for entry in named if entry.explicit)
    if next((layer.no_index for layer in layers if layer.no_index is not None), False):
        return Indexes(explicit=explicit, flat=_once(flat))
    default = _default_entry(layers, named, fallback)
    searched = [entry for entry in named if not entry.explicit and not entry.default]
    if default is not None and not default.explicit:
        searched.append(msgspec.structs.replace(default, default=True))
    indexes = _once(_index(entry, give) for entry in searched)
    simple = tuple(index for index in indexes if index.format is IndexFormat.SIMPLE)
    as_flat = tuple(index for index in indexes if index.format is IndexFormat.FLAT)
    return Indexes(simple + as_flat, explicit, _once(flat))


def _visible(layers: Sequence[Layer]) -> list[IndexEntry]:
    entries, names = list[IndexEntry](), set[str]()
    for layer in layers:
        own = [entry.name for entry in layer.index if entry.name is not None]
        if twice := next((name for name in own if own.count(name) > 1), None):
            raise InvalidText(f"Failed to parse: {layer.place}", causes=(f"duplicate index name `{twice}`",))
        if sum(entry.default for entry in layer.index) > 1:
            raise InvalidText(
                f"Failed to parse: {layer.place}", causes=("found multiple indexes with `default = true`",)
            )
        entries.extend(entry for entry in layer.index if entry.name is None or entry.name not in names)
        names.update(own)
        entries.extend(layer.extra_index_url)
    return entries


def _default_entry(layers: Sequence[Layer], named: Sequence[IndexEntry], fallback: IndexEntry) -> IndexEntry | None:
    for layer in layers:
        own = next((entry for entry in layer.index if entry.default and entry in named), None)
        if (found := layer.default_index or layer.index_url or own) is not None:
            return found
    return fallback


def _index(entry: IndexEntry, give: Give) -> Index:
    return Index(
        id=index_id(entry.parsed.url, entry.name),
        url=entry.parsed.url,
        name=entry.name,
        default=entry.default,
        explicit=entry.explicit,
        format=entry.format,
        authenticate=entry.authenticate,
        ignore_error_codes=entry.ignore_error_codes,
        file_origins=entry.file_origins,
        file_scope=entry.file_scope,
        given=give(entry),
        declared_in=entry.place,
        cache_control=entry.cache_control,
    )


def _once(indexes: Iterable[Index]) -> tuple[Index, ...]:
    """Leave out what stands there already, by identity: two flags with one URL are one index."""
    kept = dict[str, Index]()
    for index in indexes:
        kept.setdefault(index.id, index)
    return tuple(kept.values())
