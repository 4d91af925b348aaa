"""The proxy: what passes, under which names, and who may use it."""

import base64
import http.client
from contextlib import closing

from lab import certificates
from lab.client import Answer, ask
from lab.proxy import proxy
from lab.server import Server
from lab.wire import Request, Response


def hello(request: Request) -> Response:
    return Response(200, f"{request.method} {request.headers['host']} {request.target}".encode())


def through(server: Server, url: str, **headers: str) -> Answer:
    """Ask a proxy for an http URL."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
        connection.request("GET", url, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def test_absolute_target_is_forwarded():
    with Server(hello) as server, proxy() as between:
        answer = through(between, f"{server.url}/x?y")

        assert f"GET 127.0.0.1:{server.port} /x?y".encode() == answer.body


def test_made_up_name_leads_to_the_server():
    with Server(hello) as server, proxy({"pkgs.example:80": server}) as between:
        assert b"GET pkgs.example /x" == through(between, "http://pkgs.example/x").body


def test_tunnel_leads_https_to_the_server():
    with Server(hello, tls=True) as server, proxy({"pkgs.example:443": server}) as between:
        connection = http.client.HTTPSConnection("127.0.0.1", between.port, context=certificates.client_context())
        with closing(connection):
            connection.set_tunnel("pkgs.example", 443)
            connection.request("GET", "/safe")

            assert b"GET pkgs.example /safe" == connection.getresponse().read()


def test_log_tells_targets_as_the_proxy_sees_them():
    with Server(hello) as server, proxy({"pkgs.example:80": server}) as between:
        through(between, "http://pkgs.example/x")

        assert ["GET http://pkgs.example/x -> 200 as nobody"] == [str(entry) for entry in between.requests()]


def test_unknown_name_is_502():
    with proxy() as between:
        assert 502 == through(between, "http://elsewhere.example/").status


def test_stranger_gets_407():
    with Server(hello) as server, proxy(identity=("p", "w")) as between:
        answer = through(between, server.url + "/")

    assert (407, 'Basic realm="proxy"') == (answer.status, answer.headers["proxy-authenticate"])


def test_identity_of_the_proxy_goes_no_further():
    said = "Basic " + base64.b64encode(b"p:w").decode()
    with Server(hello) as server, proxy(identity=("p", "w")) as between:
        answer = through(between, server.url + "/", **{"Proxy-Authorization": said})

        assert (200, ("p", "w"), False) == (
            answer.status,
            between.requests()[0].proxy_identity,
            "proxy-authorization" in server.requests()[0].headers,
        )


def test_plain_request_is_not_for_a_proxy():
    with proxy() as between:
        assert 400 == ask(between.url + "/").status
