"""`auth explain`: which identity would go with a request, and why. The very ladder is walked, and nothing is sent."""

from __future__ import annotations

from typing import Protocol

import msgspec

from keyrack.errors import InvalidText
from keyrack.policy.auth import audience
from keyrack.policy.auth.audience import Relation
from keyrack.policy.auth.book import Book
from keyrack.policy.auth.ladder import ladder
from keyrack.policy.auth.refusals import Refused
from keyrack.policy.auth.steps import Finding, LookUp, Refresh, Reply, Send, Tell, Told, Wait, Wanted
from keyrack.values.credentials import Credentials, Source, complete_in
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import Index, Indexes, IndexFormat
from keyrack.values.names import package_name
from keyrack.values.url import ParsedUrl, Url, is_under, parse_url


class Sources(Protocol):
    """Finds credentials, on this machine."""

    def find(self, wanted: Wanted) -> Finding:
        """Ask the places where credentials are kept."""
        ...


class Move(msgspec.Struct, frozen=True):
    """One request that would go out: `identity` as the log writes it, `whose` says where it came from; "" for none."""

    identity: str
    whose: str
    why: str


class Explanation(msgspec.Struct, frozen=True):
    """What would happen to one request. `moves` are what goes out: the next one if the last was answered 401.

    `looked` are the look-ups, each with what came of it; `refusal` is what is said in the end if all are refused, or at
    once where nothing may be sent; `considered` are other indexes and why theirs is not the identity.
    """

    url: Url
    role: str
    moves: tuple[Move, ...]
    looked: tuple[str, ...] = ()
    refusal: Refused | None = None
    considered: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The explanation as people read it, one fact a line."""
        said = [f"  Looked up: {line}" for line in self.looked]
        openings = ("Goes", *["If refused (401), goes"] * len(self.moves))
        for opening, move in zip(openings, self.moves, strict=False):
            said.append(f"  {opening} with {_named(move)}: {move.why}")
        if self.refusal is not None:
            said.append(f"  {'If refused' if self.moves else 'Nothing is sent'}: {self.refusal.message}")
        return (f"{self.url} ({self.role})", *said, *(f"  Not used: {line}" for line in self.considered))


def explain(target: str, indexes: Indexes, sources: Sources) -> tuple[Explanation, ...]:
    """Explain the requests that a URL or a package's name stands for; `InvalidText` where it is neither.

    A package's name stands for its page on each index, in the order in which they are searched. A URL stands for a page
    of an index, or else for itself as the user's own and as a file that an index lists.
    """
    if "://" not in target:
        name = package_name(target)
        found = [(_page_of(index, name), index) for index in indexes.all if index.url.is_web]
        return tuple(_explained(Request(url, Purpose.PAGE, index.id), indexes, sources) for url, index in found)
    parsed = parse_url(target)
    if not parsed.url.is_web:
        raise InvalidText(f"Not a URL that is asked for over HTTP: {parsed.url}")
    return tuple(_explained(request, indexes, sources) for request in _requests_of(parsed, indexes))


def _requests_of(parsed: ParsedUrl, indexes: Indexes) -> tuple[Request, ...]:
    url = parsed.url
    pages = tuple(Request(url, Purpose.PAGE, index.id) for index in indexes.all if is_under(url, index.url))
    if pages:
        return pages
    own = Request(url, Purpose.DIRECT, None, link_credentials=complete_in(parsed))
    near = tuple(index for index in indexes.all if audience.relation(url, index) is not Relation.FOREIGN)
    return (own, *(Request(url, Purpose.FILE, index.id, has_hash=True) for index in near or indexes.all))


def _page_of(index: Index, name: str) -> Url:
    if index.format is IndexFormat.FLAT:
        return index.url
    return index.url.with_path(f"{index.url.path.rstrip('/')}/{name}/")


def _explained(request: Request, indexes: Indexes, sources: Sources) -> Explanation:
    rehearsal = _Rehearsal(sources)
    refusal = rehearsal.walk(request, Book(indexes))
    return Explanation(
        request.url,
        _role(request, indexes),
        tuple(rehearsal.moves),
        tuple(rehearsal.looked),
        refusal,
        (*_considered(request, indexes), *_considered_logins(request, indexes, rehearsal.spoken)),
    )


class _Rehearsal:
    """Walks a ladder as if every request were answered 401; sources are really asked."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.moves: list[Move] = []
        self.looked: list[str] = []
        self.spoken: list[Credentials] = []
        """The identities that would go out."""

    def walk(self, request: Request, book: Book) -> Refused | None:
        """Take all steps; the refusal at the end comes back."""
        steps = ladder(request, book)
        told: Told = None
        while True:
            try:
                step = steps.send(told)
            except StopIteration as end:
                refusal: Refused | None = end.value
                return refusal
            told = self._answered(step)

    def _answered(self, step: Send | LookUp | Refresh | Wait | Tell) -> Told:
        if isinstance(step, Send):
            identity = "" if step.credentials is None else str(step.credentials)
            self.moves.append(Move(identity, step.whose, step.why))
            self.spoken += [step.credentials] if step.credentials else []
            return Reply(401)
        if isinstance(step, LookUp):
            finding = self._sources.find(step.wanted)
            places = ", ".join(finding.asked) or "no place is configured"
            outcome = f"found in {finding.held.where}" if finding.held else "nothing found"
            self.looked.append(f"{step.wanted.service} in {places}: {outcome}")
            return finding
        return None


def _role(request: Request, indexes: Indexes) -> str:
    index = None if request.index is None else indexes.by_id(request.index)
    if index is None:
        return "as a URL of your own"
    if request.purpose is Purpose.PAGE:
        return f"a page of index `{index.label}`"
    return f"if index `{index.label}` lists it"


def _considered(request: Request, indexes: Indexes) -> tuple[str, ...]:
    owners = audience.owners(request.url, indexes)
    lines = []
    for index in indexes.all:
        if index.id == request.index or (request.index is None and index in owners):
            continue
        if index.url.origin != request.url.origin:
            reason = f"it lies on another host, {index.url.origin}"
        elif request.index is not None:
            reason = "the request is made in the name of another index"
        elif is_under(request.url, index.root):
            reason = f"its root {index.root} is shorter than that of another index"
        else:
            reason = f"the URL does not lie below its root {index.root}"
        lines.append(f"index `{index.label}`: {reason}")
    return tuple(lines)


def _considered_logins(request: Request, indexes: Indexes, spoken: list[Credentials]) -> tuple[str, ...]:
    """Say of each login on the URL's origin why it does not go along."""
    index = None if request.index is None else indexes.by_id(request.index)
    known = spoken if index is None or index.given is None else [*spoken, index.given.credentials]
    lines = []
    for login in indexes.logins:
        if login.service.origin != request.url.origin or login.credentials in known:
            continue
        if not is_under(request.url if index is None else index.url, login.service):
            reason = f"the {'URL' if index is None else 'index URL'} does not lie below it"
        elif index is None or index.given is None or index.given.source is Source.STORE:
            reason = "what goes along was found nearer"
        else:
            reason = f"what {index.given.where} says comes first"
        lines.append(f"{login.held.where}: {reason}")
    return tuple(lines)


def _named(move: Move) -> str:
    return f"{move.identity}, the {move.whose}" if move.identity else "no credentials"
