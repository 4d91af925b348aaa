"""AWS CodeArtifact: repositories of one domain on one host; a token of twelve hours under the user name `aws`.

index  /pypi/REPOSITORY/simple/PACKAGE/                   JSON with PEP 700, or HTML
file   /pypi/REPOSITORY/simple/PACKAGE/VERSION/FILE       inside `simple/`, written relative to the page

Nobody gets 401, a token that has expired or never was one 404, a token without right 403. An `Accept` that names
neither format is 406. There is no list of packages.
"""

from lab import pages
from lab.registries.site import Layout, Manner, Site, Written
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wheels import Artifact
from lab.wire import Identity


def token(secret: str) -> Identity:
    """A token as a user passes it."""
    return ("aws", secret)


def codeartifact(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry whose shelves are named as its repositories, or `TEAM/NAME` for the repository `TEAM-NAME`."""

    def path(name: str, each: Artifact) -> str:
        return f"{_index(name)}{each.project}/{each.version}/{each.filename}"

    manner = Manner(
        lists=False,
        unknown=404,
        nobody=401,
        max_age=None,
        realm="domain",
        telling=pages.Telling(sidecars=False, api_version="1.1"),
    )
    site = Site(shelves, manner, Layout(index=_index, file=path, written=Written.RELATIVE))
    return Registry((Server(site.answer, tls=tls),), {shelf.name: _index(shelf.name) for shelf in shelves})


def _index(name: str) -> str:
    return f"/pypi/{name.replace('/', '-')}/simple/"
