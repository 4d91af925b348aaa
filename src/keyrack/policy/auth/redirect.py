"""One redirect: follow it, follow it stripped, or refuse it (RFC 9110, 15.4; D22 to D26).

Each hop is judged anew. An identity that was left behind never comes back: whoever answers on a foreign origin could
otherwise point it at any path of its own host.
"""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.policy.auth import audience, wording
from keyrack.policy.auth.audience import Relation
from keyrack.policy.auth.refusals import About, Refused
from keyrack.policy.auth.steps import Reply
from keyrack.values.credentials import Complete, Source, complete_in
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import Index, Indexes
from keyrack.values.url import ParsedUrl, Url, is_under, join_url

MOST_HOPS = 10
STATUSES = frozenset({301, 302, 303, 307, 308})


class OneShot(msgspec.Struct, frozen=True):
    """Credentials for one URL: for its origin and this request, never remembered (D11, D19, D26; of a login D20).

    `detail` names the place that they came from, where the source alone does not.
    """

    credentials: Complete
    source: Source
    detail: str = ""

    @property
    def where(self) -> str:
        """The phrase for messages."""
        return self.detail or self.source.value


class Hop(msgspec.Struct, frozen=True):
    """One URL of a request's way, and what may still be said there.

    `owner` is the index in whose name the request is made; `inside` says that the way has not left what the owner
    vouches for; `before` is the URL that redirected here; `has_spoken` that some credential went out on the way.
    """

    request: Request
    url: Url
    owner: Index | None
    inside: bool = True
    one_shot: OneShot | None = None
    before: Url | None = None
    number: int = 0
    has_spoken: bool = False


def follow(hop: Hop, reply: Reply) -> Hop | Refused | None:
    """Give the next hop, the refusal to go there, or None where the reply is no redirect."""
    if reply.status not in STATUSES or reply.location is None:
        return None
    about = About(hop.url, hop.owner, reply.status)
    if hop.number >= MOST_HOPS:
        return wording.bad_redirect(about, f"More than {MOST_HOPS} redirects")
    try:
        target = join_url(hop.url, reply.location)
    except InvalidText as error:
        return wording.bad_redirect(about, error.message)
    if not target.url.is_web:
        return wording.bad_redirect(about, f"It leads to a URL of the scheme `{target.url.scheme}`")
    if hop.url.scheme == "https" and target.url.scheme == "http" and not _is_harmless(hop):
        return wording.insecure_redirect(msgspec.structs.replace(about, url=target.url), hop.url)
    return _onward(hop, target)


def forwarded_to(hop: Hop, onward: Hop, indexes: Indexes) -> Index | None:
    """Find the other index to whose page an index sends whoever asks for a package that it lacks (GitLab, pypiserver).

    Where the user has configured that index, its place in the order of the search is his, not the server's.
    """
    if hop.owner is None or hop.request.purpose is not Purpose.PAGE or onward.inside:
        return None
    others = (index for index in indexes.all if index.id != hop.owner.id)
    return next((index for index in others if is_under(onward.url, index.url)), None)


def _onward(hop: Hop, target: ParsedUrl) -> Hop:
    before, after = hop.url.origin, target.url.origin
    stays = before == after or audience.is_upgrade(before, after)
    listed = hop.owner is not None and audience.relation(target.url, hop.owner) is not Relation.FOREIGN
    return Hop(
        hop.request,
        target.url,
        hop.owner,
        hop.inside and (stays or listed),
        _in_location(target) or (hop.one_shot if stays else None),
        hop.url,
        hop.number + 1,
        hop.has_spoken,
    )


def _in_location(target: ParsedUrl) -> OneShot | None:
    if not audience.is_confidential(target.url.origin):
        return None
    credentials = complete_in(target)
    return OneShot(credentials, Source.REDIRECT) if credentials else None


def _is_harmless(hop: Hop) -> bool:
    return hop.request.has_hash and not hop.has_spoken
