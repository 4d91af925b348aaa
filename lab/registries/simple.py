"""An index of the simple repository API as it should be: PEP 503, 592, 658, 691, 700, 714.

root     /[SHELF/]simple/             the list of projects
page     /[SHELF/]simple/PACKAGE/     JSON or HTML by `Accept`, ETag, max-age, gzip
file     as `Manner.files` says; ranges, ETag; `FILE.metadata` beside each wheel

How it differs from the ideal is said by a `Manner`; real registries have modules of their own.
"""

import enum
import uuid
from urllib.parse import quote

from lab import answers
from lab.registries import site
from lab.registries.site import Layout, Place, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response

JSON = site.JSON


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


class Manner(site.Manner, frozen=True, kw_only=True):
    """How an index behaves, and where its files are."""

    files: Files = Files.BESIDE


def simple(*shelves: Shelf, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A registry with one index for each shelf; a shelf named "" lies at the root of the host."""
    front = Server(tls=tls)
    away = Server(tls=tls)
    hosts = Hosts(shelves, manner, front.url, away.url)
    front.application = hosts.front
    away.application = hosts.away
    return Registry((front, away), {shelf.name: _index_path(shelf.name) for shelf in shelves})


def _prefix(name: str) -> str:
    return f"/{name}" if name else ""


def _index_path(name: str) -> str:
    return f"{_prefix(name)}/simple/"


def _layout(files: Files, front_url: str, away_url: str) -> Layout:
    def path(name: str, each: Artifact) -> str:
        match files:
            case Files.INSIDE:
                return f"{_prefix(name)}/simple/{each.project}/{each.filename}"
            case Files.UUID:
                return f"/{uuid.uuid5(uuid.NAMESPACE_OID, name)}/{each.project}/{each.filename}"
            case _:
                return f"{_prefix(name)}/files/{each.project}/{each.filename}"

    match files:
        case Files.RELATIVE:
            return Layout(index=_index_path, file=path, written=Written.RELATIVE)
        case Files.UUID:
            return Layout(index=_index_path, file=path, written=Written.URL, origin=front_url)
        case Files.OTHER_HOST | Files.OTHER_HOST_LOCKED:
            return Layout(index=_index_path, file=path, written=Written.URL, origin=away_url)
        case _:
            return Layout(index=_index_path, file=path)


class Hosts:
    """The answers of the two hosts."""

    def __init__(self, shelves: tuple[Shelf, ...], manner: Manner, front_url: str, away_url: str) -> None:
        """URLs are origins without a slash at the end."""
        self._site = Site(shelves, manner, _layout(manner.files, front_url, away_url), self._deliver)
        self._manner = manner
        self._away_url = away_url

    def front(self, request: Request) -> Response:
        """The host that users name."""
        if self._manner.files is Files.REDIRECT and request.path.startswith("/open/"):
            return self._opened(request)
        return self._site.answer(request)

    def away(self, request: Request) -> Response:
        """The host that keeps the files, where they are kept elsewhere."""
        if self._manner.files is Files.REDIRECT_AWAY:
            if "authorization" in request.headers:
                return answers.plain(400, "only one auth mechanism allowed")
            return self._opened(request)
        place = self._site.places.get(request.path)
        if place is None:
            return answers.plain(404, "not found")
        if self._manner.files is Files.OTHER_HOST_LOCKED and (refusal := self._site.refusal(request, place.shelf)):
            return refusal
        return self._site.file(request, place)

    def _deliver(self, request: Request, place: Place) -> Response:
        match self._manner.files:
            case Files.REDIRECT:
                return answers.redirect(self._manner.redirect, f"/open{quote(request.path)}?token=signed")
            case Files.REDIRECT_AWAY:
                return answers.redirect(
                    self._manner.redirect, f"{self._away_url}/open{quote(request.path)}?token=signed"
                )
            case _:
                return self._site.file(request, place)

    def _opened(self, request: Request) -> Response:
        place = self._site.places.get(request.path.removeprefix("/open"))
        if place is None or request.query != "token=signed":
            return answers.plain(403, "no such link")
        return self._site.file(request, place)


def public(*artifacts: Artifact, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A public index at `/simple/` of its own host."""
    return simple(Shelf("", artifacts), manner=manner, tls=tls)


def private(*artifacts: Artifact, identity: Identity, manner: Manner = Manner(), tls: bool = False) -> Registry:  # noqa: B008 - frozen
    """A private index at `/simple/` of its own host."""
    return simple(Shelf("", artifacts, (identity,)), manner=manner, tls=tls)
