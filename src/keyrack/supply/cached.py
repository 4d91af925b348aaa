"""Pages and metadata from the cache where they still hold, else through the session (RFC 9111).

Entries are keyed by index, identity and URL: what one identity was shown is never another's, not even a "not modified".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
from packaging.utils import canonicalize_name

from keyrack.adapters import clock
from keyrack.adapters.store import NOBODY, Entry, Store
from keyrack.errors import InvalidText
from keyrack.policy.wire.freshness import (
    Step,
    Stored,
    Terms,
    confirmed,
    fresh_until,
    is_storable,
    kept,
    next_step,
    validators,
)
from keyrack.supply.condensing import condensed
from keyrack.supply.open_links import has_open_links
from keyrack.supply.reliance import Reliance
from keyrack.supply.wire import Offline
from keyrack.values.exchange import Headers, Purpose, Request, Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName, package_name
from keyrack.values.settings import Selection
from keyrack.values.url import Url

BUCKET = "answers"
VERSION = 3
_CACHED = (Purpose.PAGE, Purpose.METADATA)


class Session(Protocol):
    """What sends requests with the right identity."""

    def fetch(self, request: Request) -> Response:
        """Bring back a whole answer of any status but a refusal, which is raised."""
        ...

    def identity_key(self, index: IndexId | None, salt: Callable[[], bytes] = bytes) -> str:
        """Name, without any secret, the identity that is in use for an index at this moment."""
        ...


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """The head of an entry. With `instead` it is no answer: it names the identity under which the answer is kept.

    `url` is where redirects led; None where they led nowhere, since what was asked for may hold a token.
    """

    url: Url | None
    headers: Headers
    received: float
    instead: str = ""
    is_packed: bool = False


class Found(msgspec.Struct, frozen=True):
    """An entry as read back, and the identity that it belongs to."""

    head: Kept
    body: bytes
    identity: str


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Kept)


class CacheRules(msgspec.Struct, frozen=True):
    """How the cache is used. `offline`: take what is there. `refresh`: what must be asked about once in this run.

    `now` gives seconds since 1970. `storable` says whether a page's body may touch the disk.
    """

    offline: bool = False
    refresh: Selection = Selection()
    now: Callable[[], float] = clock.now
    storable: Callable[[bytes], bool] = has_open_links


DEFAULT_RULES = CacheRules()


class CachedSession:
    """Asks the cache first; safe to call from many threads."""

    def __init__(
        self, session: Session, store: Store, indexes: Indexes, rules: CacheRules = DEFAULT_RULES, log: Log = silent
    ) -> None:
        """Begin a run: what is to be refreshed must be confirmed from now on."""
        self._session = session
        self._bucket = store.bucket(BUCKET, VERSION)
        self._salt = store.salt
        self._indexes = indexes
        self._rules = rules
        self._started = rules.now()
        self._log = log
        self.reliance = Reliance()
        """What the answers so far rest on."""

    def identity_key(self, index: IndexId | None) -> str:
        """Name the identity that is in use for an index."""
        return self._session.identity_key(index, self._salt)

    def fetch(self, request: Request) -> Response:
        """Give an answer, from the cache where it still holds. Raises `Offline`, or what the session raises."""
        if request.purpose not in _CACHED or request.url.query or request.link_credentials is not None:
            return self._uncached(request)
        index = None if request.index is None else self._indexes.by_id(request.index)
        call = _Call(request, index, self.identity_key(request.index))
        found = self._find(call)
        own = found if found is not None and (found.identity == call.identity or self._rules.offline) else None
        step = next_step(None if own is None else _stored(own), self._terms(call))
        if step is Step.ABSENT:
            raise _offline(request.url)
        if step is Step.USE and own is not None:
            return self._fresh(call, own)
        if found is not None and validators(found.head.headers):
            return self._revalidate(call, found)
        line = "Found stale response for" if found is not None else "No cache entry for"
        self._log(Level.DEBUG, f"{line}: {request.url}")
        return self._fetch(call)

    def at_hand(self, request: Request) -> Response | None:
        """Give an answer that still holds; None, without having read much, where anybody would have to be asked."""
        if request.purpose not in _CACHED or request.url.query or request.link_credentials is not None:
            return None
        index = None if request.index is None else self._indexes.by_id(request.index)
        call = _Call(request, index, self.identity_key(request.index))
        head = self._bucket.head(call.key(call.identity), call.package)
        try:
            kept = None if head is None else _decoder.decode(head)
        except msgspec.DecodeError:
            return None
        if kept is None or kept.instead:
            return None
        if next_step(Stored(kept.headers, kept.received), self._terms(call)) is not Step.USE:
            return None
        found = self._find(call)
        if found is None or found.identity != call.identity:
            return None
        return self._fresh(call, found)

    def _fresh(self, call: _Call, found: Found) -> Response:
        self._log(Level.DEBUG, f"Found fresh response for: {call.request.url}")
        path = self._bucket.path(call.key(found.identity), call.package)
        self.reliance.on(path, fresh_until(_stored(found), call.override))
        return _response(found, found.head.headers, call.request.url)

    def _uncached(self, request: Request) -> Response:
        self.reliance.lose()
        if self._rules.offline:
            raise _offline(request.url)
        return self._session.fetch(request)

    def _revalidate(self, call: _Call, found: Found) -> Response:
        """Ask whether an entry still holds; a 304 that was meant for another identity than the entry's says nothing."""
        request = call.request
        self._log(Level.DEBUG, f"Found stale response for: {request.url}")
        self._log(Level.DEBUG, f"Sending revalidation request for: {request.url}")
        asking = msgspec.structs.replace(request, headers=request.headers + validators(found.head.headers))
        response = self._session.fetch(asking)
        if response.head.status != 304:
            self._log(Level.DEBUG, f"Found modified response for: {request.url}")
            return self._kept(call, response)
        identity = self.identity_key(request.index)
        if identity != found.identity:
            self._log(Level.DEBUG, f"Cached response is another identity's for: {request.url}")
            return self._fetch(call)
        self._log(Level.DEBUG, f"Found not-modified response for: {request.url}")
        headers = confirmed(found.head.headers, response.head.headers)
        return self._kept(call, _response(found, headers, request.url))

    def _fetch(self, call: _Call) -> Response:
        self._log(Level.DEBUG, f"Sending fresh GET request for: {call.request.url}")
        return self._kept(call, self._session.fetch(call.request))

    def _find(self, call: _Call) -> Found | None:
        """Find an entry of this identity; where only another one is known here, of that, to ask about."""
        found = self._read(call, call.identity)
        if found is not None and found.head.instead:
            return self._read(call, found.head.instead)
        return found

    def _read(self, call: _Call, identity: str) -> Found | None:
        entry = self._bucket.find(call.key(identity), call.package)
        if entry is None:
            return None
        try:
            return Found(_decoder.decode(entry.head), entry.body, identity)
        except msgspec.DecodeError:
            return None

    def _kept(self, call: _Call, response: Response) -> Response:
        """Keep an answer as far as it may be kept, and give it in the form in which it is."""
        is_new_page = call.request.purpose is Purpose.PAGE and not response.from_cache
        if is_new_page and self._tells(call.request.url, response.body):
            self.reliance.lose()
            return response
        if is_new_page and response.head.status == 200 and call.is_of_one_package:
            response = condensed(PackageName(call.package), response)
        path = self._keep(call, response)
        if path:
            self.reliance.on(path, fresh_until(Stored(response.head.headers, self._rules.now()), call.override))
        else:
            self.reliance.lose()
        return response

    def _keep(self, call: _Call, response: Response) -> str:
        """Keep an answer as far as it may be kept; where, or "" where it is not, or not as this identity's own."""
        head, asked = response.head, call.request.url
        if not is_storable(head, call.override) or head.url.query or (head.url != asked and head.url.tokens):
            return ""
        # Who answered is known only now: a look-up on the way may have found the identity.
        identity = self.identity_key(call.request.index)
        final = None if head.url == asked else head.url
        entry = Kept(final, kept(head.headers), self._rules.now(), is_packed=response.is_packed)
        is_kept = self._bucket.keep(call.key(identity), Entry(_encoder.encode(entry), response.body), call.package)
        if identity != call.identity:
            pointer = Kept(None, (), 0.0, identity)
            self._bucket.keep(call.key(call.identity), Entry(_encoder.encode(pointer), b""), call.package)
            return ""
        return self._bucket.path(call.key(identity), call.package) if is_kept else ""

    def _tells(self, asked: Url, body: bytes) -> bool:
        """Say whether a page holds what may be a secret: it then never touches the disk."""
        return not self._rules.storable(body) or any(token.encode() in body for token in asked.tokens)

    def _terms(self, call: _Call) -> Terms:
        refreshed = self._rules.refresh.all or call.package in self._rules.refresh.names
        return Terms(self._rules.now(), call.override, self._started if refreshed else None, self._rules.offline)


class _Call:
    """A request with what its entry is found by."""

    __slots__ = ("identity", "is_of_one_package", "override", "package", "request", "where")

    def __init__(self, request: Request, index: Index | None, identity: str) -> None:
        self.request = request
        self.identity = identity
        self.package = _package_of(request)
        self.where = "" if index is None else index.url.bare
        self.override: str | None = None
        # A flat page holds files of many packages, and its address may look like one package's.
        own = "" if index is None else f"{index.url.path.rstrip('/')}/{self.package}/"
        self.is_of_one_package = self.package != NOBODY and request.url.path == own
        if index is not None:
            control = index.cache_control
            self.override = control.api if request.purpose is Purpose.PAGE else control.files

    def key(self, identity: str) -> str:
        """Name the entry: no part of it can be read back from the disk."""
        request = self.request
        varies = "\n".join(f"{name}: {value}" for name, value in request.headers)
        return "\n".join((request.index or "", self.where, identity, request.url.exact, varies))


def _response(found: Found, headers: Headers, asked: Url) -> Response:
    head = ResponseHead(200, headers, found.head.url or asked)
    return Response(head, found.body, from_cache=True, is_packed=found.head.is_packed)


def _stored(found: Found) -> Stored:
    return Stored(found.head.headers, found.head.received)


def _package_of(request: Request) -> str:
    """Name the package that a page or file is of, so that it can be refreshed and cleaned by name."""
    if request.purpose is Purpose.PAGE:
        text = request.url.path.rstrip("/").rpartition("/")[2]
    else:
        text = canonicalize_name(request.url.filename.partition("-")[0])
    try:
        name = package_name(text)
    except InvalidText:
        return NOBODY
    # A flat page ends in a word too, but only a package's own page ends in its normalised name and a slash.
    return name if request.purpose is not Purpose.PAGE or (name == text and request.url.path.endswith("/")) else NOBODY


def _offline(url: Url) -> Offline:
    return Offline(
        f"Network connectivity is disabled, but the requested data wasn't found in the cache for: `{url}`",
        hints=("run again without `--offline`",),
    )
