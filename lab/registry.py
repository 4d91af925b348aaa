"""What all registries of the lab have in common: shelves of files, readers, servers, one log."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import msgspec

from lab.faults import Fault
from lab.server import Entry, Server
from lab.wheels import Artifact, normalized
from lab.wire import Identity


class Shelf(msgspec.Struct, frozen=True):
    """One index of a registry: its name there, the files it lists, and who may read it.

    No readers: everybody may. What a name looks like is the registry's matter: `project/repository`
    at Google, `organisation[/project]/feed` at Azure.
    """

    name: str
    artifacts: tuple[Artifact, ...] = ()
    readers: tuple[Identity, ...] = ()

    def files_of(self, project: str) -> tuple[Artifact, ...]:
        """The files of one project, in the order in which they were given."""
        return tuple(each for each in self.artifacts if each.project == normalized(project))

    def projects(self) -> tuple[str, ...]:
        """The normalized names of all projects."""
        return tuple(sorted({each.project for each in self.artifacts}))


class Registry:
    """One or more servers that stand and fall together; the first is the one that users name."""

    def __init__(
        self,
        servers: tuple[Server, ...],
        index_paths: Mapping[str, str],
        token_paths: Mapping[str, str] | None = None,
    ) -> None:
        """`index_paths` says where each shelf's simple API lies, from `/` on, without userinfo.

        `token_paths` says it for registries that take a token in the path, with `{token}` where it stands.
        """
        self.servers = servers
        self._index_paths = dict(index_paths)
        self._token_paths = dict(token_paths or {})

    @property
    def server(self) -> Server:
        """The server that users name."""
        return self.servers[0]

    @property
    def url(self) -> str:
        """The origin that users name, without a slash at the end."""
        return self.server.url

    @property
    def ca_file(self) -> Path:
        """What `SSL_CERT_FILE` must name where the registry speaks HTTPS."""
        return self.server.ca_file

    def index_url(self, name: str = "", identity: Identity | None = None, *, slash: bool = True) -> str:
        """The URL to give to an installer, with userinfo (or a token in the path) where an identity is given.

        Without a name: that of the first shelf.
        """
        known = name or next(iter(self._index_paths))
        in_path = identity is not None and known in self._token_paths
        path = self._index_paths[known]
        if in_path and identity:
            path = self._token_paths[known].format(token=quote(identity[1], safe=""))
        url = self.url + (path if slash else path.rstrip("/"))
        return with_userinfo(url, identity) if identity and not in_path else url

    def requests(self, pattern: str = "*") -> tuple[Entry, ...]:
        """What all servers were asked, in order, with targets that match the glob."""
        entries = [entry for server in self.servers for entry in server.requests(pattern)]
        return tuple(sorted(entries, key=lambda entry: entry.order))

    def clear(self) -> None:
        """Forget the log."""
        for server in self.servers:
            server.clear()

    def fault(self, fault: Fault) -> None:
        """Let something go wrong on every server from now on."""
        for server in self.servers:
            server.fault(fault)

    def __enter__(self) -> Self:
        """Start all servers."""
        with contextlib.ExitStack() as stack:
            for server in self.servers:
                stack.enter_context(server)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all servers."""
        self._stack.__exit__(kind, error, trace)


def with_userinfo(url: str, identity: Identity) -> str:
    """The URL with `user:password@`, both percent-encoded; no colon where there is no password."""
    scheme, _, rest = url.partition("://")
    user, password = (quote(part, safe="") for part in identity)
    return f"{scheme}://{user}{':' + password if password else ''}@{rest}"
