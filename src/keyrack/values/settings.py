"""Everything a run may be told, after flags, environment and files were weighed: the values that the rooms read."""

from __future__ import annotations

from enum import Enum

import msgspec
from packaging.version import Version

from keyrack.values.building import Building
from keyrack.values.cutoff import Cutoff
from keyrack.values.index import Indexes, IndexStrategy
from keyrack.values.metadata import Believed
from keyrack.values.names import ExtraName, GroupName, IndexName, PackageName
from keyrack.values.proxy import Proxies


class KeyringProvider(Enum):
    """`--keyring-provider`."""

    DISABLED = "disabled"
    SUBPROCESS = "subprocess"


class LinkMode(Enum):
    """`--link-mode`: how files come from the store into an environment."""

    CLONE = "clone"
    COPY = "copy"
    HARDLINK = "hardlink"
    SYMLINK = "symlink"


class ResolutionMode(Enum):
    """`--resolution`."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    LOWEST_DIRECT = "lowest-direct"


class PrereleaseMode(Enum):
    """`--prerelease`; `if-necessary-or-explicit` is the old name of `if-necessary`."""

    DISALLOW = "disallow"
    ALLOW = "allow"
    IF_NECESSARY = "if-necessary"
    EXPLICIT = "explicit"


class AnnotationStyle(Enum):
    """`--annotation-style`: where the comments stand that tell who asked for a package."""

    LINE = "line"
    SPLIT = "split"


class ForkStrategy(Enum):
    """`--fork-strategy`: the newest versions for each Python, or as few versions of each package as possible."""

    REQUIRES_PYTHON = "requires-python"
    FEWEST = "fewest"


class Selection(msgspec.Struct, frozen=True):
    """All packages, none, or some: what `--upgrade[-package]`, `--no-binary`, `--refresh[-package]` say."""

    all: bool = False
    names: frozenset[PackageName] = frozenset()

    def holds(self, name: PackageName) -> bool:
        """Whether a package is meant."""
        return self.all or name in self.names

    def __bool__(self) -> bool:
        """Whether anything is meant."""
        return self.all or bool(self.names)


class Network(msgspec.Struct, frozen=True):
    """How requests go out. Time-outs are in seconds."""

    offline: bool = False
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    retries: int = 3
    retry_delay: bool = True
    """Whether to wait between two tries; off in tests (`UV_INTERNAL__TEST_NO_HTTP_RETRY_DELAY`)."""
    concurrent_downloads: int = 50
    allow_insecure_hosts: frozenset[str] = frozenset()
    certificates_file: str = ""
    certificates_folder: str = ""
    client_certificate: str = ""
    proxies: Proxies = Proxies()
    keyring: KeyringProvider = KeyringProvider.DISABLED
    netrc: str = ""
    """The path of the netrc file (`NETRC`, else the user's own); "" where there is no home."""
    search_path: str = ""
    """PATH, for the `keyring` program."""


class Cache(msgspec.Struct, frozen=True):
    """Where the cache lies, and what of it must be asked about again."""

    folder: str
    disabled: bool = False
    refresh: Selection = Selection()


class Resolving(msgspec.Struct, frozen=True):
    """How versions are chosen."""

    strategy: IndexStrategy = IndexStrategy.FIRST_INDEX
    resolution: ResolutionMode = ResolutionMode.HIGHEST
    prerelease: PrereleaseMode = PrereleaseMode.IF_NECESSARY
    prerelease_package: tuple[tuple[PackageName, PrereleaseMode], ...] = ()
    upgrade: Selection = Selection()
    exclude_newer: Cutoff | None = None
    """Files uploaded at or after it do not exist. None for no limit."""
    exclude_newer_package: tuple[tuple[PackageName, Cutoff], ...] = ()
    available_until: str = ""
    """An RFC 3339 instant for uv's own tests: files uploaded later are not there, whatever the limits say."""
    no_build: Selection = Selection()
    no_binary: Selection = Selection()
    only_binary: Selection = Selection()
    no_deps: bool = False
    require_hashes: bool = False
    verify_hashes: bool = True
    no_sources: Selection = Selection()
    believed: tuple[Believed, ...] = ()
    no_index: bool = False


class Installing(msgspec.Struct, frozen=True):
    """How an environment is changed."""

    reinstall: Selection = Selection()
    link_mode: LinkMode | None = None
    compile_bytecode: bool = False
    concurrent_installs: int = 0


class SourcePin(msgspec.Struct, frozen=True):
    """`[tool.uv.sources]`: a direct requirement that one index must answer; `marker` as written, "" for always."""

    name: PackageName
    index: IndexName
    marker: str = ""
    extra: ExtraName | None = None
    group: GroupName | None = None


class Settings(msgspec.Struct, frozen=True):
    """One run's settings. `origins` say for each setting that is not a default where it came from, for messages."""

    network: Network
    cache: Cache
    indexes: Indexes
    resolving: Resolving = Resolving()
    installing: Installing = Installing()
    building: Building = Building()
    sources: tuple[SourcePin, ...] = ()
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    required_version: Version | None = None
    project_folder: str = ""
    lock_timeout: float = 300.0
    """Seconds to wait for a lock that another process holds (`UV_LOCK_TIMEOUT`)."""
    origins: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
