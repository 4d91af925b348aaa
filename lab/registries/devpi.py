"""devpi: indexes that inherit from others, under `+simple`; a file lies under the index that owns it.

index  /USER/INDEX/+simple/PACKAGE/                  JSON or HTML
file   /OWNER/INDEX/+f/HEX3/HEX13/FILE               of the owning index, written relative to the page

Nobody and wrong passwords get 401, a user without right 403.
"""

from collections.abc import Mapping

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact


def devpi(*shelves: Shelf, bases: Mapping[str, tuple[str, ...]] | None = None, tls: bool = False) -> Registry:
    """A registry whose shelves are named `USER/INDEX`; `bases` says from which others one inherits."""

    def path(name: str, each: Artifact) -> str:
        return f"/{name}/+f/{each.sha256[:3]}/{each.sha256[3:16]}/{each.filename}"

    manner = Manner(max_age=None, realm="pypi", telling=pages.Telling(sidecars=False, api_version="1.0"))
    site = Site(shelves, manner, Layout(index=_index, file=path, written=Written.RELATIVE, plain="/+"), bases=bases)
    return Registry((Server(site.answer, tls=tls),), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/{name}/+simple/"
