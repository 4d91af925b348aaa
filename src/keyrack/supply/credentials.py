"""Where credentials are looked up: logins, netrc, then the `keyring` program, each asked by an index's declared URL.

What stands in an index URL or in the environment is known from the start (`policy/auth/given.py`) and not looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

from keyrack.errors import KeyrackError
from keyrack.formats.netrc_text import NetrcEntry, parse_netrc
from keyrack.policy.auth.logins import find_login
from keyrack.policy.auth.steps import Finding, Wanted
from keyrack.values.credentials import Basic, Held, Source
from keyrack.values.log import Level, Log, silent
from keyrack.values.login import Login
from keyrack.values.url import Url


class CredentialSource(Protocol):
    """One place to keep credentials. May be asked from many threads at once; never raises for "there is none"."""

    def mention(self, wanted: Wanted) -> str:
        """What messages call it, with the reason where it cannot be asked; "" where it has no say."""
        ...

    def find(self, wanted: Wanted) -> Held | None:
        """Give what it keeps, both halves, or None."""
        ...


class Lookups:
    """All sources in the order in which they are asked; the first that answers counts."""

    def __init__(self, sources: tuple[CredentialSource, ...] = (), log: Log = silent) -> None:
        """Take the sources in order: logins, netrc, keyring (D31)."""
        self._sources = sources
        self._log = log

    def find(self, wanted: Wanted) -> Finding:
        """Ask one source after the other."""
        asked: list[str] = []
        for source in self._sources:
            held = source.find(wanted)
            asked.append(source.mention(wanted))
            if held is not None:
                self._log(Level.DEBUG, f"Found credentials for {wanted.service} in {held.where}")
                return Finding(held, _spoken(asked))
        places = ", ".join(_spoken(asked)) or "no place to look"
        self._log(Level.DEBUG, f"Found no credentials for {wanted.service} in: {places}")
        return Finding(None, _spoken(asked))


def _spoken(mentions: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, mentions))


class Logins(Protocol):
    """The file of `auth login`."""

    @property
    def path(self) -> str:
        """Where it lies."""
        ...

    def logins(self) -> tuple[Login, ...]:
        """Read it anew."""
        ...


class LoginSource:
    """What the user has logged in to: the longest path above the index URL counts. Read anew each time it is asked.

    `AmbiguousLogin` where several users are logged in there and none is named.
    """

    def __init__(self, file: Logins) -> None:
        """Take the file."""
        self._file = file

    def mention(self, wanted: Wanted) -> str:
        """Name the file."""
        return "" if wanted.machine_only else f"{Source.STORE.value} ({self._file.path})"

    def find(self, wanted: Wanted) -> Held | None:
        """Find the login for an index URL. A foreign host is nobody's login (D10)."""
        login = None if wanted.machine_only else find_login(wanted.service, self._file.logins(), wanted.username)
        return None if login is None else login.held


class NetrcSource:
    """The netrc file, read when it is first needed. It knows hosts only, so one user may stand for many indexes."""

    def __init__(self, path: str, read: Callable[[str], bytes | None], log: Log = silent) -> None:
        """`read` gives the bytes of a file, None where there is none."""
        self._path = path
        self._read = read
        self._log = log
        self._lock = Lock()
        self._entries: tuple[NetrcEntry, ...] | None = None
        self._fault = ""

    def mention(self, _wanted: Wanted) -> str:
        """Name the file, and what is wrong with it."""
        return f"netrc ({self._path}: {self._fault})" if self._fault else f"netrc ({self._path})"

    def find(self, wanted: Wanted) -> Held | None:
        """Find the entry for the very host: the last one (uv), or the last one with the wanted login."""
        if wanted.machine_only and wanted.service.scheme != "https" and not wanted.service.origin.is_loopback:
            return None
        host = wanted.service.host.strip("[]")
        fitting = [entry for entry in self._all() if _fits(entry, host, wanted)]
        if not fitting:
            return None
        # An entry that names the machine comes before the `default` one, wherever that stands.
        entry = next((entry for entry in reversed(fitting) if entry.machine is not None), fitting[-1])
        return Held(Basic(entry.login, entry.password), Source.NETRC, self.mention(wanted))

    def _all(self) -> tuple[NetrcEntry, ...]:
        with self._lock:
            if self._entries is None:
                self._entries = self._parsed()
            return self._entries

    def _parsed(self) -> tuple[NetrcEntry, ...]:
        try:
            body = self._read(self._path)
            if body is None:
                self._log(Level.DEBUG, "No netrc file found")
                return ()
            return parse_netrc(body.decode("utf-8", "replace"))
        except KeyrackError as error:
            self._log(Level.WARN, f"Error reading netrc file `{self._path}`: {error.message}")
            self._fault = error.message
            return ()


def _fits(entry: NetrcEntry, host: str, wanted: Wanted) -> bool:
    if wanted.username is not None and entry.login != wanted.username:
        return False
    if entry.machine is not None:
        return entry.machine == host
    # The `default` entry would go to any host that asks for a password. It goes only to an index of which the user
    # has said that it wants credentials: by name, or by `authenticate = "always"`.
    return not wanted.machine_only and (wanted.always or wanted.username is not None)


class Asked(Protocol):
    """The `keyring` program."""

    @property
    def is_there(self) -> bool:
        """Whether there is such a program."""
        ...

    def get(self, service: str, username: str | None) -> Basic | None:
        """Give what is kept for a service."""
        ...


class KeyringSource:
    """The `keyring` program: asked for the index URL, then for its host.

    Never for a URL that stood on a page: plug-ins contact the URL that they are handed.
    """

    def __init__(self, keyring: Asked) -> None:
        """Take the program."""
        self._keyring = keyring

    def mention(self, wanted: Wanted) -> str:
        """Say why the program is not asked, where it is not: a setting that does nothing is hard to find."""
        if wanted.machine_only:
            return ""
        if not _names_somebody(wanted):
            return "keyring (not asked: no user name is known)"
        return "keyring" if self._keyring.is_there else "keyring (no such program on PATH)"

    def find(self, wanted: Wanted) -> Held | None:
        """Ask, if a user name is known or the index is never asked bare (uv's condition)."""
        if wanted.machine_only or not _names_somebody(wanted):
            return None
        for service in _services(wanted.service):
            found = self._keyring.get(service, wanted.username or None)
            if found is not None:
                return Held(found, Source.KEYRING, f"keyring ({service})")
        return None


def _names_somebody(wanted: Wanted) -> bool:
    return bool(wanted.username) or wanted.always


def _services(url: Url) -> tuple[str, ...]:
    host = url.authority
    return (url.bare, host) if url.scheme == "https" else (url.bare, host, f"{url.scheme}://{host}")
