"""What an index of the simple repository API answers, wherever its pages and files lie and whatever its manners are.

PEP 503, 592, 658, 691, 700, 714. A registry of the lab is a `Site` with a `Layout`, a `Manner`, and whatever else it
does to a request before the site sees it, or to a file before the client does.
"""

import enum
import functools
import posixpath
from collections.abc import Callable, Mapping
from urllib.parse import quote

import msgspec

from lab import answers, pages
from lab.registry import Shelf
from lab.server import Application
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response

JSON = pages.SIMPLE_JSON


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How an index behaves.

    formats: what it can say, the first where `Accept` decides nothing. ranges, zipped, head: whether
    it supports them (HEAD is 405 where not). max_age: seconds of freshness of a page, None for neither
    freshness nor validator. refused: its status for a known identity without right. unknown: for an
    identity that it does not know. nobody: for none at all (0: as unknown). any_user: only the password
    counts. sign_in: the URL of a page to which it sends strangers in place of 401 (302). absent: for a
    project that is not there. forward: the URL of another index, to which it sends those who ask for such a
    project; forwarding: with this status. lists: whether it shows the list of its projects. redirect: the
    status of a file that lies elsewhere. realm: of its challenge. hashes: those on its pages.
    """

    formats: tuple[str, ...] = ("json", "html")
    ranges: bool = True
    max_age: int | None = 600
    zipped: bool = True
    refused: int = 403
    unknown: int = 401
    nobody: int = 0
    any_user: bool = False
    sign_in: str = ""
    absent: int = 404
    forward: str = ""
    forwarding: int = 302
    lists: bool = True
    redirect: int = 302
    realm: str = "simple"
    hashes: tuple[str, ...] = ("sha256",)
    head: bool = True
    telling: pages.Telling = pages.Telling()


class Written(enum.Enum):
    """How a page writes where a file lies."""

    PATH = "path"
    """from `/` on"""
    RELATIVE = "relative"
    """from the page on, with `../`"""
    URL = "url"
    """with a scheme and a host"""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where things lie, as decoded paths from `/` on, and how pages write it.

    index: of a shelf's name; ends in `/`. file: of the name of the shelf that owns the file. origin: what
    stands before the path where `written` is a URL. plain: what links do not percent-encode.
    """

    index: Callable[[str], str]
    file: Callable[[str, Artifact], str]
    written: Written = Written.PATH
    origin: str = ""
    plain: str = "/"


class Place(msgspec.Struct, frozen=True):
    """What lies under a path: a file or its metadata, and whose shelf it is on."""

    shelf: Shelf
    artifact: Artifact
    metadata: bool

    @property
    def body(self) -> bytes:
        """The bytes of it."""
        return self.artifact.metadata if self.metadata else self.artifact.body


Deliver = Callable[[Request, Place], Response]
"""How a file comes to whoever may have it."""


class Site:
    """The answers of one host: pages, and files where they lie on it."""

    def __init__(
        self,
        shelves: tuple[Shelf, ...],
        manner: Manner,
        layout: Layout,
        deliver: Deliver | None = None,
        bases: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`bases` says which other shelves a shelf lists too, by name; without `deliver` files come at once."""
        # The longest path first: one index may lie within another.
        self._indexes = sorted(((layout.index(each.name), each) for each in shelves), key=lambda pair: -len(pair[0]))
        self._known = {reader for shelf in shelves for reader in shelf.readers}
        self._manner = manner
        self._layout = layout
        self._deliver = deliver or self.file
        self.places: dict[str, Place] = {}
        self._projects: dict[str, dict[str, list[tuple[str, Artifact]]]] = {}
        self._pages: dict[tuple[str, str, str], bytes] = {}
        named = {shelf.name: shelf for shelf in shelves}
        for shelf in shelves:
            self._lay_out(shelf, [named[name] for name in (shelf.name, *(bases or {}).get(shelf.name, ()))])

    def _lay_out(self, shelf: Shelf, owners: list[Shelf]) -> None:
        projects = self._projects[shelf.name] = {}
        for owner in owners:
            for each in owner.artifacts:
                path = self._layout.file(owner.name, each)
                projects.setdefault(each.project, []).append((path, each))
                self.places[path] = Place(owner, each, metadata=False)
                if self._manner.telling.sidecars and pages.has_sidecar(each):
                    self.places[f"{path}.metadata"] = Place(owner, each, metadata=True)

    def answer(self, request: Request) -> Response:
        """Answer for the host that users name."""
        if request.method == "HEAD" and not self._manner.head:
            return Response(405, b"", (("Allow", "GET"),))
        if place := self.places.get(request.path):
            return self.refusal(request, place.shelf) or self._deliver(request, place)
        for start, shelf in self._indexes:
            if request.path.startswith(start) or f"{request.path}/" == start:
                project = request.path[len(start) :].strip("/")
                return self.refusal(request, shelf) or self._page(request, shelf, project)
        return answers.plain(404, "not found")

    def refusal(self, request: Request, shelf: Shelf) -> Response | None:
        """Say no to those who may not read a shelf."""
        if not shelf.readers or _is_among(request.identity, shelf.readers, any_user=self._manner.any_user):
            return None
        manner = self._manner
        status = manner.unknown
        if request.identity is None:
            status = manner.nobody or manner.unknown
        elif _is_among(request.identity, self._known, any_user=manner.any_user):
            status = manner.refused
        if status == 401 and manner.sign_in:
            return answers.redirect(302, f"{manner.sign_in}?return_to={quote(request.target, safe='')}")
        return answers.unauthorized(f'Basic realm="{manner.realm}"') if status == 401 else answers.plain(status, "no")

    def _page(self, request: Request, shelf: Shelf, project: str) -> Response:
        manner = self._manner
        spoken = _spoken(request, manner.formats)
        if spoken is None:
            return answers.plain(406, "nothing that you accept")
        if not project and not manner.lists:
            return answers.plain(404, "no list")
        if project and project not in self._projects[shelf.name]:
            if manner.forward:
                return answers.redirect(manner.forwarding, f"{manner.forward}{project}/")
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
        page = f"{self._layout.index(shelf.name)}{project}/"
        files = self._projects[shelf.name][project]
        links = [pages.Link(each, self._href(page, path), self._manner.hashes) for path, each in files]
        write = pages.json_page if spoken == "json" else pages.html_page
        return write(project, links, telling)

    def _href(self, page: str, path: str) -> str:
        match self._layout.written:
            case Written.PATH:
                return quote(path, safe=self._layout.plain)
            case Written.RELATIVE:
                return quote(posixpath.relpath(path, page), safe=self._layout.plain)
            case Written.URL:
                return self._layout.origin + quote(path, safe=self._layout.plain)

    def file(self, request: Request, place: Place) -> Response:
        """Bring the bytes at once."""
        return answers.file(request, place.body, ranges=self._manner.ranges)


def _is_among(identity: Identity | None, readers: set[Identity] | tuple[Identity, ...], *, any_user: bool) -> bool:
    if identity is None:
        return False
    return identity[1] in {password for _, password in readers} if any_user else identity in readers


def with_tokens_in_the_path(application: Application, start: str, shown: str, *, header: bool) -> Application:
    """Read the token out of the path: what follows `start`, up to the next `/`, becomes the password.

    What the application sees has `shown` in the place of both. It speaks with relative links, so that they hold the
    token again. `header`: an Authorization header is good too, where `shown` stands in the path itself.
    """

    def answer(request: Request) -> Response:
        bare = request if header else _without_header(request)
        # The longer of the two says what a path is: one of them may begin with the other.
        first = max((each for each in (start, shown) if request.path.startswith(each)), key=len, default=shown)
        if first == shown:
            return application(bare)
        token, _, rest = request.path.removeprefix(start).partition("/")
        headers = {**_without_header(request).headers, "authorization": f"Bearer {token}"}
        return application(msgspec.structs.replace(request, target=quote(shown + rest), headers=headers))

    return answer


def _without_header(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    return msgspec.structs.replace(request, headers=headers)


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
