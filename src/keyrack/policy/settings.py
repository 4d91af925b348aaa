"""Which word counts: flag, variable, project, user and system file, requirements files, then the default (uv)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

import msgspec
from packaging.utils import canonicalize_name

from keyrack.errors import InvalidText
from keyrack.values.building import weighed
from keyrack.values.credentials import Held
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.index import LOCK, Index, Indexes, IndexStrategy, index_id
from keyrack.values.layer import IndexEntry, Layer, LayerKind, SourceEntry
from keyrack.values.names import PackageName
from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.settings import (
    Cache,
    Installing,
    KeyringProvider,
    LinkMode,
    Network,
    PrereleaseMode,
    ResolutionMode,
    Resolving,
    Selection,
    Settings,
    SourcePin,
)
from keyrack.values.url import ParsedUrl, Url, canonical

T = TypeVar("T")
Give = Callable[[IndexEntry], Held | None]
"""Says what the configuration itself gives an index for an identity (D31)."""


class Surroundings(msgspec.Struct, frozen=True):
    """What stands around a run and is nobody's setting: defaults that were looked up outside."""

    default_index: IndexEntry
    cache_folder: str
    network: Network
    """Time-outs, retries, certificates, proxies and paths, as the environment gives them."""
    lock_timeout: float = 300.0
    """Seconds to wait for a lock that another process holds."""
    available_until: str = ""
    """As in `Resolving`."""


def weigh(layers: Sequence[Layer], surroundings: Surroundings, give: Give) -> Settings:
    """Weigh the layers, highest first: the first word counts for single settings, lists are joined.

    `InvalidText` where they contradict themselves (two default indexes, one name twice in one file).
    """
    scale = _Scale(layers)
    resolving = _resolving(scale, surroundings.available_until)
    reinstall = Selection(scale.switch("reinstall"), frozenset(scale.joined("reinstall_package")))
    refresh = Selection(scale.switch("refresh"), frozenset(scale.joined("refresh_package")))
    return Settings(
        network=_network(scale, surroundings.network),
        cache=Cache(
            folder=scale.first("cache_dir", str) or surroundings.cache_folder,
            disabled=scale.switch("no_cache"),
            refresh=together(refresh, resolving.upgrade, reinstall),
        ),
        indexes=assemble_indexes(layers, surroundings.default_index, give),
        resolving=resolving,
        installing=Installing(
            reinstall=reinstall,
            link_mode=scale.first("link_mode", LinkMode),
            compile_bytecode=scale.switch("compile_bytecode"),
            concurrent_installs=scale.first("concurrent_installs", int) or 0,
        ),
        building=weighed(tuple(layer.building for layer in layers)),
        sources=_pins(scale.joined("sources"), resolving),
        constraints=scale.joined("constraint_dependencies"),
        overrides=scale.joined("override_dependencies"),
        lock_timeout=surroundings.lock_timeout,
        warnings=(*scale.joined("warnings"), *_second_defaults(layers)),
    )


def together(*selections: Selection) -> Selection:
    """What is upgraded or reinstalled is asked for anew as well (uv's `--upgrade` implies `--refresh`)."""
    names = frozenset(chain.from_iterable(each.names for each in selections))
    return Selection(any(each.all for each in selections), names)


class _Scale:
    """Reads one setting over all layers."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers

    def first(self, name: str, kind: type[T]) -> T | None:
        """Give the first word of a kind; None where no layer says one."""
        words = (getattr(layer, name) for layer in self._layers)
        return next((word for word in words if isinstance(word, kind)), None)

    def switch(self, name: str) -> bool:
        return bool(self.first(name, bool))

    def joined(self, name: str) -> tuple:  # type: ignore[type-arg]
        return tuple(chain.from_iterable(getattr(layer, name) for layer in self._layers))


def _network(scale: _Scale, base: Network) -> Network:
    # uv lets the proxies of its files stand before those of the environment.
    proxies = Proxies(
        http=scale.first("http_proxy", Proxy) or base.proxies.http,
        https=scale.first("https_proxy", Proxy) or base.proxies.https,
        everything=base.proxies.everything,
        bypass=scale.joined("no_proxy") or base.proxies.bypass,
    )
    return msgspec.structs.replace(
        base,
        offline=scale.switch("offline"),
        concurrent_downloads=scale.first("concurrent_downloads", int) or base.concurrent_downloads,
        allow_insecure_hosts=frozenset(scale.joined("allow_insecure_host")),
        keyring=scale.first("keyring_provider", KeyringProvider) or KeyringProvider.DISABLED,
        proxies=proxies,
    )


def _resolving(scale: _Scale, available_until: str) -> Resolving:
    cutoff = scale.first("exclude_newer", Cutoff)
    return Resolving(
        strategy=scale.first("index_strategy", IndexStrategy) or IndexStrategy.FIRST_INDEX,
        resolution=scale.first("resolution", ResolutionMode) or ResolutionMode.HIGHEST,
        prerelease=scale.first("prerelease", PrereleaseMode) or PrereleaseMode.IF_NECESSARY,
        prerelease_package=_once_each(scale.joined("prerelease_package")),
        upgrade=Selection(scale.switch("upgrade"), frozenset(one.name for one in scale.joined("upgrade_package"))),
        exclude_newer=None if cutoff == UNLIMITED else cutoff,
        exclude_newer_package=_once_each(scale.joined("exclude_newer_package")),
        available_until=available_until,
        no_build=_selection(scale.joined("no_build")),
        no_binary=_selection(scale.joined("no_binary")),
        only_binary=_selection(scale.joined("only_binary")),
        no_deps=scale.switch("no_deps"),
        require_hashes=scale.switch("require_hashes"),
        verify_hashes=scale.first("verify_hashes", bool) is not False,
        believed=tuple(scale.joined("dependency_metadata")),
        no_sources=Selection(scale.switch("no_sources"), frozenset(scale.joined("no_sources_package"))),
        no_index=scale.switch("no_index"),
    )


def _once_each(pairs: Iterable[tuple[PackageName, T]]) -> tuple[tuple[PackageName, T], ...]:
    """Keep what the highest layer says of each package."""
    kept = dict[PackageName, T]()
    for name, word in pairs:
        kept.setdefault(name, word)
    return tuple(kept.items())


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
    """Put the indexes into search order, the default one last; `--no-index` leaves only the flat and explicit ones.

    Flags and variables come before files, and those before requirements files; in each of these groups, `index` comes
    before `extra-index-url`. An index named on a higher layer hides one of the same name below it. `InvalidText` where
    one file gives a name twice: a name is what credentials are for.
    """
    flat = _once(_index(entry, give) for entry in chain.from_iterable(layer.find_links for layer in layers))
    groups = [_visible(layers, group) for group in LayerKind]
    named = list(chain.from_iterable(groups))
    explicit = tuple(_index(entry, give) for entry in named if entry.explicit)
    if next((layer.no_index for layer in layers if layer.no_index is not None), False):
        return Indexes(explicit=explicit, flat=flat)
    default = _default_entry(layers, named) or fallback
    wanted = [entry for entry in named if not entry.explicit and not entry.default]
    if not default.explicit:
        wanted.append(msgspec.structs.replace(default, default=True))
    searched = _distinct(wanted)
    # A source may still name an index that another one of the same URL stands in for.
    twins = (_index(entry, give) for entry in wanted if entry.name is not None and entry not in searched)
    return Indexes(_once(_index(entry, give) for entry in searched), _once((*explicit, *twins)), flat)


def with_locked(indexes: Indexes, locked: Iterable[Url], give: Give) -> Indexes:
    """Add the indexes that a lock names and nobody configured: no name is searched there, only locked files asked for.

    What their users logged in to, or keep in netrc or a keyring, is theirs as any index's (D17).
    """
    known = {canonical(index.url) for index in indexes.all}
    found = {canonical(url): IndexEntry(ParsedUrl(url), explicit=True, place=LOCK) for url in locked}
    added = tuple(_index(entry, give) for place, entry in found.items() if place not in known)
    return msgspec.structs.replace(indexes, explicit=(*indexes.explicit, *added))


def _visible(layers: Sequence[Layer], kind: LayerKind) -> list[IndexEntry]:
    """Give the indexes of a group of layers that no higher layer hides."""
    entries, extra, names = list[IndexEntry](), list[IndexEntry](), set[str]()
    for layer in layers:
        own = [entry.name for entry in layer.index if entry.name is not None]
        if twice := next((name for name in own if own.count(name) > 1), None):
            raise InvalidText(
                f"The index name `{twice}` is given twice in {layer.place}",
                causes=("Credentials are kept by an index's name, and it would be unclear whose they are",),
                hints=("Give one of the indexes another name",),
            )
        if layer.kind is kind:
            entries += [entry for entry in layer.index if entry.name is None or entry.name not in names]
            extra += layer.extra_index_url
        names.update(own)
        names.update(entry.name for entry in (layer.default_index,) if entry is not None and entry.name is not None)
    return entries + extra


def _default_entry(layers: Sequence[Layer], named: Sequence[IndexEntry]) -> IndexEntry | None:
    """Find the default index: in each group `--default-index`, then an index marked so, then `index-url`."""
    for kind in LayerKind:
        own = [layer for layer in layers if layer.kind is kind]
        marked = [entry for layer in own for entry in layer.index if entry.default and entry in named]
        told = [layer.default_index for layer in own]
        urls = [layer.index_url for layer in own]
        if (found := next((entry for entry in (*told, *marked, *urls) if entry is not None), None)) is not None:
            return found
    return None


def _second_defaults(layers: Iterable[Layer]) -> Iterable[str]:
    for layer in layers:
        if len(marked := [entry for entry in layer.index if entry.default]) > 1:
            yield (
                f"Several indexes in {layer.place} are marked `default = true`; only the first of them,"
                f" `{marked[0].name or marked[0].parsed.url}`, is"
            )


def _distinct(entries: Iterable[IndexEntry]) -> list[IndexEntry]:
    """Leave out what has the URL of an index before it; an index that has a name stands in for one that has none.

    What the command line names by its URL alone may be known to the settings by name, and so have credentials.
    """
    kept = dict[str, IndexEntry]()
    for entry in entries:
        place = canonical(entry.parsed.url)
        earlier = kept.get(place)
        if earlier is None or (earlier.name is None and entry.name is not None and not _has_credentials(earlier)):
            kept[place] = entry
    return list(kept.values())


def _has_credentials(entry: IndexEntry) -> bool:
    return entry.parsed.username is not None or entry.parsed.password is not None


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
        written=entry.written,
        cache_control=entry.cache_control,
        exclude_newer=entry.exclude_newer,
    )


def _once(indexes: Iterable[Index]) -> tuple[Index, ...]:
    """Leave out what stands there already, by identity: two flags with one URL are one index."""
    kept = dict[str, Index]()
    for index in indexes:
        kept.setdefault(index.id, index)
    return tuple(kept.values())
