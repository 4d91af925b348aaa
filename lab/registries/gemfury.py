"""Gemfury: an account's index at the root of its path, a token as user name, files behind URLs signed for GET alone.

index  /ACCOUNT/PACKAGE/               HTML only; there is no `simple`
file   /ACCOUNT/-/ver_ID/FILE          302 to a signed URL of an object store, which answers 403 to HEAD and 400 to
                                       whoever brings an Authorization header

The token is the user name; the password is empty, and the colon may be missing. Others: 401 or, where the token is
another account's, 404.
"""

import hashlib

from lab import answers, pages
from lab.registries.object_store import ObjectStore
from lab.registries.site import Layout, Manner, Place, Site
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response


def token(secret: str) -> Identity:
    """A token as a user passes it: `https://TOKEN@host/ACCOUNT/`."""
    return (secret, "")


def gemfury(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry whose shelves are named as accounts, or `TEAM/NAME` for the account `TEAM-NAME`."""
    front, away = Server(tls=tls), Server(tls=tls)
    store = ObjectStore(away.url)

    def deliver(_request: Request, place: Place) -> Response:
        return answers.redirect(
            302, store.signed(f"gemfury/{place.artifact.sha256}/{place.artifact.filename}", place.body)
        )

    manner = Manner(
        formats=("html",),
        max_age=None,
        refused=404,
        realm="repository",
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=_path), deliver)
    front.application = site.answer
    away.application = store.answer
    return Registry((front, away), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/{name.replace('/', '-')}/"


def _path(name: str, each: Artifact) -> str:
    version = hashlib.blake2b(f"{name} {each.filename}".encode(), digest_size=4).hexdigest()
    return f"{_index(name)}-/ver_{version}/{each.filename}"
