"""Sonatype Nexus 3: repositories of one host, files beside `simple` under `../../packages/`.

index  /repository/REPOSITORY/simple/PACKAGE/                       HTML only
file   /repository/REPOSITORY/packages/PACKAGE/VERSION/FILE         written relative to the page

A user name with a password, or the two halves of a user token. Nobody and wrong ones get 401, those without right 403.
"""

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact


def nexus(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry whose shelves are named as its repositories, or `TEAM/NAME` for the repository `TEAM-NAME`."""
    manner = Manner(
        formats=("html",),
        max_age=None,
        realm="Sonatype Nexus Repository Manager",
        telling=pages.Telling(sidecars=False, yanked=False, api_version="1.0"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=_path, written=Written.RELATIVE))
    return Registry((Server(site.answer, tls=tls),), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/repository/{name.replace('/', '-')}/simple/"


def _path(name: str, each: Artifact) -> str:
    return f"{_index(name).removesuffix('simple/')}packages/{each.project}/{each.version}/{each.filename}"
