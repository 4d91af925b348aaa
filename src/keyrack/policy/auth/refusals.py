"""Every way in which a request is refused: one class for each reaction that a caller can have.

The classes hold facts; their sentences are made in `policy/auth/wording.py`.
"""

from __future__ import annotations

import msgspec

from keyrack.errors import KeyrackError
from keyrack.values.index import Index, IndexId
from keyrack.values.url import Url


class About(msgspec.Struct, frozen=True):
    """The facts of a refusal.

    `status` is None where nothing was sent; `where` is the place that the identity came from, empty where there was
    none; `tried` are the places that were asked for one.
    """

    url: Url
    index: Index | None = None
    status: int | None = None
    where: str = ""
    tried: tuple[str, ...] = ()


class Refused(KeyrackError):
    """A request that credentials could not carry through. Metadata readers catch it and go on to the next way (D13)."""

    def __init__(
        self, message: str, about: About, *, causes: tuple[str, ...] = (), hints: tuple[str, ...] = ()
    ) -> None:
        """Keep the facts beside the words."""
        super().__init__(message, causes=causes, hints=hints)
        self.about = about

    @property
    def index(self) -> IndexId | None:
        """The index in whose name the request was made."""
        return self.about.index.id if self.about.index else None

    @property
    def status(self) -> int | None:
        """The status that came back, None where nothing was sent."""
        return self.about.status

    @property
    def url(self) -> Url:
        """What was asked for."""
        return self.about.url

    @property
    def where(self) -> str:
        """Where the identity came from; empty where there was none."""
        return self.about.where

    @property
    def tried(self) -> tuple[str, ...]:
        """The places that were asked for an identity."""
        return self.about.tried


class AuthRejected(Refused):
    """Credentials were sent and not accepted (D1, D5, D11, D19)."""


class Forbidden(Refused):
    """The server knows who asks and does not allow it: 403."""


class AuthRequired(Refused):
    """The server wants credentials and none are known (D3, D20)."""


class LockedIndexNotConfigured(AuthRequired):
    """A lock names an index that nobody configured, and the index wants credentials (D17)."""


class IdentityIncomplete(Refused):
    """A user name is known and no place has its password (D2)."""


class MissingCredentials(Refused):
    """`authenticate = "always"`, and no place has credentials: nothing was sent."""


class AuthenticationDisabled(AuthRequired):
    """`authenticate = "never"`, and the server wants credentials (D4)."""


class ClaimedBy(Refused):
    """A file that one index lists lies in another one that has another identity (D7)."""


class NoIdentityForLink(Refused):
    """A file is refused, and the index that lists it has no identity (D8)."""


class OutsideScope(Refused):
    """A file lies outside its index's root, and `file-scope` keeps the identity inside (D6)."""


class ForeignFileOrigin(Refused):
    """A file lies on another origin than the index that lists it (D10)."""


class IndexMoved(Refused):
    """A file lies on the origin to which its index's page was redirected (D27)."""


class InsecureLink(Refused):
    """An index on https lists a file on plain http (D12)."""


class InsecureRedirect(Refused):
    """A redirect leads from https to plain http (D24)."""


class RedirectNeedsAuth(Refused):
    """A redirect leads to another origin, which wants credentials (D23)."""


class RedirectIntoClaim(Refused):
    """A redirect leads into another index on the same host (D22)."""


class ForwardedElsewhere(Refused):
    """An index sends those who ask for a package that it lacks to another index, which is searched in its turn (D27).

    Its status is 404: the index does not have the package.
    """


class BadRedirect(Refused):
    """A redirect leads nowhere: too many, no URL, or not http(s)."""


class SignInPage(Refused):
    """A page for people to sign in came in place of an index page (D33)."""


class AmbiguousIdentity(Refused):
    """Two indexes with different identities lay the same claim to a URL (D20)."""


class ProxyRefused(Refused):
    """The proxy wants credentials: 407 (D32)."""
