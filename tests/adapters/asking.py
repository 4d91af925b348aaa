"""A transport for a test, and short ways to ask with it."""

from contextlib import contextmanager

import pytest

from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.values.credentials import credentials_in
from keyrack.values.exchange import Exchange
from keyrack.values.failure import TransportFailure
from keyrack.values.proxy import Proxy
from keyrack.values.url import parse_url
from lab.server import Server
from lab.wire import Response

BODY = bytes(range(256)) * 400


class Taken:
    """A sink that keeps what it is given."""

    def __init__(self):
        self.body = b""

    def write(self, chunk):
        self.body += chunk


@contextmanager
def transport(**settings):
    made = CurlTransport(TransportSettings(**settings))
    try:
        yield made
    finally:
        made.close()


def url(text):
    return parse_url(text).url


def proxy_at(text):
    parsed = parse_url(text)
    return Proxy(parsed.url, credentials_in(parsed))


def serve(answer=None, **words):
    return Server(lambda _request: answer or Response(200, BODY), **words)


def get(text, sink=None, *, headers=(), authorization=None, **settings):
    with transport(**settings) as made:
        return made.send(Exchange(url(text), headers, authorization), sink).result()


def failing(text, sink=None, **settings):
    with pytest.raises(TransportFailure) as failed:
        get(text, sink, **settings)
    return failed.value
