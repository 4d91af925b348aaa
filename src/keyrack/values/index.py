"""`Index`, the one we speak for, and `Indexes`, in the order in which they are searched."""

from __future__ import annotations

from enum import Enum
from typing import NewType

import msgspec

from keyrack.values.credentials import Held
from keyrack.values.cutoff import Cutoff
from keyrack.values.login import Login
from keyrack.values.names import IndexName
from keyrack.values.url import Origin, Url, canonical

IndexId = NewType("IndexId", str)
"""What a page and each file on it remember: the index's name, or its canonical URL where it has none."""

LOCK = "uv.lock"
"""`declared_in` of an index that no configuration names, only a lock (D17)."""


class AuthPolicy(Enum):
    """`authenticate` of an index."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class IndexFormat(Enum):
    """`format` of an index: one page a package (PEP 503), or one page or folder of all files."""

    SIMPLE = "simple"
    FLAT = "flat"


class FileScope(Enum):
    """How far an index's identity goes with the files it lists (D5, D6): its origin, or its root only."""

    ORIGIN = "origin"
    PREFIX = "prefix"


class IndexStrategy(Enum):
    """`index-strategy`: which of the indexes that have a name may answer for it."""

    FIRST_INDEX = "first-index"
    UNSAFE_FIRST_MATCH = "unsafe-first-match"
    UNSAFE_BEST_MATCH = "unsafe-best-match"


class CacheControl(msgspec.Struct, frozen=True):
    """`cache-control` of an index: values that stand in for the server's headers, for pages and for files."""

    api: str | None = None
    files: str | None = None


class Index(msgspec.Struct, frozen=True):
    """An index as configured. `given` is what the configuration itself says about credentials, resolved once (D31)."""

    id: IndexId
    url: Url
    name: IndexName | None = None
    default: bool = False
    explicit: bool = False
    format: IndexFormat = IndexFormat.SIMPLE
    authenticate: AuthPolicy = AuthPolicy.AUTO
    ignore_error_codes: frozenset[int] = frozenset()
    file_origins: frozenset[Origin] = frozenset()
    file_scope: FileScope = FileScope.ORIGIN
    given: Held | None = None
    declared_in: str = ""
    cache_control: CacheControl = CacheControl()
    exclude_newer: Cutoff | None = None
    """For the files of this index; None for what holds for all."""
    written: str = ""
    """A local place as the user wrote it, "" for one of the web."""

    @property
    def root(self) -> Url:
        """What the index claims: its URL without a last segment `simple` or `+simple` (uv's rule).

        Of a flat index it is the folder that holds the page.
        """
        trimmed = self.url.path.rstrip("/")
        parent, _, last = trimmed.rpartition("/")
        is_page = self.format is IndexFormat.FLAT and last.lower().endswith((".html", ".htm"))
        is_simple = self.format is IndexFormat.SIMPLE and last.lower() in ("simple", "+simple")
        return self.url.with_path((parent if is_page or is_simple else trimmed) + "/")

    @property
    def label(self) -> str:
        """What messages call it: the name, else the URL; never only the host."""
        return self.name or str(self.url)


def index_id(url: Url, name: IndexName | None) -> IndexId:
    """Make the identity of an index: its name, else its canonical URL."""
    return IndexId(name or canonical(url))


class Indexes(msgspec.Struct, frozen=True):
    """The configured indexes: `searched` in search order (the default one last), `explicit` ones, and `flat` places.

    `flat` are `--find-links` places: they are searched along with every index. `logins` are what the user is logged in
    to: whatever of it an index does not use goes with URLs of the user's own (D20).
    """

    searched: tuple[Index, ...] = ()
    explicit: tuple[Index, ...] = ()
    flat: tuple[Index, ...] = ()
    logins: tuple[Login, ...] = ()

    @property
    def all(self) -> tuple[Index, ...]:
        """Every index once: searched, explicit, flat."""
        return self.searched + self.explicit + self.flat

    def by_id(self, wanted: IndexId) -> Index | None:
        """Find the index that a page or file names as its origin."""
        return next((index for index in self.all if index.id == wanted), None)

    def named(self, name: str) -> Index | None:
        """Find an index by the name that `[tool.uv.sources]` gives."""
        return next((index for index in self.all if index.name == name), None)
