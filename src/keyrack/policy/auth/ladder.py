"""The heart: which credentials go where. One request becomes a sequence of steps, read from top to bottom.

The index that a request is made for picks the identity; the origin gates it; a URL prefix decides only for URLs that
the user wrote. The rows D1 to D33 are those of the decision table in `docs/credentials.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import msgspec

from keyrack.policy.auth import audience, redirect, wording
from keyrack.policy.auth.audience import Relation
from keyrack.policy.auth.book import Book, State
from keyrack.policy.auth.identity import (
    Sent,
    claimant,
    identity_of,
    is_beside_the_point,
    looked_up,
    second_chance,
    sent_as,
)
from keyrack.policy.auth.own import login_of, owner_of
from keyrack.policy.auth.redirect import Hop, OneShot
from keyrack.policy.auth.refusals import About, Refused
from keyrack.policy.auth.steps import Finding, LookUp, Part, Reply, Send, Steps, Tell, Wanted
from keyrack.values.credentials import Source, Username
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import AuthPolicy, Index
from keyrack.values.log import Level

NOTHING_SENT = Reply(0)


class Said(msgspec.Struct, frozen=True):
    """What one hop came to: the last reply, or the refusal; how often it was sent, and whether with a credential."""

    reply: Reply
    refusal: Refused | None = None
    sends: int = 1
    spoke: bool = False


def ladder(request: Request, book: Book) -> Steps:
    """Carry one request to its final reply, hop by hop; the refusal comes back if it must not or cannot get there."""
    first = hop = yield from _start(request, book)
    may_restart = True
    while not isinstance(hop, Refused):
        said = yield from _ask(hop, book)
        may_restart = may_restart and said.sends == 1
        if said.refusal is not None:
            if not (may_restart and _is_worth_a_restart(hop, said.reply)):
                return said.refusal
            hop, may_restart = first, False
            continue
        hop = msgspec.structs.replace(hop, has_spoken=hop.has_spoken or said.spoke)
        onward = redirect.follow(hop, said.reply)
        if onward is None:
            return None
        if may_restart and (yield from _is_for_strangers(hop, onward, book)):
            hop, may_restart = first, False
            continue
        forwarded = yield from _forwarded(hop, onward, book)
        if forwarded is None:
            yield from _remark(hop, onward, said.reply.status, book)
        hop = forwarded or onward
    return hop


def _start(request: Request, book: Book) -> Part[Hop | Refused]:
    """Find out in whose name the request is made (D12, D16, D19, D20)."""
    owner: Index | Refused | None = None
    if request.index is not None:
        owner = book.index(request.index)
    elif request.link_credentials is None:
        owner = yield from owner_of(request.url, book)
    if isinstance(owner, Refused):
        return owner
    login = login_of(request, owner, book)
    if isinstance(login, Refused):
        return login
    if login is not None:
        return Hop(request, request.url, None, one_shot=login)
    if owner and owner.url.scheme == "https" and request.url.scheme == "http" and request.purpose is not Purpose.PAGE:
        refusal = yield from _insecure(request, owner, book)
        if refusal:
            return refusal
    inside = owner is None or audience.relation(request.url, owner) is not Relation.FOREIGN
    return Hop(request, request.url, owner, inside, _one_shot_of(request))


def _one_shot_of(request: Request) -> OneShot | None:
    """D11, D19: what stood in the link or in the user's URL goes with that URL; from a page, never over plain http."""
    if request.link_credentials is None:
        return None
    if request.index is None:
        return OneShot(request.link_credentials, Source.DIRECT)
    return OneShot(request.link_credentials, Source.LINK) if audience.is_confidential(request.url.origin) else None


def _insecure(request: Request, index: Index, book: Book) -> Part[Refused | None]:
    """D12: a private file, or one that nothing checks, is not fetched over http when its index is read over https."""
    identity = yield from identity_of(index, book)
    if identity is not None or book.standing(index.id).held is not None or not request.has_hash:
        return wording.insecure_link(About(request.url, index))
    if book.is_news(f"insecure {index.id}"):
        yield Tell(Level.WARN, f"Index `{index.label}` is read over https and lists files on plain http: {request.url}")
    return None


def _ask(hop: Hop, book: Book) -> Part[Said]:
    """Ask one URL, as whoever may speak there."""
    owner = hop.owner
    if owner is not None and owner.authenticate is AuthPolicy.NEVER:
        why = f'index `{owner.label}` says `authenticate = "never"`'
        return (yield from _bare(hop, why, wording.authentication_disabled))
    if hop.one_shot is not None:
        return (yield from _with_one_shot(hop, hop.one_shot, book))
    if owner is None or not hop.inside:
        return (yield from _abroad(hop, book))
    if audience.relation(hop.url, owner) is Relation.OUT_OF_SCOPE:
        why = f"it lies outside the path of index `{owner.label}`, whose identity keeps to that"
        return (yield from _bare(hop, why, wording.outside_scope))
    return (yield from _in_the_name_of(hop, owner, book))


def _in_the_name_of(hop: Hop, index: Index, book: Book) -> Part[Said]:
    """D1, D2, D3, D5, D6, D8, D9: the index's own page, and what it lists where it vouches for it."""
    held = book.standing(index.id).held
    is_half = held is not None and isinstance(held.credentials, Username)
    if is_half or (held is None and index.authenticate is AuthPolicy.ALWAYS):
        yield from looked_up(index, book, "only a user name is known" if is_half else "the index is never asked bare")
    if book.standing(index.id).complete is not None and not _is_disproved(index, book):
        return (yield from _with_identity(hop, index, book))
    if index.authenticate is AuthPolicy.ALWAYS:
        about = _about(hop, book, None)
        refusal = wording.missing_credentials(about) if held is None else wording.identity_incomplete(about)
        return Said(NOTHING_SENT, refusal, sends=0)
    return (yield from _anonymously(hop, index, book))


def _with_identity(hop: Hop, index: Index, book: Book) -> Part[Said]:
    """D1, D5, D6, D9: the identity goes with the first request; after a 401 there is at most one more."""
    other = yield from claimant(hop, index, book)
    if other is not None:
        return (yield from _under_a_claim(hop, index, other))
    sent = yield from sent_as(hop, index, book, _why(hop, index))
    if sent is not None and sent.reply.status != 401:
        return _judged(hop, index, book, sent, 1)
    if sent is not None and (yield from second_chance(hop, index, book, sent.then)):
        again = yield from sent_as(hop, index, book, "once more, after a 401")
        return _judged(hop, index, book, again, 2)
    if _was_looked_for(index) and book.standing(index.id).state is not State.PROVEN:
        return msgspec.structs.replace((yield from _without(hop, index, book)), sends=2)
    return _judged(hop, index, book, sent, 1)


def _anonymously(hop: Hop, index: Index, book: Book) -> Part[Said]:
    """D3, D8: nothing is known, so nothing goes along; a refusal makes us look, by the index's own URL."""
    has = "has had its credentials refused" if _is_disproved(index, book) else "has no credentials"
    reply = cast("Reply", (yield Send(hop.url, None, f"index `{index.label}` {has}")))
    challenges = (401, 403, 404) if hop.request.purpose is Purpose.PAGE else (401, 403)
    if reply.status not in challenges:
        return _plain(hop, reply)
    if book.standing(index.id).complete is None:
        yield from looked_up(index, book, f"the request for {hop.url} was answered {reply.status}")
    if book.standing(index.id).complete is None:
        return Said(reply, _nameless(hop, index, book, reply))
    other = yield from claimant(hop, index, book)
    if other is not None:
        return Said(reply, wording.claimed_by(_about(hop, book, reply), other))
    again = yield from sent_as(hop, index, book, _why(hop, index))
    return _judged(hop, index, book, again, 2)


def _without(hop: Hop, index: Index, book: Book) -> Part[Said]:
    """Ask bare after an identity that was only found by looking got a 401.

    Otherwise what is open to everybody would be closed or not, depending on what was asked first.
    """
    if _is_disproved(index, book):
        return (yield from _anonymously(hop, index, book))
    rejected = wording.auth_rejected(_about(hop, book, Reply(401)))
    return (yield from _bare(hop, "what was found for its index is not accepted here", lambda _: rejected))


def _is_disproved(index: Index, book: Book) -> bool:
    """Say whether an identity that was only found by looking has been rejected: the index is asked as before then."""
    return _was_looked_for(index) and book.standing(index.id).state is State.REJECTED


def _was_looked_for(index: Index) -> bool:
    """Say whether nothing written for this very index says that it has an identity: a login is for all below a URL."""
    is_written = index.given is not None and index.given.source is not Source.STORE
    return not is_written and index.authenticate is AuthPolicy.AUTO


def _judged(hop: Hop, index: Index, book: Book, sent: Sent | None, sends: int) -> Said:
    """Say what the last answer to an identity means; no answer at all means that it had been rejected before."""
    standing = book.standing(index.id)
    said = sent.reply if sent else Reply(401)
    about = _about(hop, book, said)
    was_proven = standing.state is State.PROVEN
    refusal: Refused | None = None
    if said.status == 401:
        if not was_proven and not standing.in_flight and not is_beside_the_point(hop, index):
            book.reject(index.id)
        refusal = wording.sign_in_page(about) if said.sign_in else wording.auth_rejected(about, was_proven=was_proven)
    elif said.status == 403:
        refusal = wording.forbidden(about, was_proven=was_proven)
    elif said.status == 407:
        refusal = wording.proxy_refused(about)
    return Said(said, refusal, sends, spoke=True)


def _nameless(hop: Hop, index: Index, book: Book, reply: Reply) -> Refused | None:
    """Say what a refusal means where the index has no identity: 404 stands, the rest says what is missing."""
    about = _about(hop, book, reply)
    if reply.status == 404:
        return None
    if reply.sign_in:
        return wording.sign_in_page(about)
    if about.where:
        return wording.identity_incomplete(about)
    if hop.request.purpose in (Purpose.PAGE, Purpose.DIRECT):
        return wording.auth_required(about) if reply.status == 401 else wording.forbidden(about)
    others = audience.neighbours(hop.url, book.indexes)
    return wording.no_identity_for_link(about, tuple(other for other in others if other.id != index.id))


def _under_a_claim(hop: Hop, index: Index, other: Index) -> Part[Said]:
    """D7, D22: one index's identity is never shown to another index's path."""

    def blame(about: About) -> Refused:
        return wording.redirect_into_claim(about, other) if hop.before else wording.claimed_by(about, other)

    why = f"it was listed by index `{index.label}` and lies in index `{other.label}`, which has another identity"
    return (yield from _bare(hop, why, blame))


def _with_one_shot(hop: Hop, one_shot: OneShot, book: Book) -> Part[Said]:
    """D11, D19, D26: what stood in this URL goes with this URL, is not remembered, and has no second try.

    D20: so does a login; what is open to everybody stays open where that is not accepted.
    """
    whose = f"credentials from {one_shot.where}"
    if not audience.is_confidential(hop.url.origin) and book.is_news(f"http {hop.url.origin}"):
        yield Tell(Level.WARN, f"The {whose} go over plain http to {hop.url.origin}")
    is_login = one_shot.source is Source.STORE
    why = "it lies below what the user is logged in to" if is_login else "they stood in it"
    step = Send(hop.url, one_shot.credentials, why, whose)
    reply = cast("Reply", (yield step))
    refusal = _refused_once(About(hop.url, hop.owner, reply.status, one_shot.where))
    if is_login and reply.status == 401 and refusal is not None:
        rejected = refusal
        said = yield from _bare(hop, "the login is not accepted here", lambda _: rejected)
        return msgspec.structs.replace(said, sends=2, spoke=True)
    return Said(reply, refusal, spoke=True)


def _abroad(hop: Hop, book: Book) -> Part[Said]:
    """D10, D20, D23, D27: nobody's identity belongs here. A 401 may be answered by netrc, if it names this host."""
    owner = f"of index `{hop.owner.label}`" if hop.owner else "of no index"
    why = f"its host is none {owner}" if hop.owner else "it belongs to no index"
    reply = cast("Reply", (yield Send(hop.url, None, why)))
    if reply.sign_in:
        return Said(reply, wording.sign_in_page(_about(hop, book, reply)))
    if reply.status != 401 or not audience.is_confidential(hop.url.origin):
        return _plain(hop, reply) if reply.status != 401 else Said(reply, _blame_abroad(hop, book, reply, ()))
    wanted = Wanted(hop.url.with_path("/"), machine_only=True)
    found = cast("Finding", (yield LookUp(wanted, f"the request for {hop.url} was answered 401")))
    if found.held is None or isinstance(found.held.credentials, Username):
        return Said(reply, _blame_abroad(hop, book, reply, found.asked))
    whose = f"credentials from {found.held.where}"
    again = cast("Reply", (yield Send(hop.url, found.held.credentials, "it names this very host", whose)))
    about = About(hop.url, hop.owner, again.status, found.held.where, found.asked)
    return Said(again, _refused_once(about), sends=2, spoke=True)


def _refused_once(about: About) -> Refused | None:
    """Say what the answer to credentials means that go with one URL and are not remembered."""
    if about.status == 401:
        return wording.one_shot_rejected(about)
    return _refused_bare(about)


def _blame_abroad(hop: Hop, book: Book, reply: Reply, asked: tuple[str, ...]) -> Refused:
    about = About(hop.url, hop.owner, reply.status, "", asked)
    if hop.before is not None and not hop.inside:
        return wording.redirect_needs_auth(about, hop.before.origin)
    if hop.owner is not None:
        return wording.foreign_file_origin(about, book.standing(hop.owner.id).moved)
    return wording.auth_required(about, audience.neighbours(hop.url, book.indexes))


def _bare(hop: Hop, why: str, blame: Callable[[About], Refused]) -> Part[Said]:
    """Ask without credentials where a refusal has one cause and no answer."""
    reply = cast("Reply", (yield Send(hop.url, None, why)))
    if reply.status in (401, 403):
        return Said(reply, blame(About(hop.url, hop.owner, reply.status)))
    return _plain(hop, reply)


def _plain(hop: Hop, reply: Reply) -> Said:
    """Say what an answer to a request without credentials means."""
    return Said(reply, _refused_bare(About(hop.url, hop.owner, reply.status)))


def _refused_bare(about: About) -> Refused | None:
    if about.status == 403:
        return wording.forbidden(about, was_proven=True)
    return wording.proxy_refused(about) if about.status == 407 else None


def _about(hop: Hop, book: Book, reply: Reply | None) -> About:
    index = hop.owner
    standing = book.standing(index.id) if index else None
    where = standing.held.where if standing and standing.held else ""
    return About(hop.url, index, reply.status if reply else None, where, standing.asked if standing else ())


def _why(hop: Hop, index: Index) -> str:
    if hop.before is not None:
        return "redirected within what the index vouches for"
    if hop.request.index is None:
        return "it lies below the index's root"
    if hop.request.purpose is Purpose.PAGE:
        return "its own page"
    return (
        "listed by that index"
        if hop.url.origin == index.url.origin
        else "listed by that index, which vouches for the host"
    )


def _is_worth_a_restart(hop: Hop, reply: Reply) -> bool:
    """Say whether a way that ended abroad is worth going once more from its beginning.

    A signed URL may be out of date by the time it is asked (D14).
    """
    return hop.before is not None and not hop.inside and reply.status == 403 and bool(hop.url.query)


def _forwarded(hop: Hop, onward: Hop | Refused, book: Book) -> Part[Refused | None]:
    """Say that a page of another index came in sight: this index lacks the package, and the search goes on (D27)."""
    if isinstance(onward, Refused) or (other := redirect.forwarded_to(hop, onward, book.indexes)) is None:
        return None
    yield Tell(Level.DEBUG, f"Not following the redirect to {onward.url}: it is a page of index `{other.label}`")
    return wording.forwarded_elsewhere(About(onward.url, hop.owner, 404), other)


def _is_for_strangers(hop: Hop, onward: Hop | Refused, book: Book) -> Part[bool]:
    """Say whether a look-up finds credentials for an index that leads elsewhere whom it does not know (D27, D33)."""
    owner = hop.owner
    if owner is None or isinstance(onward, Refused) or onward.inside or hop.request.purpose is not Purpose.PAGE:
        return False
    if not hop.inside or hop.has_spoken or owner.authenticate is AuthPolicy.NEVER:
        return False
    yield from looked_up(owner, book, f"the request was redirected to {onward.url.origin}")
    return book.standing(owner.id).complete is not None and not _is_disproved(owner, book)


def _remark(before: Hop, after: Hop | Refused, status: int, book: Book) -> Part[None]:
    """Tell of a redirect, and of an index that has moved (D25, D27)."""
    if isinstance(after, Refused):
        return
    yield Tell(Level.DEBUG, f"Received HTTP {status}. Redirecting to {after.url}")
    if before.inside and not after.inside and before.has_spoken:
        yield Tell(Level.DEBUG, "Received a cross-origin redirect. Leaving the credentials behind")
    if after.owner is None or after.request.purpose is not Purpose.PAGE:
        return
    index, place = after.owner, after.url.origin
    if before.inside and not after.inside:
        book.moved(index.id, after.url)
        if book.standing(index.id).held is not None and book.is_news(f"moved {index.id} {place}"):
            yield Tell(Level.WARN, f"Index `{index.label}` forwards to {place}, where its credentials do not go")
    if audience.is_upgrade(before.url.origin, place) and book.is_news(f"upgrade {index.id}"):
        yield Tell(Level.WARN, f"Index `{index.label}` redirects to https: change its URL to https")
