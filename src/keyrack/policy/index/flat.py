"""A flat place (`--find-links`, `format = "flat"`): one folder or page of files of many packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from packaging.utils import canonicalize_name

from keyrack.values.artifact import SDIST_SUFFIXES, Link, Page
from keyrack.values.index import Index
from keyrack.values.names import PackageName


def page_of_folder(index: Index, filenames: Iterable[str]) -> Page:
    """Make the page that a folder of files stands for."""
    links = tuple(Link(filename, quote(filename)) for filename in filenames if _is_distribution(filename))
    return Page(index.id, index.url.with_directory_slash(), links)


def by_name(links: Iterable[Link]) -> dict[PackageName, tuple[Link, ...]]:
    """Sort links under the packages that they may be files of.

    A source distribution's name does not say where its version starts (`a-b-1.0` may be `a` in version `b-1.0`), so
    it stands under each; who lists versions knows better.
    """
    found: dict[PackageName, list[Link]] = {}
    for link in links:
        for name in _names(link.filename):
            found.setdefault(name, []).append(link)
    return {name: tuple(listed) for name, listed in found.items()}


def _is_distribution(filename: str) -> bool:
    return filename.endswith((".whl", *SDIST_SUFFIXES))


def _names(filename: str) -> Iterator[PackageName]:
    if filename.endswith(".whl"):
        yield PackageName(canonicalize_name(filename.partition("-")[0]))
    elif filename.endswith(SDIST_SUFFIXES):
        cuts = (at for at, letter in enumerate(filename) if letter == "-")
        yield from dict.fromkeys(PackageName(canonicalize_name(filename[:cut])) for cut in cuts)
