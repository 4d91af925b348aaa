"""The server: what it answers, and what it remembers."""

import http.client
import socket
import threading
from contextlib import closing

import pytest

from lab.client import ask
from lab.server import Server
from lab.wire import Request, Response


def echo(request: Request) -> Response:
    return Response(200, b"|".join([request.method.encode(), request.path.encode(), request.body]))


def test_answer_carries_its_length():
    with Server(lambda _: Response(200, b"four")) as server:
        answer = ask(server.url + "/")

    assert "4" == answer.headers["content-length"]


def test_head_brings_the_length_and_no_body():
    with Server(lambda _: Response(200, b"four")) as server:
        answer = ask(server.url + "/", method="HEAD")

    assert ("4", b"") == (answer.headers["content-length"], answer.body)


def test_connection_is_kept_for_the_next_request():
    with Server(echo) as server, closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
        connection.request("GET", "/one")
        connection.getresponse().read()
        first = connection.sock

        connection.request("GET", "/two")
        body = connection.getresponse().read()

        assert (b"GET|/two|", first) == (body, connection.sock)


def test_two_requests_in_one_packet_are_both_answered():
    both = b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n"
    with Server(echo) as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(both)
        received = b"".join(iter(lambda: connection.recv(4096), b""))

    assert (1, 1) == (received.count(b"GET|/a|"), received.count(b"GET|/b|"))


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 5\r\n\r\nhello",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    ],
    ids=["length", "chunks", "expect"],
)
def test_body_of_a_request_is_read(sent):
    with Server(echo) as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nConnection: close\r\n" + sent)
        received = b"".join(iter(lambda: connection.recv(4096), b""))

    assert received.endswith(b"POST|/|hello")


def test_path_is_decoded_and_the_log_is_not():
    with Server(echo) as server:
        answer = ask(server.url + "/a%2Bb?c=%20")

        assert (b"GET|/a+b|", "/a%2Bb?c=%20", "/a%2Bb") == (
            answer.body,
            server.requests()[0].target,
            server.requests()[0].path,
        )


def test_log_tells_who_asked():
    with Server(echo) as server:
        ask(server.url + "/bare")
        ask(server.url + "/named", ("user", "pass:word"))

        assert [None, ("user", "pass:word")] == [entry.identity for entry in server.requests()]


def test_empty_user_name_and_empty_password_are_identities():
    with Server(echo) as server:
        ask(server.url + "/", ("", "p"))
        ask(server.url + "/", ("u", ""))

        assert [("", "p"), ("u", "")] == [entry.identity for entry in server.requests()]


def test_bearer_token_is_an_identity_too():
    with Server(echo) as server:
        ask(server.url + "/", headers={"Authorization": "Bearer abc"})

        assert ("Bearer", "abc") == server.requests()[0].identity


@pytest.mark.parametrize(
    ("value", "expected"), [("Basic ###", ("?", "###")), ("Negotiate abc", None)], ids=["not base64", "other scheme"]
)
def test_strange_authorization_does_not_break_the_log(value, expected):
    with Server(echo) as server:
        ask(server.url + "/", headers={"Authorization": value})

        assert expected == server.requests()[0].identity


def test_log_line_reads_well():
    with Server(lambda _: Response(403)) as server:
        ask(server.url + "/simple/a/", ("user", "secret"))
        ask(server.url + "/simple/b/")

        assert ["GET /simple/a/ -> 403 as user:secret", "GET /simple/b/ -> 403 as nobody"] == [
            str(entry) for entry in server.requests()
        ]


def test_log_can_be_narrowed_by_a_glob():
    with Server(echo) as server:
        ask(server.url + "/simple/a/")
        ask(server.url + "/files/a.whl")

        assert ["/files/a.whl"] == [entry.target for entry in server.requests("/files/*")]


def test_log_can_be_forgotten():
    with Server(echo) as server:
        ask(server.url + "/")
        server.clear()

        assert () == server.requests()


def test_orders_of_two_servers_can_be_compared():
    with Server(echo) as one, Server(echo) as two:
        ask(two.url + "/")
        ask(one.url + "/")

        assert two.requests()[0].order < one.requests()[0].order


def test_all_of_many_concurrent_requests_are_answered_and_logged():
    with Server(echo) as server:
        threads = [threading.Thread(target=ask, args=(f"{server.url}/{number}",)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {f"/{number}" for number in range(50)} == {entry.target for entry in server.requests()}


def test_mistake_in_a_registry_is_a_500_that_tells():
    def wrong(_request: Request) -> Response:
        raise ZeroDivisionError("x")

    with Server(wrong) as server:
        answer = ask(server.url + "/")

    assert (500, b"the lab failed: ZeroDivisionError('x')") == (answer.status, answer.body)


def test_https_is_trusted_by_who_trusts_the_authority():
    with Server(echo, tls=True) as server:
        answer = ask(server.url + "/safe")

    assert ("https", b"GET|/safe|") == (server.url.partition(":")[0], answer.body)


def test_certificate_holds_for_localhost():
    with Server(echo, tls=True) as server:
        answer = ask(server.url_as("localhost") + "/")

    assert 200 == answer.status


def test_authority_is_one_file_for_all_servers():
    with Server(echo, tls=True) as one, Server(echo, tls=True) as two:
        assert one.ca_file == two.ca_file
        assert one.ca_file.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_stopped_server_closes_its_connections():
    with Server(echo) as server:
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        connection.recv(4096)

    with closing(connection):
        assert b"" == connection.recv(1)


def test_stopped_server_gives_its_port_back():
    with Server(echo) as server:
        pass

    # To bind the port again would race with every other server that is started meanwhile.
    assert -1 == server._listener.fileno()


def test_word_that_is_no_request_ends_the_connection():
    with Server(echo) as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"hello\r\n\r\n")

        assert b"" == connection.recv(1)
