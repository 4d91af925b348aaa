"""Azure Artifacts: organisations with feeds on one host, names in index URLs, UUIDs in file URLs.

index  /ORGANISATION[/PROJECT]/_packaging/FEED[@VIEW]/pypi/simple/PACKAGE/       HTML only
file   /ORGANISATION[/PROJECT-UUID]/_packaging/FEED-UUID[@VIEW-UUID]/pypi/download/PACKAGE/VERSION/FILE
       an absolute URL on the page; GET answers 303 to the blob host, HEAD answers 405
blob   /blob/ID?sig=...   on another origin; the signature opens it, and a request that brings an
       Authorization header is answered 400; ranges work here

Any user name does; only the token counts. Without a token, or with a wrong one: 401.
"""

import hashlib
import hmac
import uuid
from urllib.parse import quote

import msgspec

from lab import answers, pages
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Request, Response

SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign In</title></head><body><form>Sign in</form></body></html>"
_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_TELLING = pages.Telling(sidecars=False, yanked=False, api_version="1.0")


class Feed(msgspec.Struct, frozen=True):
    """A shelf with its place: `project` is empty for a feed of the whole organisation."""

    organisation: str
    project: str
    name: str
    shelf: Shelf


def azure(
    *shelves: Shelf, views: tuple[str, ...] = ("Local", "Release"), sign_in: int = 0, tls: bool = False
) -> Registry:
    """A registry whose shelves are named `ORGANISATION[/PROJECT]/FEED`.

    Every feed can be read under each of `views` too (`index_url("org/feed@Release")`). A token that
    is good for a whole organisation stands among the readers of each of its shelves. With `sign_in`
    (200 or 203) those without a good token get a page to sign in instead of 401.
    """
    feeds = tuple(feed_of(shelf) for shelf in shelves)
    front = Server(tls=tls)
    blobs = Server(tls=tls)
    site = Site(feeds, front.url, blobs.url, sign_in)
    front.application = site.front
    blobs.application = site.blob
    paths = {}
    for feed in site.feeds:
        paths[feed.shelf.name] = _index_path(feed, "")
    for feed in site.feeds:
        for view in views:
            paths[f"{feed.shelf.name}@{view}"] = _index_path(feed, f"@{view}")
    return Registry((front, blobs), paths)


def feed_of(shelf: Shelf) -> Feed:
    """Read the shelf's name."""
    match shelf.name.split("/"):
        case [organisation, project, name]:
            return Feed(organisation, project, name, shelf)
        case [organisation, name]:
            return Feed(organisation, "", name, shelf)
        case _:
            raise ValueError(f"not ORGANISATION[/PROJECT]/FEED: {shelf.name}")


def uuid_of(*words: str) -> str:
    """The UUID under which the registry knows an organisation's project, feed or view."""
    return str(uuid.uuid5(_SPACE, "/".join(words)))


def _index_path(feed: Feed, view: str) -> str:
    middle = f"/{feed.project}" if feed.project else ""
    return f"/{feed.organisation}{middle}/_packaging/{feed.name}{view}/pypi/simple/"


class Site:
    """The answers of the two hosts."""

    def __init__(self, feeds: tuple[Feed, ...], front_url: str, blob_url: str, sign_in: int) -> None:
        """URLs are origins without a slash at the end."""
        self.feeds = feeds
        self._front_url = front_url
        self._blob_url = blob_url
        self._sign_in = sign_in
        self._blobs = {uuid_of(feed.shelf.name, each.filename): each for feed in feeds for each in feed.shelf.artifacts}

    def front(self, request: Request) -> Response:
        """The host that users name."""
        if request.method == "HEAD":
            return Response(405, b"", (("Allow", "GET"),))
        place, _, rest = request.path.strip("/").partition("/pypi/")
        scope, _, name_and_view = place.partition("/_packaging/")
        name, _, view = name_and_view.partition("@")
        found = next((feed for feed in self.feeds if scope in _scopes(feed) and name in _names(feed)), None)
        # Whether a feed exists is nobody's business without a token.
        if found is None or not _may_read(request, found.shelf):
            return self._refusal()
        return self._content(request, found, view, rest.split("/"))

    def _refusal(self) -> Response:
        if self._sign_in:
            return Response(self._sign_in, SIGN_IN, (("Content-Type", "text/html; charset=utf-8"),))
        return answers.unauthorized(
            f'Bearer authorization_uri="{self._front_url}/authorize", Basic realm="{self._front_url}/", TFS-Federated'
        )

    def _content(self, request: Request, feed: Feed, view: str, parts: list[str]) -> Response:
        match parts:
            case ["simple", package] | ["simple", package, ""] if files := feed.shelf.files_of(package):
                links = [pages.Link(each, self._file_url(feed, view, each)) for each in files]
                body = pages.html_page(package, links, _TELLING)
                return answers.page(request, body, pages.HTML, max_age=None, zipped=True)
            case ["download", _, _, filename]:
                identifier = uuid_of(feed.shelf.name, filename)
                if identifier in self._blobs:
                    return answers.redirect(303, f"{self._blob_url}/blob/{identifier}?{_signature(identifier)}")
            case _:
                pass
        return answers.plain(404, "not found")

    def _file_url(self, feed: Feed, view: str, each: Artifact) -> str:
        project = f"/{uuid_of(feed.organisation, feed.project)}" if feed.project else ""
        at_view = f"@{uuid_of(feed.shelf.name, view)}" if view else ""
        feed_path = f"/{feed.organisation}{project}/_packaging/{uuid_of(feed.shelf.name)}{at_view}"
        name = quote(each.filename)
        return f"{self._front_url}{feed_path}/pypi/download/{each.project}/{quote(each.version)}/{name}"

    def blob(self, request: Request) -> Response:
        """The host that keeps the files."""
        identifier = request.path.rpartition("/")[2]
        if "authorization" in request.headers:
            return answers.plain(400, "InvalidAuthenticationInfo")
        if request.query != _signature(identifier):
            return answers.plain(403, "AuthenticationFailed")
        found = self._blobs.get(identifier)
        return answers.file(request, found.body) if found else answers.plain(404, "BlobNotFound")


def _signature(identifier: str) -> str:
    digest = hmac.new(b"lab", identifier.encode(), hashlib.sha256).hexdigest()
    return f"sv=2019-07-07&sr=b&sig={digest}&spr=https&se=2999-01-01T00%3A00%3A00Z&sp=r"


def _may_read(request: Request, shelf: Shelf) -> bool:
    if not shelf.readers:
        return True
    return request.identity is not None and request.identity[1] in {password for _, password in shelf.readers}


def _scopes(feed: Feed) -> tuple[str, ...]:
    # Names and UUIDs are interchangeable in the URLs.
    if not feed.project:
        return (feed.organisation,)
    return (f"{feed.organisation}/{feed.project}", f"{feed.organisation}/{uuid_of(feed.organisation, feed.project)}")


def _names(feed: Feed) -> tuple[str, str]:
    return (feed.name, uuid_of(feed.shelf.name))
