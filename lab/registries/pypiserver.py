"""pypiserver: one index at the root of its host, or below the prefix that a reverse proxy gives it.

index  /[PREFIX/]simple/PACKAGE/        HTML only
file   /[PREFIX/]packages/FILE          written relative to the page

Nobody gets 401, wrong credentials 403. A missing package is answered with a redirect to the fallback, a public index,
where there is one.
"""

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact


def pypiserver(*shelves: Shelf, fallback: str = "", redirect: int = 303, tls: bool = False) -> Registry:
    """A server for each shelf, behind one proxy at its name; a shelf named "" lies at the root.

    `fallback` is the URL of an index, ending in `/`.
    """
    manner = Manner(
        formats=("html",),
        max_age=None,
        unknown=403,
        nobody=401,
        realm="pypi",
        forward=fallback,
        forwarding=redirect,
        hashes=("md5",),
        telling=pages.Telling(sidecars=False, yanked=False, requires_python=False, api_version="1.0"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=_path, written=Written.RELATIVE))
    return Registry((Server(site.answer, tls=tls),), {shelf.name: _index(shelf.name) for shelf in shelves})


def _prefix(name: str) -> str:
    return f"/{name}" if name else ""


def _index(name: str) -> str:
    return f"{_prefix(name)}/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"{_prefix(name)}/packages/{each.filename}"
