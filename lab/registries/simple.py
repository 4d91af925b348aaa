"""An index of the simple repository API as it should be: PEP 503, 592, 658, 691, 700, 714.

root     /[SHELF/]simple/             the list of projects
page     /[SHELF/]simple/PACKAGE/     JSON or HTML by `Accept`, ETag, max-age, gzip
file     as `Manner.files` says; ranges, ETag; `FILE.metadata` beside each wheel

How it differs from the ideal is said by a `Manner`: each real server has its own.
"""

import enum
import functools
import uuid
from urllib.parse import quote

import msgspec

from lab import answers, pages
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response

JSON = pages.SIMPLE_JSON


class Files(enum.Enum):
    """Where the files of an index lie."""

    INSIDE = "inside"
    """`/SHELF/simple/PACKAGE/FILE`, below the index URL, as an absolute path"""
    BESIDE = "beside"
    """`/SHELF/files/PACKAGE/FILE`, an absolute path"""
    RELATIVE = "relative"
    """the same place, written `../../files/PACKAGE/FILE`"""
    UUID = "uuid"
    """`/UUID/PACKAGE/FILE`, an absolute URL that shares nothing with the index URL but the origin"""
    OTHER_HOST = "other-host"
    """another origin that asks for nothing"""
    OTHER_HOST_LOCKED = "other-host-locked"
    """another origin that asks for the identity of the index"""
    REDIRECT = "redirect"
    """beside, redirects to another path of the same origin that asks for nothing"""
    REDIRECT_AWAY = "redirect-away"
    """beside, redirects to another origin that refuses an Authorization header"""


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How an index behaves.

    formats: what it can say, the first where `Accept` decides nothing. ranges, zipped, head: whether
    it supports them (HEAD is 405 where not). max_age: seconds of freshness of a page, None for neither
    freshness nor validator. refused: its status for a known identity without right. unknown: for an
    identity that it does not know. absent: for a project that is not there. forward: the URL of another
    index, to which it sends those who ask for such a project (302). redirect: the status of a file that
    lies elsewhere. realm: of its challenge. hashes: those on its pages.
    """

    formats: tuple[str, ...] = ("json", "html")
    files: Files = Files.BESIDE
    ranges: bool = True
    max_age: int | None = 600
    zipped: bool = True
    refused: int = 403
    unknown: int = 401
    absent: int = 404
    forward: str = ""
    redirect: int = 302
    realm: str = "simple"
    hashes: tuple[str, ...] = ("sha256",)
    head: bool = True
    telling: pages.Telling = pages.Telling()


def simple(*shelves: Shelf, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A registry with one index for each shelf; a shelf named "" lies at the root of the host."""
    front = Server(tls=tls)
    away = Server(tls=tls)
    site = Site(shelves, manner, front.url, away.url)
    front.application = site.front
    away.application = site.away
    return Registry((front, away), {shelf.name: f"{_prefix(shelf)}/simple/" for shelf in shelves})


def _prefix(shelf: Shelf) -> str:
    return f"/{shelf.name}" if shelf.name else ""


class Place(msgspec.Struct, frozen=True):
    """What lies under a path: a file or its metadata, and whose shelf it is on."""

    shelf: Shelf
    artifact: Artifact
    metadata: bool


class Site:
    """The answers of the two hosts."""

    def __init__(self, shelves: tuple[Shelf, ...], manner: Manner, front_url: str, away_url: str) -> None:
        """URLs are origins without a slash at the end."""
        # The longest name first: one shelf's place may lie within another's.
        self._shelves = tuple(sorted(shelves, key=lambda shelf: -len(shelf.name)))
        self._known = {reader for shelf in shelves for reader in shelf.readers}
        self._manner = manner
        self._front_url = front_url
        self._away_url = away_url
        self._places: dict[str, Place] = {}
        self._projects: dict[str, dict[str, tuple[Artifact, ...]]] = {}
        self._pages: dict[tuple[str, str, str], bytes] = {}
        for shelf in shelves:
            self._lay_out(shelf)

    def _lay_out(self, shelf: Shelf) -> None:
        projects: dict[str, list[Artifact]] = {}
        for each in shelf.artifacts:
            projects.setdefault(each.project, []).append(each)
            path = self._path(shelf, each)
            self._places[path] = Place(shelf, each, metadata=False)
            if self._manner.telling.sidecars and pages.has_sidecar(each):
                self._places[f"{path}.metadata"] = Place(shelf, each, metadata=True)
        self._projects[shelf.name] = {project: tuple(files) for project, files in projects.items()}

    def _path(self, shelf: Shelf, each: Artifact) -> str:
        match self._manner.files:
            case Files.INSIDE:
                return f"{_prefix(shelf)}/simple/{each.project}/{each.filename}"
            case Files.UUID:
                return f"/{uuid.uuid5(uuid.NAMESPACE_OID, shelf.name)}/{each.project}/{each.filename}"
            case _:
                return f"{_prefix(shelf)}/files/{each.project}/{each.filename}"

    def _url(self, shelf: Shelf, each: Artifact) -> str:
        path = quote(self._path(shelf, each))
        match self._manner.files:
            case Files.RELATIVE:
                return f"../../files/{each.project}/{quote(each.filename)}"
            case Files.UUID:
                return self._front_url + path
            case Files.OTHER_HOST | Files.OTHER_HOST_LOCKED:
                return self._away_url + path
            case _:
                return path

    def front(self, request: Request) -> Response:
        """The host that users name."""
        if request.method == "HEAD" and not self._manner.head:
            return Response(405, b"", (("Allow", "GET"),))
        if place := self._places.get(request.path):
            return self._refusal(request, place.shelf) or self._file(request, place)
        if self._manner.files is Files.REDIRECT and request.path.startswith("/open/"):
            return self._opened(request)
        for shelf in self._shelves:
            start = f"{_prefix(shelf)}/simple/"
            if request.path.startswith(start) or f"{request.path}/" == start:
                project = request.path[len(start) :].strip("/")
                return self._refusal(request, shelf) or self._page(request, shelf, project)
        return answers.plain(404, "not found")

    def away(self, request: Request) -> Response:
        """The host that keeps the files, where they are kept elsewhere."""
        if self._manner.files is Files.REDIRECT_AWAY:
            if "authorization" in request.headers:
                return answers.plain(400, "only one auth mechanism allowed")
            return self._opened(request)
        place = self._places.get(request.path)
        if place is None:
            return answers.plain(404, "not found")
        if self._manner.files is Files.OTHER_HOST_LOCKED and (refusal := self._refusal(request, place.shelf)):
            return refusal
        return self._bytes(request, place)

    def _refusal(self, request: Request, shelf: Shelf) -> Response | None:
        if not shelf.readers or request.identity in shelf.readers:
            return None
        manner = self._manner
        status = manner.refused if request.identity in self._known else manner.unknown
        if status == 401:
            return answers.unauthorized(f'Basic realm="{manner.realm}"')
        return answers.plain(status, "no")

    def _page(self, request: Request, shelf: Shelf, project: str) -> Response:
        manner = self._manner
        spoken = _spoken(request, manner.formats)
        if spoken is None:
            return answers.plain(406, "nothing that you accept")
        if project and project not in self._projects[shelf.name]:
            if manner.forward:
                return answers.redirect(302, f"{manner.forward}{project}/")
            return answers.plain(manner.absent, "not found")
        key = (shelf.name, project, spoken)
        body = self._pages.get(key)
        if body is None:
            body = self._pages[key] = self._rendered(shelf, project, spoken)
        media_type = JSON if spoken == "json" else _html_type(request)
        return answers.page(request, body, media_type, max_age=manner.max_age, zipped=manner.zipped)

    def _rendered(self, shelf: Shelf, project: str, spoken: str) -> bytes:
        telling = self._manner.telling
        if not project:
            names = self._projects[shelf.name]
            return pages.json_listing(names, telling) if spoken == "json" else pages.html_listing(names)
        files = self._projects[shelf.name][project]
        links = [pages.Link(each, self._url(shelf, each), self._manner.hashes) for each in files]
        write = pages.json_page if spoken == "json" else pages.html_page
        return write(project, links, telling)

    def _file(self, request: Request, place: Place) -> Response:
        match self._manner.files:
            case Files.REDIRECT:
                return answers.redirect(self._manner.redirect, f"/open{quote(request.path)}?token=signed")
            case Files.REDIRECT_AWAY:
                return answers.redirect(
                    self._manner.redirect, f"{self._away_url}/open{quote(request.path)}?token=signed"
                )
            case _:
                return self._bytes(request, place)

    def _opened(self, request: Request) -> Response:
        place = self._places.get(request.path.removeprefix("/open"))
        if place is None or request.query != "token=signed":
            return answers.plain(403, "no such link")
        return self._bytes(request, place)

    def _bytes(self, request: Request, place: Place) -> Response:
        body = place.artifact.metadata if place.metadata else place.artifact.body
        return answers.file(request, body, ranges=self._manner.ranges)


def _spoken(request: Request, formats: tuple[str, ...]) -> str | None:
    """The format with the highest weight in `Accept`; the server's first where weights are equal."""
    asked = _weights(request.headers.get("accept", "*/*"))
    names = {"json": (JSON,), "html": (pages.SIMPLE_HTML, "text/html")}

    def weight(spoken: str) -> float:
        return max(asked.get(name, asked.get("*/*", 0.0)) for name in names[spoken])

    best = max(formats, key=weight)
    return best if weight(best) > 0 else None


@functools.lru_cache(maxsize=64)
def _weights(accept: str) -> dict[str, float]:
    weights = {}
    for part in accept.split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        quality = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        weights[name.lower()] = float(quality)
    return weights


def _html_type(request: Request) -> str:
    return pages.SIMPLE_HTML if pages.SIMPLE_HTML in request.headers.get("accept", "") else pages.HTML


def public(*artifacts: Artifact, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A public index at `/simple/` of its own host."""
    return simple(Shelf("", artifacts), manner=manner, tls=tls)


def private(*artifacts: Artifact, identity: Identity, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A private index at `/simple/` of its own host."""
    return simple(Shelf("", artifacts, (identity,)), manner=manner, tls=tls)
