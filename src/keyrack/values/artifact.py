"""What an index serves: links, pages, and files that remember the index that listed them (PEP 503, 691, 592, 700)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache
from typing import overload

import msgspec
from packaging.utils import canonicalize_name
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.values.credentials import Complete
from keyrack.values.index import IndexId
from keyrack.values.late import pattern
from keyrack.values.names import PackageName, package_name
from keyrack.values.url import Url

DIGEST_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128}
"""Hash algorithms that pages and requirements name, and how many hex digits each has."""
# Gitea and Forgejo have written `sha256-` for `sha256=`.
_FRAGMENT_DIGEST = pattern(rf"({'|'.join(DIGEST_LENGTHS)})[=-]([0-9a-f]+)", re.IGNORECASE)

# A number that sorts, then text that does too (PEP 427); Python reads no number of thousands of digits.
_BUILD_TAG = pattern(r"([0-9]{1,19})((?:[^0-9].*)?)", re.DOTALL)


class Digest(msgspec.Struct, frozen=True, order=True):
    """A hash and its algorithm's name in hashlib's spelling, value in lower-case hex."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        """Write it as requirements files do."""
        return f"{self.algorithm}:{self.value}"


def fragment_digests(fragment: str) -> tuple[Digest, ...]:
    """Read the hashes in a URL's fragment: `sha256=<hex>` (PEP 503), `sha256-<hex>`, several joined by `&`.

    Anything else that stands there (`egg=`, `subdirectory=`, a hash of another length) is no hash and is passed over.
    """
    # The commonest text by far, and a page may hold ten thousand: no regular expression.
    kind, _, value = fragment.partition("=")
    if DIGEST_LENGTHS.get(kind) == len(value) and not value.strip("0123456789abcdef"):
        return (Digest(kind, value),)
    found = (_FRAGMENT_DIGEST.fullmatch(part) for part in fragment.split("&") if part)
    return tuple(
        Digest(match[1].lower(), match[2].lower())
        for match in found
        if match and len(match[2]) == DIGEST_LENGTHS[match[1].lower()]
    )


class Link(msgspec.Struct, frozen=True):
    """One entry of a page as it stands there; `href` is not yet resolved and may hold userinfo, so it never prints.

    `yanked` is False, or the reason (perhaps empty) where it is. `core_metadata` is None where the page offers no
    sidecar (PEP 658/714), else the digests it gives for it (perhaps none).
    """

    filename: str
    href: str
    digests: tuple[Digest, ...] = ()
    requires_python: str | None = None
    yanked: str | bool = False
    core_metadata: tuple[Digest, ...] | None = None
    size: int | None = None
    upload_time: str | None = None

    def __repr__(self) -> str:
        """Show the file's name only."""
        return f"Link({self.filename!r})"


class LateLinks(Sequence[Link]):
    """Links that are made when they are looked at, each once. `filenames` are there before, where they are known."""

    def __init__(self, count: int, make: Callable[[int], Link], filenames: Sequence[str] | None = None) -> None:
        """`make` makes the link at a place."""
        self.filenames = filenames
        self._count = count
        self._make = make
        self._made: dict[int, Link] = {}

    def __len__(self) -> int:
        """Count the links."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Link: ...

    @overload
    def __getitem__(self, place: slice[int | None, int | None, int | None]) -> Sequence[Link]: ...

    def __getitem__(self, place: int | slice[int | None, int | None, int | None]) -> Link | Sequence[Link]:
        """Give the link at a place."""
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(self._count)))
        place = range(self._count)[place]
        link = self._made.get(place)
        if link is None:
            link = self._made[place] = self._make(place)
        return link

    def __eq__(self, other: object) -> bool:
        """Compare link by link, with any sequence."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


class Page(msgspec.Struct, frozen=True):
    """The links that one index lists for one package (or, flat, for all), and where relative ones start.

    `base` is the final URL of the page after redirects, or the page's own `<base href>`; `origin` is the index. `links`
    may be made only when they are looked at: of thousands, a run wants to know more than the name of a few. `groups`
    are the places of the links of each version's text, where they were sorted before.
    """

    origin: IndexId
    base: Url
    links: Sequence[Link]
    groups: tuple[tuple[str, Sequence[int]], ...] | None = None

    @property
    def filenames(self) -> Sequence[str]:
        """The name of each link's file."""
        known = self.links.filenames if isinstance(self.links, LateLinks) else None
        return known if known is not None else [link.filename for link in self.links]


class File(msgspec.Struct, frozen=True):
    """A file that an index serves. `origin` is the index that listed it, None for a URL that the user wrote.

    `credentials` stood in the link itself (D11). A local file has a `file:` URL.
    """

    filename: str
    url: Url
    origin: IndexId | None
    digests: tuple[Digest, ...] = ()
    requires_python: str | None = None
    yanked: str | bool = False
    core_metadata: tuple[Digest, ...] | None = None
    size: int | None = None
    upload_time: str | None = None
    credentials: Complete | None = None


class FileKind(Enum):
    """The two kinds of distribution."""

    WHEEL = "wheel"
    SDIST = "sdist"


class WheelName(msgspec.Struct, frozen=True):
    """A wheel's file name taken apart. The three tag sets are as written, unexpanded (PEP 425, 427)."""

    name: PackageName
    version_text: str
    build: tuple[int, str] | tuple[()]
    pythons: tuple[str, ...]
    abis: tuple[str, ...]
    platforms: tuple[str, ...]

    @property
    def version(self) -> Version:
        """The version, parsed once for each distinct text."""
        return parse_version(self.version_text)


class SdistName(msgspec.Struct, frozen=True):
    """A source distribution's file name taken apart (PEP 625 and the older spellings)."""

    name: PackageName
    version_text: str

    @property
    def version(self) -> Version:
        """The version, parsed once for each distinct text."""
        return parse_version(self.version_text)


SDIST_SUFFIXES = (
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tar.xz",
    ".tgz",
    ".tar",
    ".tbz",
    ".tar.zst",
    ".tar.lzma",
    ".txz",
)


@lru_cache(maxsize=65536)
def parse_version(text: str) -> Version:
    """Parse a version (PEP 440), once for each distinct text; `InvalidText` if it is none."""
    try:
        return Version(text)
    except ValueError as error:  # `InvalidVersion`, or a number with more digits than Python reads
        raise InvalidText(f"Not a valid version: {text!r}") from error


def parse_wheel_name(filename: str) -> WheelName:
    """Take a wheel's file name apart; `InvalidText` if it is none. The version is not parsed yet.

    Five or six dash-separated parts, name and version with `_` for `-` (PEP 427).
    """
    parts = filename.removesuffix(".whl").split("-")
    if not filename.endswith(".whl") or len(parts) not in (5, 6):
        raise InvalidText(f"Not a valid wheel filename: {filename!r}")
    build: tuple[int, str] | tuple[()] = ()
    if len(parts) == 6:
        tag = _BUILD_TAG.fullmatch(parts[2])
        if tag is None:
            raise InvalidText(f"Not a valid build tag in wheel filename: {filename!r}")
        build = (int(tag[1]), tag[2])
    pythons, abis, platforms = (tuple(part.split(".")) for part in parts[-3:])
    return WheelName(package_name(parts[0]), parts[1].replace("_", "-"), build, pythons, abis, platforms)


def parse_sdist_name(filename: str, name: PackageName) -> SdistName:
    """Take a source distribution's name apart, given the project it is listed for (older names are ambiguous)."""
    stem = next((filename[: -len(suffix)] for suffix in SDIST_SUFFIXES if filename.endswith(suffix)), None)
    if stem is None:
        raise InvalidText(f"Not a source distribution's filename: {filename!r}")
    for cut in (at for at, letter in enumerate(stem) if letter == "-"):
        if PackageName(canonicalize_name(stem[:cut])) == name and cut + 1 < len(stem):
            return SdistName(name, stem[cut + 1 :])
    raise InvalidText(f"The filename {filename!r} is not one of the project {name!r}")


def sdist_package(filename: str) -> PackageName:
    """Guess the package of a source distribution from its name alone: what stands before the first version in it."""
    stem = next((filename[: -len(suffix)] for suffix in SDIST_SUFFIXES if filename.endswith(suffix)), filename)
    for cut in (at for at, letter in enumerate(stem) if letter == "-"):
        try:
            parse_version(stem[cut + 1 :])
        except InvalidText:
            continue
        return PackageName(canonicalize_name(stem[:cut]))
    return PackageName(canonicalize_name(stem.rpartition("-")[0] or stem))
