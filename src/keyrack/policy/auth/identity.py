"""Pieces of the ladder that deal with one index's identity: look it up once, send with it, renew it once, wait.

However many requests run at once, each of these is done by one of them while the others wait.
"""

from __future__ import annotations

from typing import cast

import msgspec

from keyrack.policy.auth import audience
from keyrack.policy.auth.book import Book, Progress, Standing, State
from keyrack.policy.auth.redirect import Hop
from keyrack.policy.auth.steps import Finding, LookUp, Part, Refresh, Reply, Send, Tell, Wait, Wanted
from keyrack.values.credentials import Complete, Held, Username
from keyrack.values.exchange import Purpose
from keyrack.values.index import AuthPolicy, Index
from keyrack.values.log import Level


def looked_up(index: Index, book: Book, why: str) -> Part[Complete | None]:
    """Ask the sources for the index's credentials, once a run, and give what is known then."""
    while book.standing(index.id).looked is Progress.UNDERWAY:
        yield Wait(f"another request is looking up the credentials of index `{index.label}`")
    if book.standing(index.id).looked is Progress.NOT_YET:
        book.begin_look_up(index.id)
        try:
            wanted = wanted_for(index, book.standing(index.id).held)
            book.looked_up(index, cast("Finding", (yield LookUp(wanted, why))))
        finally:
            book.give_up_look_up(index.id)
    return book.standing(index.id).complete


def identity_of(index: Index, book: Book) -> Part[Complete | None]:
    """Give the identity by which the index is told from others, whenever it is asked: the sources are, if need be."""
    if index.authenticate is AuthPolicy.NEVER:
        return None
    if book.standing(index.id).known_as is None:
        yield from looked_up(index, book, f"to tell index `{index.label}` from others on its host")
    return book.standing(index.id).known_as


def claimant(hop: Hop, index: Index, book: Book) -> Part[Index | None]:
    """Find an index with another identity into which the URL falls (D7)."""
    own = book.standing(index.id).known_as
    for other in audience.claimants(hop.url, index, book.indexes):
        if (yield from identity_of(other, book)) != own:
            return other
    return None


class Sent(msgspec.Struct, frozen=True):
    """The reply to a request with an index's identity, and how that stood when the request went out."""

    reply: Reply
    then: Standing


def sent_as(hop: Hop, index: Index, book: Book, why: str) -> Part[Sent | None]:
    """Send with the index's identity; None where it has been rejected, and nothing may go out."""
    while book.standing(index.id).state is not State.REJECTED and not book.standing(index.id).may_send:
        yield Wait(f"the credentials of index `{index.label}` have not been accepted yet")
    standing = book.standing(index.id)
    if standing.state is State.REJECTED or standing.held is None:
        return None
    if not audience.is_confidential(hop.url.origin) and book.is_news(f"http {index.id}"):
        yield Tell(Level.WARN, f"The credentials of index `{index.label}` go over plain http to {hop.url.origin}")
    then = book.sent(index.id)
    whose = f"credentials of index `{index.label}` (from {standing.held.where})"
    counts = False
    try:
        step = Send(hop.url, standing.complete, why, whose, index.id, then.generation)
        reply = cast("Reply", (yield step))
        counts = not is_beside_the_point(hop, index)
    finally:
        book.returned(index.id, then.generation, counts=counts)
    book.answered(index.id, reply.status, then.generation)
    return Sent(reply, then)


def second_chance(hop: Hop, index: Index, book: Book, then: Standing) -> Part[bool]:
    """After a 401: say whether the request may be sent once more. `then` is how the identity stood when it was sent.

    Credentials that were accepted before may have expired: their source is asked again, once. Some servers answer
    401 to a burst of requests with good credentials (W20), so what others have proven meanwhile is tried again.
    """
    if is_beside_the_point(hop, index):
        return False
    generation = then.generation
    has_waited = False
    while _is_open(book, index, generation) and book.standing(index.id).in_flight:
        has_waited = True
        yield Wait(f"other requests with the credentials of index `{index.label}` are underway")
    standing = book.standing(index.id)
    if standing.generation == generation and (standing.state is State.PROVEN or _may_have_worked(standing, then)):
        return (yield from _renewed(index, book, generation))
    if _is_open(book, index, generation) and not (has_waited and standing.heard):
        book.reject(index.id)
        return False
    return standing.state is not State.REJECTED


def is_beside_the_point(hop: Hop, index: Index) -> bool:
    """Say whether a 401 says nothing about the identity: a sidecar may not exist (D13), or the user said so."""
    if hop.request.purpose is Purpose.METADATA:
        return True
    return hop.request.purpose is Purpose.PAGE and 401 in index.ignore_error_codes


def wanted_for(index: Index, held: Held | None) -> Wanted:
    """Say what is looked up for an index: by its declared URL, and by the user name where one is known."""
    username = None if held is None or not isinstance(held.credentials, Username) else held.credentials.username
    return Wanted(index.url, username, always=index.authenticate is AuthPolicy.ALWAYS)


def _may_have_worked(standing: Standing, then: Standing) -> bool:
    """Say whether to ask the source again: an answer other than 401 is no proof (a redirect, for one), but a sign."""
    return standing.state is State.UNPROVEN and then.heard and standing.is_refreshable


def _is_open(book: Book, index: Index, generation: int) -> bool:
    standing = book.standing(index.id)
    return standing.state is State.UNPROVEN and standing.generation == generation


def _renewed(index: Index, book: Book, generation: int) -> Part[bool]:
    while book.standing(index.id).refreshed is Progress.UNDERWAY:
        yield Wait(f"another request is renewing the credentials of index `{index.label}`")
    standing = book.standing(index.id)
    if standing.generation != generation or standing.held is None or not standing.is_refreshable:
        return standing.state is not State.REJECTED
    book.begin_refresh(index.id)
    try:
        wanted = wanted_for(index, index.given)
        finding = cast("Finding", (yield Refresh(wanted, standing.held, "they stopped working (401)")))
        book.refreshed(index.id, finding.held)
    finally:
        book.give_up_refresh(index.id)
    return finding.held is not None
