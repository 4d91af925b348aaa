"""JFrog Artifactory: files beside `simple` under `../../packages/`, and a cold start.

index  /artifactory/api/pypi/REPOSITORY/simple/PACKAGE/      HTML, recent versions JSON too
file   /artifactory/api/pypi/REPOSITORY/packages/packages/AA/BB/HASH/FILE   written relative to the page

A user name with a password, or an empty user name with a JWT. Nobody and wrong ones get 401, those without right 403.
`cold` seconds: the first request of an identity takes so long, and whoever comes with the same identity meanwhile is
answered 401, right as it is. With `object_store` files are 302 to signed URLs elsewhere.
"""

import threading
import time

from lab import answers, pages
from lab.registries.object_store import ObjectStore
from lab.registries.site import Layout, Manner, Place, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Application, Server
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response

REALM = "Artifactory Realm"


def token(secret: str) -> Identity:
    """A JWT as a user passes it: with an empty user name."""
    return ("", secret)


def artifactory(*shelves: Shelf, cold: float = 0.0, object_store: bool = False, tls: bool = False) -> Registry:
    """A registry whose shelves are named as its repositories, or `TEAM/NAME` for the repository `TEAM-NAME`."""
    front, away = Server(tls=tls), Server(tls=tls)
    store = ObjectStore(away.url)

    def deliver(request: Request, place: Place) -> Response:
        if object_store:
            return answers.redirect(302, store.signed(f"filestore/{place.artifact.sha256}", place.body))
        return site.file(request, place)

    manner = Manner(max_age=None, realm=REALM, telling=pages.Telling(sidecars=False, api_version="1.0"))
    site = Site(shelves, manner, Layout(index=_index, file=_path, written=Written.RELATIVE), deliver)
    front.application = ColdStart(site.answer, cold).answer if cold else site.answer
    away.application = store.answer
    return Registry((front, away), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/artifactory/api/pypi/{name.replace('/', '-')}/simple/"


def _path(name: str, each: Artifact) -> str:
    place = f"{each.sha256[:2]}/{each.sha256[2:4]}/{each.sha256[4:]}"
    return f"{_index(name).removesuffix('simple/')}packages/packages/{place}/{each.filename}"


class ColdStart:
    """Checks an identity slowly when it first comes, and refuses it to all others until that is done."""

    def __init__(self, application: Application, seconds: float) -> None:
        """`seconds` is how long it takes."""
        self._application = application
        self._seconds = seconds
        self._lock = threading.Lock()
        self._met: dict[Identity | None, bool] = {}

    def answer(self, request: Request) -> Response:
        """Answer as the application does, once the identity is warm."""
        with self._lock:
            is_first = request.identity not in self._met
            is_warm = self._met.setdefault(request.identity, False)
        if is_first:
            time.sleep(self._seconds)
            with self._lock:
                self._met[request.identity] = True
        elif not is_warm:
            return answers.unauthorized(f'Basic realm="{REALM}"')
        return self._application(request)
