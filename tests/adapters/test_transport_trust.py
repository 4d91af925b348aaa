"""Whom the transport trusts: certificates, proxies, and who hears which credentials."""

import shutil
import subprocess

import pytest

from keyrack.adapters.certificates import Authorities
from keyrack.values.credentials import Bearer
from keyrack.values.failure import FailureKind
from keyrack.values.proxy import Proxy
from keyrack.values.secret import Secret
from lab.proxy import proxy
from tests.adapters.asking import BODY, failing, get, proxy_at, serve, url


def test_a_certificate_is_checked_against_the_authorities_that_are_given():
    with serve(tls=True) as server:
        answer = get(f"{server.url}/a", authorities=Authorities(str(server.ca_file)))

    assert BODY == answer.body


@pytest.mark.skipif(shutil.which("openssl") is None, reason="only `openssl` knows the names in a folder of authorities")
def test_a_folder_of_authorities_will_do(tmp_path):
    with serve(tls=True) as server:
        words = ["openssl", "x509", "-hash", "-noout", "-in", str(server.ca_file)]
        name = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        shutil.copy(server.ca_file, tmp_path / f"{name}.0")

        answer = get(f"{server.url}/a", authorities=Authorities("", str(tmp_path)))

    assert BODY == answer.body


def test_an_unknown_authority_is_refused():
    with serve(tls=True) as server:
        failure = failing(server.url)

    assert (FailureKind.TLS, "invalid peer certificate: UnknownIssuer") == (failure.kind, failure.causes[-1])


def test_a_certificate_for_another_host_is_refused():
    with serve(tls=True, host="127.0.0.2") as server:
        failure = failing(server.url, authorities=Authorities(str(server.ca_file)))

    assert (FailureKind.TLS, "invalid peer certificate: NotValidForName") == (failure.kind, failure.causes[-1])


def test_only_the_origin_that_is_named_needs_no_certificate():
    with serve(tls=True) as trusted, serve(tls=True) as other:
        settings = {"unverified": lambda origin: origin.port == trusted.port}

        assert BODY == get(trusted.url, **settings).body
        assert FailureKind.TLS == failing(other.url, **settings).kind


def test_a_missing_bundle_of_authorities_is_named():
    with serve(tls=True) as server:
        failure = failing(server.url, authorities=Authorities("/no/such/file.pem"))

    assert FailureKind.TLS == failure.kind
    assert "/no/such/file.pem" in failure.causes[-1]


def test_a_client_certificate_is_shown_only_where_it_may():
    asked = []

    def shows(origin):
        asked.append(origin.port)
        return False

    with serve(tls=True) as server:
        answer = get(
            server.url,
            authorities=Authorities(str(server.ca_file)),
            client_certificate="/no/such/file.pem",
            shows_certificate=shows,
        )

    assert ([server.port], BODY) == (asked, answer.body)


def test_a_client_certificate_that_cannot_be_read_is_named():
    with serve(tls=True) as server:
        failure = failing(
            server.url,
            authorities=Authorities(str(server.ca_file)),
            client_certificate="/no/such/file.pem",
            shows_certificate=lambda _: True,
        )

    assert FailureKind.TLS == failure.kind


def test_a_plain_request_goes_through_the_proxy_with_the_proxys_own_identity():
    with serve() as server, proxy(identity=("me", "secret")) as between:
        route = proxy_at(between.url.replace("http://", "http://me:secret@"))
        answer = get(f"{server.url}/a", authorization=Secret("Basic eDp5"), route=lambda _: route)

        assert BODY == answer.body
        assert [("x", None)] == [(entry.user, entry.headers.get("proxy-authorization")) for entry in server.requests()]
        assert [("me", "secret")] == [entry.proxy_identity for entry in between.requests()]


def test_a_tunnel_hides_the_indexs_identity_from_the_proxy():
    with serve(tls=True) as server, proxy({"pkgs.example:443": server}, identity=("me", "secret")) as between:
        route = proxy_at(between.url.replace("http://", "http://me:secret@"))
        answer = get(
            "https://pkgs.example/a",
            authorization=Secret("Basic eDp5"),
            authorities=Authorities(str(server.ca_file)),
            route=lambda _: route,
        )

        assert (200, BODY) == (answer.head.status, answer.body)
        assert [("x", "y")] == [entry.identity for entry in server.requests()]
        assert [(None, ("me", "secret"))] == [(entry.identity, entry.proxy_identity) for entry in between.requests()]


@pytest.mark.parametrize("asked", ["http://pkgs.example/a", "https://pkgs.example/a"])
def test_a_proxy_that_wants_credentials_is_no_index_that_refuses(asked):
    with proxy(identity=("me", "secret")) as between:
        failure = failing(asked, route=lambda _: proxy_at(between.url))

    assert (FailureKind.PROXY, "tunnel error: proxy authorization required") == (failure.kind, failure.causes[-1])
    assert f"proxy {between.url}/" in failure.causes


def test_a_proxy_that_finds_no_host_is_named():
    with proxy() as between:
        failure = failing("https://pkgs.example/a", route=lambda _: proxy_at(between.url))

    assert "tunnel error: the proxy answered with status 502" == failure.causes[-1]


@pytest.mark.parametrize("asked", ["http://pkgs.example/a", "https://pkgs.example/a"])
def test_a_token_for_the_proxy_goes_to_the_proxy_only(asked):
    with serve(tls=asked.startswith("https")) as server:
        between = proxy({"pkgs.example:80": server, "pkgs.example:443": server})
        with between:
            route = Proxy(url(between.url), Bearer(Secret("ticket")))
            get(asked, authorities=Authorities(str(server.ca_file)), route=lambda _: route)
            seen = [entry.headers.get("proxy-authorization") for entry in (*between.requests(), *server.requests())]

    assert ["Bearer ticket", None] == seen
