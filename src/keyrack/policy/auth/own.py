"""D20: whose identity goes with a URL that the user wrote: the index or the login with the longest path above it."""

from __future__ import annotations

from keyrack.policy.auth import audience, wording
from keyrack.policy.auth.book import Book
from keyrack.policy.auth.identity import identity_of
from keyrack.policy.auth.logins import depth, nearest
from keyrack.policy.auth.redirect import OneShot
from keyrack.policy.auth.refusals import About, Refused
from keyrack.policy.auth.steps import Part
from keyrack.values.credentials import Basic
from keyrack.values.exchange import Request
from keyrack.values.index import Index
from keyrack.values.url import Url


def owner_of(url: Url, book: Book) -> Part[Index | Refused | None]:
    """D20: a URL that the user wrote belongs to the index with the longest root above it."""
    owners = audience.owners(url, book.indexes)
    for other in owners[1:]:
        if (yield from identity_of(other, book)) != (yield from identity_of(owners[0], book)):
            return wording.ambiguous_identity(About(url), owners)
    return owners[0] if owners else None


def login_of(request: Request, owner: Index | None, book: Book) -> OneShot | Refused | None:
    """D20: a login goes with a URL that the user wrote if no index has as long a root above it.

    A user name in the URL picks the login. It stands in a URL with an empty password.
    """
    name = None
    match request.link_credentials:
        case Basic(username, password) if not password.reveal():
            name = username
        case None:
            pass
        case _:
            return None
    found = nearest(request.url, book.indexes.logins, name) if request.index is None else ()
    if not found or (owner is not None and depth(owner.root) >= depth(found[0].service)):
        return None
    if len(found) > 1:
        return wording.ambiguous_login(About(request.url), found)
    held = found[0].held
    return OneShot(found[0].credentials, held.source, held.where)
