"""Credentials as values: equality and the header they make, no look-up (RFC 7617, RFC 6750)."""

from __future__ import annotations

from base64 import b64encode
from enum import Enum

import msgspec

from keyrack.values.secret import Secret
from keyrack.values.url import ParsedUrl


class Basic(msgspec.Struct, frozen=True):
    """A user name and a password; both may be empty."""

    username: str
    password: Secret

    def __repr__(self) -> str:
        """As `str`: a user name may be a token."""
        return f"Basic({self})"

    def __str__(self) -> str:
        """Write it as uv's log does; a name alone may be a token, so an empty password hides the name."""
        return f"{self.username}:****" if self.password.reveal() else "****"


class Bearer(msgspec.Struct, frozen=True):
    """A token that is sent as it is."""

    token: Secret

    def __repr__(self) -> str:
        """As `str`."""
        return f"Bearer({self})"

    def __str__(self) -> str:
        """Say the kind and nothing of the token."""
        return "bearer ****"


class Username(msgspec.Struct, frozen=True):
    """A user name whose password is not known (yet): half a credential."""

    username: str

    def __repr__(self) -> str:
        """As `str`."""
        return f"Username({self})"

    def __str__(self) -> str:
        """Hide the name: where it stands alone it may be a token."""
        return "****"


Complete = Basic | Bearer
Credentials = Basic | Bearer | Username


class Source(Enum):
    """Where credentials came from; the value is the phrase that messages use."""

    INLINE = "the index URL"
    DIRECT = "the URL itself"
    ENVIRONMENT = "the environment"
    STORE = "the credentials store"
    NETRC = "netrc"
    KEYRING = "keyring"
    LINK = "the link on the page"
    REDIRECT = "the redirect"


class Held(msgspec.Struct, frozen=True):
    """Credentials and where they came from. `detail` names the place: variables, a file, a service; never a secret."""

    credentials: Credentials
    source: Source
    detail: str = ""

    @property
    def where(self) -> str:
        """The phrase for messages: the detail where there is one."""
        return self.detail or self.source.value


def header_value(credentials: Complete) -> Secret:
    """Make the value of the Authorization header, in UTF-8 (RFC 7617, 2.1)."""
    if isinstance(credentials, Bearer):
        return Secret(f"Bearer {credentials.token.reveal()}")
    pair = f"{credentials.username}:{credentials.password.reveal()}"
    return Secret("Basic " + b64encode(pair.encode()).decode("ascii"))


def credentials_in(parsed: ParsedUrl) -> Credentials | None:
    """Give the credentials that stood in a URL's text: both halves, the name alone, or None."""
    if parsed.password is not None:
        return Basic(parsed.username or "", parsed.password)
    return Username(parsed.username) if parsed.username else None


def complete_in(parsed: ParsedUrl) -> Complete | None:
    """Give what a URL's text says of credentials as it is sent: a name alone goes with an empty password."""
    match credentials_in(parsed):
        case Username(name):
            return Basic(name, Secret(""))
        case both:
            return both
