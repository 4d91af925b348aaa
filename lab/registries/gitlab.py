"""GitLab: an index for each project and each group, on one host, with tokens of every kind.

index  /api/v4/projects/ID/packages/pypi/simple/PACKAGE/       HTML only; ID is a number or an encoded path
       /api/v4/groups/ID/-/packages/pypi/simple/PACKAGE/
file   /api/v4/projects/NUMBER/packages/pypi/files/SHA256/FILE  an absolute URL, always with the number

Any user name does: the token counts. Nobody and unknown tokens get 401; a token that is good elsewhere gets 404, as if
nothing were there. A package that is not there either is 404, or is answered with 302 to a public index: for everybody,
and with `forwards_strangers` even for those who may not read the index at all.
"""

import zlib
from urllib.parse import quote, unquote

import msgspec

from lab import answers, pages
from lab.registries.object_store import ObjectStore
from lab.registries.site import Layout, Manner, Place, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Request, Response

REALM = "GitLab Packages Registry"


def gitlab(
    *shelves: Shelf,
    groups: tuple[str, ...] = (),
    by_path: bool = False,
    forward: str = "",
    forwards_strangers: bool = False,
    direct_download: bool = False,
    tls: bool = False,
) -> Registry:
    """A registry whose shelves are named `GROUP/PROJECT`; those that `groups` names are indexes of groups.

    by_path: index URLs hold the encoded path in place of the number. forward: the URL of a public index, ending in `/`.
    direct_download: files are 302 to signed URLs of an object store.
    """
    front, away = Server(tls=tls), Server(tls=tls)
    store = ObjectStore(away.url)

    def start(name: str) -> str:
        place = f"groups/{number_of(name)}/-" if name in groups else f"projects/{number_of(name)}"
        return f"/api/v4/{place}/packages/pypi"

    def path(name: str, each: Artifact) -> str:
        return f"{start(name)}/files/{each.sha256}/{each.filename}"

    def deliver(request: Request, place: Place) -> Response:
        if direct_download:
            return answers.redirect(
                302, store.signed(f"packages/{place.artifact.sha256}/{place.artifact.filename}", place.body)
            )
        return site.file(request, place)

    layout = Layout(index=lambda name: f"{start(name)}/simple/", file=path, written=Written.URL, origin=front.url)
    manner = Manner(
        formats=("html",),
        max_age=None,
        refused=404,
        any_user=True,
        realm=REALM,
        forward=forward,
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0"),
    )
    site = Site(shelves, manner, layout, deliver)
    front.application = Front(site, shelves, forward if forwards_strangers else "").answer
    away.application = store.answer
    paths = {shelf.name: layout.index(shelf.name) for shelf in shelves}
    if by_path:
        paths = {
            name: path.replace(f"/{number_of(name)}/", f"/{quote(name, safe='')}/") for name, path in paths.items()
        }
    return Registry((front, away), paths)


def number_of(name: str) -> int:
    """The number under which the registry knows a project or a group."""
    return 1000 + zlib.crc32(name.encode()) % 9_000_000


class Front:
    """What the host does before it looks for pages and files."""

    def __init__(self, site: Site, shelves: tuple[Shelf, ...], forward_to: str) -> None:
        """`forward_to` is where strangers are sent; empty for nowhere."""
        self._site = site
        self._numbers = {shelf.name: number_of(shelf.name) for shelf in shelves}
        self._forward_to = forward_to

    def answer(self, request: Request) -> Response:
        """Answer under the number, whichever way the project was named."""
        answer = self._site.answer(msgspec.structs.replace(request, target=self._by_number(request.target)))
        if answer.status in (401, 404) and self._forward_to and "/simple/" in request.path:
            package = request.path.rstrip("/").rpartition("/")[2]
            return answers.redirect(302, f"{self._forward_to}{package}/")
        return answer

    def _by_number(self, target: str) -> str:
        # "", "api", "v4", scope, the name or the number, and the rest.
        parts = target.split("/", 5)
        if len(parts) == 6 and unquote(parts[4]) in self._numbers:
            parts[4] = str(self._numbers[unquote(parts[4])])
        return "/".join(parts)
