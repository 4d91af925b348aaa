"""A recording: pages and files of an index as installers asked for them once, kept in a folder outside the repository.

pages/NAME.json   a page as it came (PEP 691), byte for byte
files/PATH        a file under the path of its URL; PATH.metadata beside a wheel (PEP 658)
recording.json    where each page came from, and which sets were asked for, by which kind of Python
"""

import gzip
import hashlib
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import msgspec
from packaging.utils import canonicalize_name

JSON = "application/vnd.pypi.simple.v1+json"
ANY_HASH = "0" * 64


class Told(msgspec.Struct, frozen=True):
    """What `recording.json` tells. `pages`: name -> URL. `sets`: `web cp311-linux-x86_64` -> what was named."""

    pages: dict[str, str] = {}
    sets: dict[str, tuple[str, ...]] = {}


class Recording:
    """A folder with a recording, or for one."""

    def __init__(self, folder: Path) -> None:
        """Read what is there."""
        self.folder = folder
        self.files = folder / "files"
        self._pages = folder / "pages"
        self._told = folder / "recording.json"

    def told(self) -> Told:
        """What is recorded; nothing where there is no folder."""
        if not self._told.is_file():
            return Told()
        return msgspec.json.decode(self._told.read_bytes(), type=Told)

    def tell(self, told: Told) -> None:
        """Write down what is recorded."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._told.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))

    def page(self, name: str) -> Path:
        """Where a page lies."""
        return self._pages / f"{canonicalize_name(name)}.json"

    def file(self, path: str) -> Path:
        """Where a file lies whose URL has this path. Raises ValueError where that would be outside."""
        found = self.files / unquote(path).lstrip("/")
        if not found.resolve().is_relative_to(self.files.resolve()):
            raise ValueError(path)
        return found

    def keep(self, path: Path, body: bytes) -> None:
        """Write a page or file; whoever looks meanwhile sees none or the whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(body)
        beside.replace(path)

    def sidecars(self) -> dict[str, str]:
        """The hash of each metadata file, by the path of its wheel's URL."""
        return {
            "/" + quote(str(path.relative_to(self.files))[: -len(".metadata")], safe="/"): sha256(path.read_bytes())
            for path in self.files.rglob("*.metadata")
        }

    def write_tree(self, folder: Path, base: str) -> None:
        """Write all pages, and each compressed, as a web server is to show them whose files begin at `base`."""
        known, told = self.sidecars(), self.told()
        for name, url in told.pages.items():
            page = rewritten(self.page(name).read_bytes(), url, base, known)
            where = folder / "simple" / name
            where.mkdir(parents=True)
            (where / "index.json").write_bytes(page)
            (where / "index.json.gz").write_bytes(gzip.compress(page, 6, mtime=0))


def rewritten(page: bytes, url: str, base: str, known: Mapping[str, str] | None) -> bytes:
    """Give a page whose files lie at `base`, each under the path that it had, with metadata beside each wheel.

    `known` has the hashes of metadata files by path. Others are made up, so that the page is as large as in real life;
    None stands for no hash at all, which lets whatever comes pass.
    """
    whole: dict[str, Any] = msgspec.json.decode(page)
    for file in whole["files"]:
        path = urlsplit(urljoin(url, file["url"])).path
        file["url"] = base + path
        if file["filename"].endswith(".whl"):
            beside: object = True if known is None else {"sha256": known.get(path) or made_up_hash(path)}
            file["core-metadata"] = file["data-dist-info-metadata"] = beside
    return msgspec.json.encode(whole)


def made_up_hash(path: str) -> str:
    """A hash of nothing, but another one for each path: pages compress as real ones do."""
    return sha256(path.encode())


def sha256(body: bytes) -> str:
    """The SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


def key_of(name: str) -> str:
    """Name a set as this kind of Python sees it: other Pythons take other wheels."""
    return f"{name} cp{sys.version_info.major}{sys.version_info.minor}-{sysconfig.get_platform()}"


def missing(told: Told, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give those of the sets that are not recorded as they are meant now."""
    return tuple(name for name, wanted in sets.items() if told.sets.get(key_of(name)) != wanted)
