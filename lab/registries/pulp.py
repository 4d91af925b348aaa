"""Pulp: pages on one host, files on another, which may be guarded; pages may lie there too.

index    /pypi/DISTRIBUTION/simple/PACKAGE/        JSON or HTML, with metadata beside the wheels
content  /pulp/content/DISTRIBUTION/FILE           on the content host, an absolute URL

With `redirects` the host that users name sends them to the same page on the content host (302). With `guarded` the
content host asks for the identity of the index, and answers 403 to all others.
"""

import msgspec

from lab import answers
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Request, Response


def pulp(*shelves: Shelf, guarded: bool = False, redirects: bool = False, tls: bool = False) -> Registry:
    """A registry whose shelves are named as its distributions."""
    front, content = Server(tls=tls), Server(tls=tls)
    layout = Layout(index=_index, file=_path, written=Written.URL, origin=content.url)
    site = Site(shelves, Manner(realm="pulp"), layout)
    open_site = Site(tuple(msgspec.structs.replace(each, readers=()) for each in shelves), Manner(), layout)

    def answer(request: Request) -> Response:
        if request.path in site.places:
            return answers.plain(404, "not found")
        found = site.answer(request)
        return answers.redirect(302, content.url + request.target) if redirects and found.status == 200 else found

    def bring(request: Request) -> Response:
        place = site.places.get(request.path)
        if place is None:
            return open_site.answer(request) if redirects else answers.plain(404, "not found")
        if guarded and (refusal := site.refusal(request, place.shelf)):
            return refusal if request.identity is None else answers.plain(403, "the guard says no")
        return open_site.file(request, place)

    front.application = answer
    content.application = bring
    return Registry((front, content), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/pypi/{name}/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"/pulp/content/{name}/{each.filename}"
