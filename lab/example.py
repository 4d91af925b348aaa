"""The example that the demo installs and `python -m lab` serves: five private indexes and a public one.

Two repositories of one Google host with a key each, three Azure feeds in two organisations with a
token each, and a public index that holds what they need, and impostors of two private packages.
"""

import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import msgspec

from lab.registries.azure import azure, uuid_of
from lab.registries.google import google, key
from lab.registries.simple import public
from lab.registry import Registry, Shelf
from lab.server import Entry
from lab.wheels import wheel
from lab.wire import Identity


class Place(msgspec.Struct, frozen=True):
    """One private index as a user sees it, and how to know its requests in a log.

    inline: its identity is written into the URL, else it comes from the environment. paths: what the
    targets of its requests hold.
    """

    name: str
    registry: Registry
    shelf: Shelf
    inline: bool
    paths: tuple[str, ...]

    @property
    def identity(self) -> Identity:
        """What opens it."""
        return self.shelf.readers[0]

    @property
    def variables(self) -> tuple[str, str]:
        """The environment variables for its user name and its password."""
        return (f"UV_INDEX_{self.name.upper()}_USERNAME", f"UV_INDEX_{self.name.upper()}_PASSWORD")

    def url(self, identity: Identity | None = None) -> str:
        """Its URL as a user passes it; `identity` stands in for the right one."""
        return self.registry.index_url(self.shelf.name, (identity or self.identity) if self.inline else None)


WANTED = "storefront"

_SHELVES = {
    "apps": Shelf(
        "north/apps",
        (
            wheel("storefront", "2.1", requires=["ledger>=1", "widgets[dark]", "spanner", "palette"]),
            wheel("storefront", "2.0", requires=["ledger"]),
        ),
        (key("service account of north/apps"),),
    ),
    "libs": Shelf("north/libs", (wheel("ledger", "1.4", requires=["clock-face"]),), (key("another for north/libs"),)),
    "ui": Shelf(
        "east/web/ui",
        (wheel("widgets", "3.0", requires=["gears"], extras={"dark": ["palette>=2"]}),),
        (("build", "token-of-ui"),),
    ),
    "core": Shelf("east/web/core", (wheel("gears", "0.9"),), (("build", "token-of-core"),)),
    "tools": Shelf(
        "west/tools", (wheel("spanner", "5.2", console={"spanner": "spanner:__name__"}),), (("any", "token-of-tools"),)
    ),
}

_PUBLIC = (
    wheel("palette", "2.2", requires_python=">=3.8"),
    wheel("palette", "3.0", requires_python=">=3.99"),
    wheel("clock-face", "1.0.post1"),
    # Whoever knows a private name may publish it: an installer must not look here for these two.
    wheel("ledger", "99.0"),
    wheel("gears", "99.0"),
)

INSTALLED = {
    "clock-face": "1.0.post1",
    "gears": "0.9",
    "ledger": "1.4",
    "palette": "2.2",
    "spanner": "5.2",
    "storefront": "2.1",
    "widgets": "3.0",
}
"""What `WANTED` comes to in a fresh environment."""


class Example:
    """The three registries together."""

    def __init__(self, *, tls: bool = False) -> None:
        """With `tls` all of them speak HTTPS."""
        self.google = google(_SHELVES["apps"], _SHELVES["libs"], tls=tls)
        self.azure = azure(_SHELVES["ui"], _SHELVES["core"], _SHELVES["tools"], tls=tls)
        self.public = public(*_PUBLIC, tls=tls)
        self.registries = (self.google, self.azure, self.public)
        self.places = (
            self._at_google("apps", inline=False),
            self._at_google("libs", inline=True),
            self._at_azure("ui", inline=False),
            self._at_azure("core", inline=False),
            self._at_azure("tools", inline=True),
        )

    def _at_google(self, name: str, *, inline: bool) -> Place:
        project, repository = _SHELVES[name].name.split("/")
        paths = (f"/{project}/{repository}/", f"/{project}/repositories/{repository}/")
        return Place(name, self.google, _SHELVES[name], inline, paths)

    def _at_azure(self, name: str, *, inline: bool) -> Place:
        shelf = _SHELVES[name]
        paths = (f"/_packaging/{name}/", f"/_packaging/{uuid_of(shelf.name)}/")
        return Place(name, self.azure, shelf, inline, paths)

    def __enter__(self) -> Self:
        """Start all servers."""
        with contextlib.ExitStack() as stack:
            for registry in self.registries:
                stack.enter_context(registry)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all servers."""
        self._stack.__exit__(kind, error, trace)

    def requests(self) -> tuple[Entry, ...]:
        """What was asked anywhere, oldest first."""
        entries = [entry for registry in self.registries for entry in registry.requests()]
        return tuple(sorted(entries, key=lambda entry: entry.order))

    def clear(self) -> None:
        """Forget the log."""
        for registry in self.registries:
            registry.clear()

    def where(self, entry: Entry) -> str:
        """The name of the index that a request was for, `public`, or `blob host`."""
        if entry.origin == self.public.url:
            return "public"
        if entry.origin == self.azure.servers[1].url:
            return "blob host"
        return next((place.name for place in self.places if any(path in entry.target for path in place.paths)), "?")

    def whose(self, identity: Identity | None) -> str:
        """The name of the index that an identity belongs to."""
        if identity is None:
            return "nobody"
        return next((place.name for place in self.places if place.identity == identity), "a stranger")

    def faults(self) -> Iterator[str]:
        """Everything in the log that an installer should not have done, in sentences."""
        for entry in self.requests():
            where, who = self.where(entry), self.whose(entry.identity)
            if who not in {"nobody", where}:
                yield f"{where} was asked with the identity of {who}: {entry.method} {entry.path}"
            if where == "blob host" and entry.identity is not None:
                yield f"the blob host saw an identity: {entry.path}"
            if entry.status in {401, 403}:
                yield f"{where} answered {entry.status} to {who}: {entry.method} {entry.path}"
