"""Every kind of registry under one name, for tests that must hold at all of them.

with registry("azure", packages=[wheel("a", "1")], identity=("user", "token")) as host: ...

@pytest.mark.parametrize("kind", KINDS)
def test_each_file_is_asked_for_with_the_identity_of_its_own_index(kind):
    with registry(kind, Shelf("team/one", ...), Shelf("team/two", ...)) as host: ...
"""

from collections.abc import Callable, Iterable, Mapping

from lab.registries.azure import azure
from lab.registries.google import google
from lab.registries.simple import Files, Manner, simple
from lab.registry import Registry, Shelf
from lab.wheels import Artifact
from lab.wire import Identity

Maker = Callable[[tuple[Shelf, ...], bool], Registry]


def _simply(manner: Manner) -> Maker:
    return lambda shelves, tls: simple(*shelves, manner=manner, tls=tls)


MAKERS: Mapping[str, Maker] = {
    "json": _simply(Manner()),
    "html": _simply(Manner(formats=("html",), files=Files.INSIDE)),
    "relative": _simply(Manner(files=Files.RELATIVE)),
    "uuid": _simply(Manner(files=Files.UUID)),
    "other-host": _simply(Manner(files=Files.OTHER_HOST)),
    "redirect": _simply(Manner(files=Files.REDIRECT)),
    "redirect-away": _simply(Manner(files=Files.REDIRECT_AWAY)),
    "no-ranges": _simply(Manner(ranges=False, head=False, zipped=False, max_age=None)),
    "denies-with-404": _simply(Manner(refused=404, unknown=404)),
    "lacks-with-403": _simply(Manner(absent=403)),
    "google": lambda shelves, tls: google(*shelves, tls=tls),
    "azure": lambda shelves, tls: azure(*shelves, tls=tls),
}
"""How each kind is made. Shelves are named `X/Y`, which every kind understands."""

KINDS = tuple(MAKERS)


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
