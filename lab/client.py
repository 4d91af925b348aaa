"""A client that does nothing by itself: one request, one answer, no redirect followed."""

import base64
import contextlib
import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from lab import certificates
from lab.wire import Identity


class Answer(msgspec.Struct, frozen=True):
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    url: str,
    identity: Identity | None = None,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request over a connection of its own, which trusts the lab's authority."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = dict(headers or {}) | ({"Authorization": basic(identity)} if identity else {})
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, parts.port, context=certificates.client_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port)
    )
    with contextlib.closing(connection):
        connection.request(method, target, body, sent)
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, response.read())


def basic(identity: Identity) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(":".join(identity).encode()).decode()
