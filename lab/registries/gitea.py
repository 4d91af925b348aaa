"""Gitea and Forgejo: packages of an owner, hashes written `#sha256-HEX`, links as the server believes to be called.

index  /api/packages/OWNER/pypi/simple/PACKAGE/                    HTML only
file   APP_URL/api/packages/OWNER/pypi/files/PACKAGE/VERSION/FILE  absolute

A user name with a password or a token. Nobody, wrong ones and tokens without the scope get 401.
"""

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact


def gitea(*shelves: Shelf, app_host: str = "", tls: bool = False) -> Registry:
    """A registry whose shelves are named as owners, or `TEAM/NAME` for the owner `TEAM-NAME`.

    `app_host` is the host name that the server believes to have, `localhost` say, where it is not the one that users
    type.
    """
    server = Server(tls=tls)
    manner = Manner(
        formats=("html",),
        max_age=None,
        refused=401,
        realm="Gitea Package API",
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0", hash_sign="-"),
    )
    origin = server.url_as(app_host) if app_host else server.url
    server.application = Site(
        shelves, manner, Layout(index=_index, file=_path, written=Written.URL, origin=origin)
    ).answer
    return Registry((server,), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/api/packages/{name.replace('/', '-')}/pypi/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"{_index(name).removesuffix('simple/')}files/{each.project}/{each.version}/{each.filename}"
