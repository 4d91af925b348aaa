"""Faults on demand: which requests they meet, and what a client sees."""

import http.client
import socket
import time

import pytest

from lab.client import ask
from lab.faults import Fault
from lab.server import Server
from lab.wire import Response


def serve() -> Server:
    return Server(lambda _: Response(200, b"0123456789"))


def statuses(server: Server, *paths: str) -> list[int]:
    return [ask(server.url + path).status for path in paths]


def test_status_stands_in_for_the_answer():
    with serve() as server:
        server.fault(Fault(status=503, body=b"later", headers=(("Retry-After", "1"),)))

        answer = ask(server.url + "/")

    assert (503, b"later", "1") == (answer.status, answer.body, answer.headers["retry-after"])


def test_fault_meets_only_what_its_pattern_names():
    with serve() as server:
        server.fault(Fault(pattern="/a/*", status=500))

        assert [500, 200] == statuses(server, "/a/x", "/b/x")


def test_fault_meets_the_nth_request():
    with serve() as server:
        server.fault(Fault(first=2, times=1, status=500))

        assert [200, 500, 200] == statuses(server, "/", "/", "/")


def test_fault_meets_all_from_the_nth_request_on():
    with serve() as server:
        server.fault(Fault(first=2, status=500))

        assert [200, 500, 500] == statuses(server, "/", "/", "/")


def test_token_can_expire():
    with serve() as server:
        server.fault(Fault(identity=("u", "old"), first=2, status=401))

        old, new = ("u", "old"), ("u", "new")

        assert [200, 401, 200] == [ask(server.url + "/", identity).status for identity in (old, old, new)]


def test_fault_meets_only_its_method():
    with serve() as server:
        server.fault(Fault(method="HEAD", status=405))

        assert [405, 200] == [ask(server.url + "/", method=method).status for method in ("HEAD", "GET")]


def test_two_faults_count_for_themselves():
    with serve() as server:
        server.fault(Fault(times=1, status=500))
        server.fault(Fault(times=2, status=503))

        assert [500, 503, 200] == statuses(server, "/", "/", "/")


def test_body_can_be_cut():
    with serve() as server:
        server.fault(Fault(cut=4))

        with pytest.raises(http.client.IncompleteRead) as cut:
            ask(server.url + "/")

    assert b"0123" == cut.value.partial


def test_length_can_lie():
    with serve() as server:
        server.fault(Fault(length=4))

        assert b"0123" == ask(server.url + "/").body


def test_answer_can_be_late():
    with serve() as server:
        server.fault(Fault(delay=0.05))
        start = time.monotonic()
        ask(server.url + "/")

        assert 0.05 <= time.monotonic() - start


def test_body_can_drip():
    with serve() as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        server.fault(Fault(drip=(1, 0.002)))
        start = time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(4096), b""))

        assert received.endswith(b"\r\n\r\n0123456789")
        assert 0.02 <= time.monotonic() - start


def test_server_can_hang_up_without_a_word():
    with serve() as server:
        server.fault(Fault(silent=True, times=1))

        with pytest.raises(http.client.RemoteDisconnected):
            ask(server.url + "/")

        assert 200 == ask(server.url + "/").status


def test_faults_can_be_cleared():
    with serve() as server:
        server.fault(Fault(status=500))
        server.faults.clear()

        assert [200] == statuses(server, "/")
