"""What libcurl reports when a transfer fails, as kinds and as the lines that uv prints.

Numbers are those of `curl/curl.h` (CURLcode); they never change their meaning, so this file needs no libcurl.
"""

from __future__ import annotations

import os

import msgspec

from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.proxy import Proxy

_DNS = frozenset({5, 6})  # COULDNT_RESOLVE_PROXY, COULDNT_RESOLVE_HOST
_CONNECT = 7
_SHORT = 18  # PARTIAL_FILE
_WRITE = 23
_TIMED_OUT = 28
_HANDSHAKE = 35  # SSL_CONNECT_ERROR
_SILENT = 52  # GOT_NOTHING
# These four are: HTTP2 (framing), SEND_ERROR, RECV_ERROR and HTTP2_STREAM.
_RESET = frozenset({16, 55, 56, 92})
# And these: SSL_CERTPROBLEM, SSL_CIPHER, PEER_FAILED_VERIFICATION and SSL_CACERT_BADFILE.
_TLS = frozenset({58, 59, 60, 77})
_TOO_LARGE = 63  # FILESIZE_EXCEEDED
_PROXY = 97
# What OpenSSL says of a certificate, and rustls' word for it, which uv prints.
_CERTIFICATE_WORDS = (
    ("unable to get local issuer", "UnknownIssuer"),
    ("self-signed", "UnknownIssuer"),
    ("self signed", "UnknownIssuer"),
    ("has expired", "Expired"),
    ("not yet valid", "NotValidYet"),
    ("does not match", "NotValidForName"),
    ("no alternative certificate subject name", "NotValidForName"),
    ("revoked", "Revoked"),
)


class Report(msgspec.Struct, frozen=True):
    """A failed transfer: CURLcode, the system's error number (0 for none), curl's own text.

    `connect_status` is what a proxy answered to CONNECT (0 for none), `in_body` whether a head had come already.
    """

    code: int
    errno: int = 0
    text: str = ""
    connect_status: int = 0
    in_body: bool = False
    proxy: Proxy | None = None


def failure_of(report: Report) -> TransportFailure:
    """Name the failure; the lines go from the outermost cause to the innermost."""
    if report.connect_status >= 400:
        return tunnel_refused(report.connect_status, report.proxy)
    kind, lines = _named(report)
    if report.proxy is not None and kind in (FailureKind.CONNECT, FailureKind.DNS, FailureKind.PROXY):
        lines = (*lines[:1], f"proxy {report.proxy.url}", *lines[1:])
    return TransportFailure(kind, *lines, in_body=report.in_body)


def tunnel_refused(status: int, proxy: Proxy | None) -> TransportFailure:
    """Name a proxy's own refusal: it is never an index's (D32)."""
    said = "proxy authorization required" if status == 407 else f"the proxy answered with status {status}"
    where = (f"proxy {proxy.url}",) if proxy is not None else ()
    return TransportFailure(FailureKind.PROXY, "client error (Connect)", *where, f"tunnel error: {said}")


def _named(report: Report) -> tuple[FailureKind, tuple[str, ...]]:
    code = report.code
    if code in _DNS:
        return FailureKind.DNS, ("client error (Connect)", "dns error", _lowered(report.text))
    if code == _CONNECT:
        return FailureKind.CONNECT, ("client error (Connect)", "tcp connect error", _system(report))
    if code == _TIMED_OUT:
        return FailureKind.TIMEOUT, _timed_out(report)
    if code in _TLS or (code == _HANDSHAKE and not _is_cut(report.text)):
        return FailureKind.TLS, ("client error (Connect)", _certificate(report.text))
    if code == _SHORT:
        return FailureKind.SHORT, _broken_body("end of file before message length reached")
    if code in _RESET or code in (_HANDSHAKE, _SILENT):
        return FailureKind.RESET, _reset(report)
    if code == _TOO_LARGE:
        return FailureKind.TOO_LARGE, ("the body is larger than is allowed here",)
    if code == _PROXY:
        return FailureKind.PROXY, ("client error (Connect)", f"tunnel error: {_lowered(report.text)}")
    return FailureKind.OTHER, (_lowered(report.text) or f"libcurl error {code}",)


def _timed_out(report: Report) -> tuple[str, ...]:
    slow = (_lowered(report.text),) if "too slow" in report.text.lower() else ()
    outer = ("request or response body error",) if report.in_body else ()
    return (*outer, "operation timed out", *slow)


def _reset(report: Report) -> tuple[str, ...]:
    if report.in_body:
        return _broken_body(_system(report))
    if report.code == _SILENT:
        return ("client error (SendRequest)", "connection closed before message completed")
    return ("client error (SendRequest)", "connection error", _system(report))


def _broken_body(reason: str) -> tuple[str, ...]:
    return ("request or response body error", "error reading a body from connection", reason)


def _is_cut(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in ("ssl_error_syscall", "unexpected eof", "connection reset"))


def _certificate(text: str) -> str:
    lowered = text.lower()
    for phrase, word in _CERTIFICATE_WORDS:
        if phrase in lowered:
            return f"invalid peer certificate: {word}"
    return _lowered(text)


def _system(report: Report) -> str:
    if report.errno:
        return f"{os.strerror(report.errno)} (os error {report.errno})"
    return _lowered(report.text)


def _lowered(text: str) -> str:
    # A line inside a chain of causes; names such as HTTP/2 stay as they are.
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
