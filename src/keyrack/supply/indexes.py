"""HTTP, flat and local indexes become pages whose links know the index that listed them (PEP 503, 691)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Protocol

import msgspec

from keyrack.adapters.folders import is_folder, list_files, read_whole
from keyrack.errors import KeyrackError
from keyrack.formats.packed_page import parse_packed_page
from keyrack.formats.simple_html import parse_html_page
from keyrack.formats.simple_json import parse_json_page
from keyrack.policy.auth.refusals import Refused, SignInPage
from keyrack.policy.index.flat import by_name, page_of_folder
from keyrack.policy.index.search import Failed, Listed, Missing, Reply, Search, search, to_search
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.supply.condensing import JSON, media_type
from keyrack.supply.once import Once
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Link, Page
from keyrack.values.exchange import Purpose, Request, Response
from keyrack.values.index import Index, Indexes, IndexFormat, IndexId, IndexStrategy
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.url import Url, local_path

LARGEST_PAGE = 100 * 1024 * 1024
"""Bytes of a page on this disk; one from a server is held by the session."""
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})


class Fetch(Protocol):
    """Brings a whole answer, from the cache or the network, with the identity of the index that the request names."""

    def fetch(self, request: Request) -> Response:
        """Give any final status but a refusal; raises `Refused`, `Offline`, or what went wrong on the way."""
        ...


class Searching(msgspec.Struct, frozen=True):
    """How indexes are searched. `without_index` (`--no-index`) leaves the flat places only."""

    strategy: IndexStrategy = IndexStrategy.FIRST_INDEX
    without_index: bool = False


class PackageIndexes:
    """Finds the pages of packages; may be called from any thread."""

    def __init__(self, indexes: Indexes, session: Fetch, searching: Searching = Searching(), log: Log = silent) -> None:  # noqa: B008 - frozen
        """`session` is the one door through which pages are asked for."""
        self._indexes = indexes
        self._session = session
        self._searching = searching
        self._log = log
        self._flat: Once[IndexId, tuple[Page, dict[PackageName, tuple[Link, ...]]]] = Once()

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Find the pages of a package, in search order; flat places are asked too unless it is pinned to an index.

        Raises what ends the run: an index that fails in another way than to say no.
        """
        flat, is_short = ((), False) if pinned else self._flat_pages(name)
        if self._searching.without_index:
            return FoundPages(flat=flat, offline=is_short, without_index=True)
        found = self._search(name, pinned)
        return FoundPages(found.pages, flat, found.refusals, found.offline or is_short)

    def _flat_pages(self, name: PackageName) -> tuple[tuple[Page, ...], bool]:
        """Give what the flat places list for a package, and whether the network was missing for one of them."""
        pages, is_short = [], False
        for index in self._indexes.flat:
            try:
                pages.append(self._flat_page(index, name))
            except Offline:
                is_short = True
        return tuple(page for page in pages if page.links), is_short

    def _search(self, name: PackageName, pinned: IndexId | None) -> Search:
        asking = search(to_search(self._indexes, pinned), self._searching.strategy)
        try:
            batch = next(asking)
            while True:
                batch = asking.send(_together([self._asker(index, name) for index in batch]))
        except StopIteration as stop:
            found: Search = stop.value
            return found

    def _asker(self, index: Index, name: PackageName) -> Callable[[], Reply]:
        return lambda: self._ask(index, name)

    def _ask(self, index: Index, name: PackageName) -> Reply:
        try:
            if index.format is IndexFormat.FLAT:
                page = self._flat_page(index, name)
                return Listed(page) if page.links else Missing()
            url = msgspec.structs.replace(index.url, path=f"{index.url.path.rstrip('/')}/{name}/", fragment="")
            self._log(Level.TRACE, f"Fetching metadata for {name} from {url}")
            return self._ask_web(index, url) if url.is_web else _ask_folder(index, url)
        except Offline:
            return Missing(offline=True)
        except Refused as refusal:
            return Failed(refusal, 401 if isinstance(refusal, SignInPage) else refusal.status)
        except KeyrackError as error:
            return Failed(error)

    def _ask_web(self, index: Index, url: Url) -> Reply:
        response = self._session.fetch(Request(url, Purpose.PAGE, index.id, (("accept", ACCEPT),)))
        if response.head.status != 200:
            return Failed(BadStatus(url, response.head), response.head.status)
        return Listed(_page(index, url, response))

    def _flat_page(self, index: Index, name: PackageName) -> Page:
        """Give what a flat place lists for a package; the place itself is read once in a run."""
        page, links = self._flat.get(index.id, lambda: self._read_flat(index))
        return msgspec.structs.replace(page, links=links.get(name, ()))

    def _read_flat(self, index: Index) -> tuple[Page, dict[PackageName, tuple[Link, ...]]]:
        if index.url.is_web:
            page = self._fetch_flat(index)
        else:
            page = _read_folder(index)
        found = by_name(page.links)
        if found:
            count = len(page.links)
            packages = f"{count} package{'' if count == 1 else 's'}"
            self._log(Level.DEBUG, f"Found {packages} in `--find-links` entry: {index.url}")
        else:
            self._log(Level.WARN, f"No packages found in `--find-links` entry: {index.url}")
        return page, found

    def _fetch_flat(self, index: Index) -> Page:
        response = self._session.fetch(Request(index.url, Purpose.PAGE, index.id, (("accept", "text/html"),)))
        if response.head.status != 200:
            error = BadStatus(index.url, response.head)
            raise KeyrackError(f"Failed to read `--find-links` URL: {index.url}", causes=(error.message, *error.causes))
        # Whatever serves a plain page of links says of it what it likes: only JSON is read as anything but HTML.
        return _parsed(index, response, "application/json" if media_type(response) in JSON else "text/html")


def _together(askers: list[Callable[[], Reply]]) -> tuple[Reply, ...]:
    """Ask at the same time; a single one on this very thread. No asker raises."""
    replies: dict[int, Reply] = {}

    def ask(place: int) -> None:
        replies[place] = askers[place]()

    threads = [Thread(target=ask, args=(place,), daemon=True) for place in range(1, len(askers))]
    for thread in threads:
        thread.start()
    ask(0)
    for thread in threads:
        thread.join()
    return tuple(replies[place] for place in range(len(askers)))


def _ask_folder(index: Index, url: Url) -> Reply:
    body = read_whole(f"{local_path(url)}index.html", LARGEST_PAGE)
    return Missing() if body is None else Listed(parse_html_page(body, url, index.id))


def _read_folder(index: Index) -> Page:
    """Read a folder of files, or a file that is a page of links."""
    path = local_path(index.url)
    if is_folder(path):
        return page_of_folder(index, list_files(path))
    body = read_whole(path, LARGEST_PAGE)
    if body is None:
        raise KeyrackError(
            f"Failed to read `--find-links` directory: {path}", causes=("No such file or directory (os error 2)",)
        )
    return parse_html_page(body, index.url, index.id)


def _page(index: Index, asked: Url, response: Response) -> Page:
    if response.is_packed:
        return parse_packed_page(response.body, response.head.url, index.id)
    kind = media_type(response)
    if kind not in JSON | _HTML:
        said = f"the media type `{kind}`" if kind else "no media type"
        raise KeyrackError(f"The page `{asked}` cannot be read", causes=(f"The server gave it {said}",))
    return _parsed(index, response, kind)


def _parsed(index: Index, response: Response, kind: str) -> Page:
    parse = parse_json_page if kind in JSON else parse_html_page
    return parse(response.body, response.head.url, index.id)
