"""`TransportFailure`: an exchange that brought back no whole answer, as a kind to decide on and lines to print."""

from __future__ import annotations

from enum import Enum


class FailureKind(Enum):
    """What went wrong below HTTP; `policy.wire.retry` says which kinds are worth another try."""

    DNS = "dns"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    RESET = "reset"
    SHORT = "short"
    TLS = "tls"
    PROXY = "proxy"
    TOO_LARGE = "too large"
    REFUSED = "refused"
    CLOSED = "closed"
    OTHER = "other"


class TransportFailure(Exception):
    """No whole answer came back. `causes` are lines from the outermost to the innermost; no secret stands in them.

    `REFUSED` is our own refusal to send at all, `CLOSED` a transport that was closed while the exchange was on its
    way. `in_body` says that a head had come already.
    """

    def __init__(self, kind: FailureKind, *causes: str, in_body: bool = False) -> None:
        """Keep the kind for decisions and the lines for people."""
        super().__init__("; ".join(causes))
        self.kind = kind
        self.causes = causes
        self.in_body = in_body
