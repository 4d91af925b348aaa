"""Every kind of registry under one name, for tests that must hold at all of them.

with registry("azure", packages=[wheel("a", "1")], identity=("user", "token")) as host: ...

@pytest.mark.parametrize("kind", KINDS)
def test_each_file_is_asked_for_with_the_identity_of_its_own_index(kind):
    one, two = identity(kind, "secret of one"), identity(kind, "secret of two")
    with registry(kind, Shelf("team/one", ..., (one,)), Shelf("team/two", ..., (two,))) as host:
        host.index_url("team/one", one)
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from lab.registries import artifactory as artifactory_
from lab.registries import cloudsmith as cloudsmith_
from lab.registries import codeartifact as codeartifact_
from lab.registries import gemfury as gemfury_
from lab.registries.anaconda import anaconda
from lab.registries.artifactory import artifactory
from lab.registries.azure import azure
from lab.registries.cloudsmith import cloudsmith
from lab.registries.codeartifact import codeartifact
from lab.registries.devpi import devpi
from lab.registries.gemfury import gemfury
from lab.registries.gitea import gitea
from lab.registries.gitlab import gitlab
from lab.registries.google import google, key
from lab.registries.nexus import nexus
from lab.registries.portal import portal
from lab.registries.pulp import pulp
from lab.registries.pypiserver import pypiserver
from lab.registries.simple import Files, Manner, simple
from lab.registry import Registry, Shelf
from lab.wheels import Artifact
from lab.wire import Identity

Maker = Callable[[tuple[Shelf, ...], bool], Registry]


def _user(secret: str) -> Identity:
    return ("user", secret)


class Kind(msgspec.Struct, frozen=True):
    """One kind: how it is made, how a user writes down a secret for it, and what is special about it, in words.

    in_path: a secret stands in the path of the index URL, and nowhere else.
    """

    make: Maker
    says: str
    identity: Callable[[str], Identity] = _user
    in_path: bool = False


def _simply(manner: Manner) -> Maker:
    return lambda shelves, tls: simple(*shelves, manner=manner, tls=tls)


_KINDS: Mapping[str, Kind] = {
    "json": Kind(_simply(Manner()), "an index as it should be"),
    "html": Kind(_simply(Manner(formats=("html",), files=Files.INSIDE)), "files below `simple/`"),
    "relative": Kind(_simply(Manner(files=Files.RELATIVE)), "links written with `../../`"),
    "uuid": Kind(_simply(Manner(files=Files.UUID)), "file URLs share only the host with the index URL"),
    "other-host": Kind(_simply(Manner(files=Files.OTHER_HOST)), "files on a host that asks for nothing"),
    "redirect": Kind(_simply(Manner(files=Files.REDIRECT)), "files redirect to another path of the host"),
    "redirect-away": Kind(_simply(Manner(files=Files.REDIRECT_AWAY)), "files redirect to a signed URL elsewhere"),
    "no-ranges": Kind(
        _simply(Manner(ranges=False, head=False, zipped=False, max_age=None)), "no parts of files, no HEAD, no ETag"
    ),
    "denies-with-404": Kind(_simply(Manner(refused=404, unknown=404)), "404 in place of 401 and 403"),
    "lacks-with-403": Kind(_simply(Manner(absent=403)), "403 for a package that is not there"),
    "google": Kind(lambda shelves, tls: google(*shelves, tls=tls), "Google Artifact Registry", key),
    "azure": Kind(lambda shelves, tls: azure(*shelves, tls=tls), "Azure Artifacts"),
    "gitlab": Kind(lambda shelves, tls: gitlab(*shelves, tls=tls), "GitLab, projects by number"),
    "gitlab-path": Kind(lambda shelves, tls: gitlab(*shelves, by_path=True, tls=tls), "GitLab, projects by path"),
    "gitlab-group": Kind(
        lambda shelves, tls: gitlab(*shelves, groups=tuple(each.name for each in shelves), tls=tls), "GitLab, groups"
    ),
    "gitlab-object-store": Kind(
        lambda shelves, tls: gitlab(*shelves, direct_download=True, tls=tls), "GitLab, files behind signed URLs"
    ),
    "codeartifact": Kind(lambda shelves, tls: codeartifact(*shelves, tls=tls), "AWS CodeArtifact", codeartifact_.token),
    "gemfury": Kind(lambda shelves, tls: gemfury(*shelves, tls=tls), "Gemfury", gemfury_.token),
    "devpi": Kind(lambda shelves, tls: devpi(*shelves, tls=tls), "devpi"),
    "artifactory": Kind(lambda shelves, tls: artifactory(*shelves, tls=tls), "JFrog Artifactory", artifactory_.token),
    "artifactory-object-store": Kind(
        lambda shelves, tls: artifactory(*shelves, object_store=True, tls=tls), "Artifactory, files behind signed URLs"
    ),
    "nexus": Kind(lambda shelves, tls: nexus(*shelves, tls=tls), "Sonatype Nexus"),
    "pulp": Kind(lambda shelves, tls: pulp(*shelves, tls=tls), "Pulp, files on a content host"),
    "pulp-redirects": Kind(lambda shelves, tls: pulp(*shelves, redirects=True, tls=tls), "Pulp, pages there too"),
    "cloudsmith": Kind(lambda shelves, tls: cloudsmith(*shelves, tls=tls), "Cloudsmith", cloudsmith_.token),
    "cloudsmith-path": Kind(
        lambda shelves, tls: cloudsmith(*shelves, in_path=True, tls=tls),
        "Cloudsmith, token in the path",
        cloudsmith_.token,
        in_path=True,
    ),
    "anaconda": Kind(lambda shelves, tls: anaconda(*shelves, tls=tls), "Anaconda, token in the path", in_path=True),
    "pypiserver": Kind(lambda shelves, tls: pypiserver(*shelves, tls=tls), "pypiserver"),
    "gitea": Kind(lambda shelves, tls: gitea(*shelves, tls=tls), "Gitea and Forgejo"),
    "portal": Kind(lambda shelves, tls: portal(*shelves, tls=tls), "an index behind a single sign-on"),
}

MAKERS: Mapping[str, Maker] = {name: kind.make for name, kind in _KINDS.items()}
"""How each kind is made. Shelves are named `X/Y`, which every kind understands."""

KINDS = tuple(_KINDS)

IN_PATH = frozenset(name for name, kind in _KINDS.items() if kind.in_path)
"""Those that take a secret in the path of the index URL and in no other place."""


def registry(
    kind: str,
    *shelves: Shelf,
    packages: Iterable[Artifact] = (),
    identity: Identity | None = None,
    tls: bool = False,
) -> Registry:
    """A registry of this kind with these shelves, or with one, `team/main`, that lists `packages`."""
    only = Shelf("team/main", tuple(packages), (identity,) if identity else ())
    return MAKERS[kind](shelves or (only,), tls)


def identity(kind: str, secret: str) -> Identity:
    """The user name and the password by which a user of this kind shows a secret."""
    return _KINDS[kind].identity(secret)


def about(kind: str) -> str:
    """What is special about a kind."""
    return _KINDS[kind].says
