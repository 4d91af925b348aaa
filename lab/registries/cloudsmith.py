"""Cloudsmith: a token as password, or in the path, and then in the path of every file too.

index  /basic/OWNER/REPOSITORY/python/simple/PACKAGE/     with the user name `token`
       /TOKEN/OWNER/REPOSITORY/python/simple/PACKAGE/     with nothing else
file   /basic or TOKEN/OWNER/REPOSITORY/python/FILE       written relative to the page

Nobody and wrong tokens get 401; in the path too.
"""

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written, with_tokens_in_the_path
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Identity


def token(secret: str) -> Identity:
    """An entitlement token as a user passes it."""
    return ("token", secret)


def cloudsmith(*shelves: Shelf, in_path: bool = False, tls: bool = False) -> Registry:
    """A registry whose shelves are named `OWNER/REPOSITORY`.

    Both ways are open; with `in_path` an `index_url` for an identity holds its token in the path.
    """
    manner = Manner(
        formats=("html",),
        max_age=None,
        refused=401,
        any_user=True,
        realm="Cloudsmith",
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=_path, written=Written.RELATIVE))
    application = with_tokens_in_the_path(site.answer, "/", "/basic/", header=True)
    return Registry(
        (Server(application, tls=tls),),
        {shelf.name: _index(shelf.name) for shelf in shelves},
        {shelf.name: f"/{{token}}/{shelf.name}/python/simple/" for shelf in shelves if in_path},
    )


def _index(name: str) -> str:
    return f"/basic/{name}/python/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"/basic/{name}/python/{each.filename}"
