"""What libcurl reports, in the words of uv."""

import pytest

from keyrack.adapters.curl_failures import Report, failure_of, tunnel_refused
from keyrack.values.credentials import Basic
from keyrack.values.failure import FailureKind
from keyrack.values.proxy import Proxy
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

PROXY = Proxy(parse_url("http://proxy.example:3128").url, Basic("me", Secret("secret")))


@pytest.mark.parametrize(
    ("report", "kind", "causes"),
    [
        (
            Report(6, text="Could not resolve host: pkgs.example"),
            FailureKind.DNS,
            ("client error (Connect)", "dns error", "could not resolve host: pkgs.example"),
        ),
        (
            Report(7, 111, "Failed to connect"),
            FailureKind.CONNECT,
            ("client error (Connect)", "tcp connect error", "Connection refused (os error 111)"),
        ),
        (
            Report(7, text="Failed to connect"),
            FailureKind.CONNECT,
            ("client error (Connect)", "tcp connect error", "failed to connect"),
        ),
        (Report(28, text="Connection timed out after 200 milliseconds"), FailureKind.TIMEOUT, ("operation timed out",)),
        (
            Report(
                28, text="Operation too slow. Less than 100 bytes/sec transferred the last 30 seconds", in_body=True
            ),
            FailureKind.TIMEOUT,
            (
                "request or response body error",
                "operation timed out",
                "operation too slow. Less than 100 bytes/sec transferred the last 30 seconds",
            ),
        ),
        (
            Report(52, text="Empty reply from server"),
            FailureKind.RESET,
            ("client error (SendRequest)", "connection closed before message completed"),
        ),
        (
            Report(56, 104, "Recv failure: Connection reset by peer"),
            FailureKind.RESET,
            ("client error (SendRequest)", "connection error", "Connection reset by peer (os error 104)"),
        ),
        (
            Report(56, 104, "Recv failure: Connection reset by peer", in_body=True),
            FailureKind.RESET,
            (
                "request or response body error",
                "error reading a body from connection",
                "Connection reset by peer (os error 104)",
            ),
        ),
        (
            Report(92, text="HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", in_body=True),
            FailureKind.RESET,
            (
                "request or response body error",
                "error reading a body from connection",
                "HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)",
            ),
        ),
        (
            Report(18, text="transfer closed with 9 bytes remaining to read", in_body=True),
            FailureKind.SHORT,
            (
                "request or response body error",
                "error reading a body from connection",
                "end of file before message length reached",
            ),
        ),
        (
            Report(63, text="Maximum file size exceeded"),
            FailureKind.TOO_LARGE,
            ("the body is larger than is allowed here",),
        ),
        (Report(97, text="SOCKS5: no"), FailureKind.PROXY, ("client error (Connect)", "tunnel error: SOCKS5: no")),
        (Report(1, text="Unsupported protocol"), FailureKind.OTHER, ("unsupported protocol",)),
        (Report(99), FailureKind.OTHER, ("libcurl error 99",)),
    ],
)
def test_each_failure_has_its_kind_and_its_lines(report, kind, causes):
    failure = failure_of(report)

    assert (kind, causes, report.in_body) == (failure.kind, failure.causes, failure.in_body)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SSL certificate problem: unable to get local issuer certificate", "UnknownIssuer"),
        ("SSL certificate problem: self-signed certificate in certificate chain", "UnknownIssuer"),
        ("SSL certificate problem: certificate has expired", "Expired"),
        ("SSL certificate problem: certificate is not yet valid", "NotValidYet"),
        ("SSL: certificate subject name 'a' does not match target hostname 'b'", "NotValidForName"),
        ("SSL: no alternative certificate subject name matches target ipv4 address '127.0.0.2'", "NotValidForName"),
        ("SSL certificate problem: certificate revoked", "Revoked"),
    ],
)
def test_what_is_wrong_with_a_certificate_has_one_word(text, word):
    failure = failure_of(Report(60, text=text))

    assert (FailureKind.TLS, f"invalid peer certificate: {word}") == (failure.kind, failure.causes[-1])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("TLS connect error: error:0A00010B:SSL routines::wrong version number", FailureKind.TLS),
        ("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to pkgs.example:443", FailureKind.RESET),
        ("TLS connect error: error:0A000126:SSL routines::unexpected eof while reading", FailureKind.RESET),
        ("Recv failure: Connection reset by peer", FailureKind.RESET),
    ],
)
def test_a_handshake_that_was_cut_off_may_be_tried_again(text, kind):
    assert kind == failure_of(Report(35, text=text)).kind


@pytest.mark.parametrize("code", [5, 7, 97])
def test_a_proxy_that_cannot_be_reached_is_named(code):
    failure = failure_of(Report(code, text="No", proxy=PROXY))

    assert "proxy http://proxy.example:3128/" == failure.causes[1]


def test_a_proxy_is_not_blamed_for_a_server_that_hangs_up():
    failure = failure_of(Report(56, 104, proxy=PROXY))

    assert not any("proxy" in cause for cause in failure.causes)


@pytest.mark.parametrize(
    ("status", "said"), [(407, "proxy authorization required"), (502, "the proxy answered with status 502")]
)
def test_a_refused_tunnel_is_the_proxys_doing(status, said):
    failure = failure_of(Report(56, text="CONNECT tunnel failed", connect_status=status, proxy=PROXY))

    assert FailureKind.PROXY == failure.kind
    assert ("client error (Connect)", "proxy http://proxy.example:3128/", f"tunnel error: {said}") == failure.causes


def test_a_tunnel_without_a_proxy_is_still_named():
    assert ("client error (Connect)", "tunnel error: proxy authorization required") == tunnel_refused(407, None).causes
