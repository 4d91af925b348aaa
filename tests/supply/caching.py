"""Runs that share a cache, against an index that remembers what it was asked."""

import os

from keyrack.adapters.store import Store
from keyrack.supply.cached import CachedSession, CacheRules
from keyrack.values.exchange import Purpose, Request, Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexId, index_id
from keyrack.values.log import Level
from keyrack.values.url import parse_url

BASE = "https://pkgs.example/team/simple/"
TEAM = IndexId("team")
PAGE = b'<a href="lib_a-1.0-py3-none-any.whl#sha256=00">lib_a</a>'
FOR_TEN_MINUTES = ("cache-control", "max-age=600")
ETAG = ("etag", '"v1"')


def url(text):
    return parse_url(text).url


def an_index(name="team", base=BASE, **words):
    return Index(index_id(url(base), name), url(base), name, **words)


def page(package="lib-a", base=BASE, index=TEAM, **words):
    return Request(url(f"{base}{package}/"), Purpose.PAGE, index, (("accept", "text/html"),), **words)


class Session:
    """An index with a page for everybody who has an identity; it remembers what it was asked."""

    def __init__(self, *headers, body=PAGE, status=200, identity="me@"):
        self.headers = headers
        self.body = body
        self.status = status
        self.identity = identity
        self.learns = None
        self.final = None
        self.asked = []

    def identity_key(self, index, salt=bytes):
        return self.identity

    def fetch(self, request):
        self.asked.append(request)
        self.identity, self.learns = self.learns or self.identity, None
        etag = dict(self.headers).get("etag")
        if etag and ("if-none-match", etag) in request.headers:
            return Response(ResponseHead(304, self.headers, request.url), b"")
        return Response(ResponseHead(self.status, self.headers, self.final or request.url), self.body)

    @property
    def conditions(self):
        """Whether each request asked with a condition."""
        return [any(name.startswith("if-") for name, _ in request.headers) for request in self.asked]


class Run:
    """Runs that share a cache; each has its own log, and time goes on between them."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.time = 1_700_000_000.0
        self.lines = []

    def session(self, session, *indexes, **rules):
        self.lines = []
        store = Store(self.folder, self._log)
        rules = CacheRules(now=lambda: self.time, **rules)
        return CachedSession(session, store, Indexes(indexes or (an_index(),)), rules, self._log)

    def fetch(self, session, request=None, *indexes, **rules):
        return self.session(session, *indexes, **rules).fetch(request or page())

    def _log(self, level, line):
        self.lines.append((level, line))

    @property
    def said(self):
        return [line.partition(" https://")[0] for level, line in self.lines if level is Level.DEBUG]

    @property
    def entries(self):
        return sorted(
            os.path.relpath(os.path.join(place, name), self.folder).split(os.sep)[1]
            for place, _, names in os.walk(self.folder)
            for name in names
            if "answers-v3" in place
        )
