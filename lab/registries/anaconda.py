"""Anaconda: channels with a token in the path and in no other place.

index  /t/TOKEN/CHANNEL/simple/PACKAGE/                  HTML only; a public channel is /CHANNEL/simple/
file   /t/TOKEN/CHANNEL/simple/PACKAGE/VERSION/FILE      302 to a signed URL of an object store

Without a good token: 401, whatever the Authorization header says.
"""

from lab import answers, pages
from lab.registries.object_store import ObjectStore
from lab.registries.site import Layout, Manner, Place, Site, Written, with_tokens_in_the_path
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Request, Response


def anaconda(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry whose shelves are named as its channels, or `TEAM/NAME` for the channel `TEAM-NAME`."""
    front, away = Server(tls=tls), Server(tls=tls)
    store = ObjectStore(away.url)

    def deliver(_request: Request, place: Place) -> Response:
        return answers.redirect(302, store.signed(f"files/{place.artifact.sha256}", place.body))

    manner = Manner(
        formats=("html",),
        max_age=None,
        refused=401,
        any_user=True,
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=_path, written=Written.RELATIVE), deliver)
    front.application = with_tokens_in_the_path(site.answer, "/t/", "/", header=False)
    away.application = store.answer
    return Registry(
        (front, away),
        {shelf.name: _index(shelf.name) for shelf in shelves},
        {shelf.name: f"/t/{{token}}{_index(shelf.name)}" for shelf in shelves},
    )


def _index(name: str) -> str:
    return f"/{name.replace('/', '-')}/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"{_index(name)}{each.project}/{each.version}/{each.filename}"
