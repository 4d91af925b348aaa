"""Bytes over HTTP, against real servers on loopback."""

import socket
import threading

import pytest

from keyrack.adapters.certificates import Authorities
from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.values.exchange import Exchange
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.secret import Secret
from keyrack.values.url import Url
from lab.faults import Fault
from lab.server import Server
from lab.wire import Response
from tests.adapters.asking import BODY, Taken, failing, get, serve, transport, url


def test_an_answer_comes_back_with_its_head_and_its_body():
    with serve(Response(201, BODY, (("X-Word", " two words "), ("X-Word", "three")))) as server:
        answer = get(f"{server.url}/a")

    assert (201, url(f"{server.url}/a"), BODY) == (answer.head.status, answer.head.url, answer.body)
    assert [("x-word", "two words"), ("x-word", "three")] == [
        line for line in answer.head.headers if line[0] == "x-word"
    ]


def test_what_is_asked_is_what_was_decided_and_nothing_else():
    with serve() as server:
        get(f"{server.url}/a", headers=(("accept", "text/html"), ("x-empty", "")), authorization=Secret("Basic eDp5"))
        (seen,) = server.requests()

    assert {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "keyrack",
        "accept": "text/html",
        "x-empty": "",
        "authorization": "Basic eDp5",
    } == dict(seen.headers)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/a/../b/./c", "/a/../b/./c"),
        ("/a%2Fb?x=%20&y=1", "/a%2Fb?x=%20&y=1"),
        ("/a?q", "/a?q"),
        ("/ä b".replace(" ", ""), "/%C3%A4b"),
        ("/a#part", "/a"),
        ("/[a]{b}", "/[a]{b}"),
    ],
)
def test_the_path_that_was_checked_is_the_path_that_is_asked(asked, sent):
    with serve() as server:
        get(server.url + asked)

        assert [sent] == [entry.target for entry in server.requests()]


def test_a_redirect_is_an_answer_and_is_not_followed():
    with serve(Response(302, b"", (("Location", "/b"),))) as server:
        answer = get(f"{server.url}/a")

        assert (302, 1) == (answer.head.status, len(server.requests()))


def test_no_cookie_is_carried_to_the_next_request():
    with serve(Response(200, b"", (("Set-Cookie", "session=1; Path=/"),))) as server, transport() as made:
        for _ in range(2):
            made.send(Exchange(url(server.url))).result()

        assert [None, None] == [entry.headers.get("cookie") for entry in server.requests()]


def test_no_identity_is_carried_to_the_next_request():
    with serve() as server, transport() as made:
        made.send(Exchange(url(server.url), (("x-a", "1"),), Secret("Basic eDp5"))).result()
        made.send(Exchange(url(server.url))).result()

        assert [("x", "1"), (None, None)] == [(entry.user, entry.headers.get("x-a")) for entry in server.requests()]


def test_content_encodings_stay_on_the_body():
    with serve(Response(200, b"\x1f\x8bnot really", (("Content-Encoding", "gzip"),))) as server:
        answer = get(server.url, headers=(("accept-encoding", "gzip"),))

    assert b"\x1f\x8bnot really" == answer.body


@pytest.mark.parametrize("tls", [False, True])
def test_many_threads_share_a_transport(tls):
    answers = []

    def ask(made, number):
        answers.append((number, made.send(Exchange(url(f"{server.url}/{number}"))).result().body))

    echo = Server(lambda request: Response(200, request.target.encode()), tls=tls)
    with echo as server, transport(authorities=Authorities(str(server.ca_file)) if tls else Authorities()) as made:
        threads = [threading.Thread(target=ask, args=(made, number)) for number in range(120)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [(number, f"/{number}".encode()) for number in range(120)] == sorted(answers)


class Counting(Server):
    """A server that counts its connections."""

    count = 0

    def _serve(self, connection):
        self.count += 1
        super()._serve(connection)


def test_a_connection_is_used_again():
    with Counting(lambda _request: Response(200, BODY)) as server, transport() as made:
        for number in range(5):
            made.send(Exchange(url(f"{server.url}/{number}"))).result()

        assert 1 == server.count


@pytest.mark.parametrize("status", [200, 206])
def test_the_body_of_a_success_goes_into_the_sink(status):
    sink = Taken()

    with serve(Response(status, BODY)) as server:
        answer = get(server.url, sink)

    assert (BODY, b"") == (sink.body, answer.body)


@pytest.mark.parametrize("status", [302, 401, 404, 416, 503])
def test_the_body_of_anything_else_stays_with_the_answer(status):
    sink = Taken()

    with serve(Response(status, b"why")) as server:
        answer = get(server.url, sink)

    assert (b"", b"why") == (sink.body, answer.body)


def test_what_a_sink_raises_is_raised_where_somebody_waits():
    class Full:
        def write(self, chunk):
            raise OSError(28, "No space left on device")

    with serve() as server, pytest.raises(OSError, match="No space left"):
        get(server.url, Full())


def test_a_head_that_was_cut_off_is_a_reset():
    with serve() as server:
        server.fault(Fault(silent=True))

        failure = failing(server.url)

    assert (FailureKind.RESET, False) == (failure.kind, failure.in_body)
    assert ("client error (SendRequest)", "connection closed before message completed") == failure.causes


@pytest.mark.parametrize("sink", [None, Taken()])
def test_a_body_that_is_shorter_than_announced_is_no_answer(sink):
    with serve() as server:
        server.fault(Fault(cut=1000))

        failure = failing(server.url, sink)

    assert (FailureKind.SHORT, True) == (failure.kind, failure.in_body)


def test_a_closed_port_is_a_failure_to_connect():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    failure = failing(f"http://127.0.0.1:{port}/")

    assert FailureKind.CONNECT == failure.kind
    assert ("client error (Connect)", "tcp connect error", "Connection refused (os error 111)") == failure.causes


def test_a_name_that_does_not_exist_is_a_failure_of_dns():
    # The guard of these tests would refuse a real look-up; curl itself refuses this name (RFC 7686).
    failure = failing("http://nowhere.onion/")

    assert FailureKind.DNS == failure.kind


def test_a_server_that_does_not_take_the_connection_is_left():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())

        failure = failing(f"http://127.0.0.1:{listener.getsockname()[1]}/", connect_timeout=0.2)
        for caller in callers:
            caller.close()

    assert (FailureKind.TIMEOUT, ("operation timed out",)) == (failure.kind, failure.causes)


@pytest.mark.parametrize("fault", [Fault(delay=30), Fault(drip=(1, 0.2))])
def test_a_server_that_is_too_slow_is_left(fault):
    with serve() as server:
        server.fault(fault)

        failure = failing(server.url, read_timeout=1)

    assert FailureKind.TIMEOUT == failure.kind


def test_a_body_that_is_too_large_for_memory_is_left():
    with serve() as server:
        failure = failing(server.url, largest_body=1000)

    assert FailureKind.TOO_LARGE == failure.kind


def test_a_body_that_is_too_large_for_memory_goes_into_a_sink():
    sink = Taken()

    with serve() as server:
        get(server.url, sink, largest_body=1000)

    assert BODY == sink.body


def test_a_host_that_may_not_be_reached_is_not_even_looked_up():
    failure = failing("http://pkgs.example/", allow_host=lambda host: host == "127.0.0.1")

    assert FailureKind.REFUSED == failure.kind


def test_only_http_and_https_are_spoken():
    failure = failing("file:///etc/hosts")

    assert FailureKind.REFUSED == failure.kind


def test_a_line_break_in_a_header_is_refused():
    with serve() as server:
        failure = failing_header(f"{server.url}/a")

        assert (FailureKind.REFUSED, 0) == (failure.kind, len(server.requests()))


def failing_header(text):
    with transport() as made, pytest.raises(TransportFailure) as failed:
        made.send(Exchange(url(text), (("x-a", "1\r\nx-b: 2"),))).result()
    return failed.value


def test_closing_ends_what_is_on_its_way_and_leaves_no_thread():
    before = set(threading.enumerate())

    with serve() as server:
        server.fault(Fault(delay=30))
        made = CurlTransport(TransportSettings())
        pending = [made.send(Exchange(url(f"{server.url}/{number}"))) for number in range(60)]
        made.close()
        kinds = {kind_of(one) for one in pending}
        left = [thread.name for thread in set(threading.enumerate()) - before if "transport" in thread.name]

    assert ({FailureKind.CLOSED}, []) == (kinds, left)


def kind_of(pending):
    with pytest.raises(TransportFailure) as failed:
        pending.result()
    return failed.value.kind


def test_a_closed_transport_sends_nothing():
    made = CurlTransport(TransportSettings())
    made.close()
    made.close()

    with pytest.raises(TransportFailure, match="closed"):
        made.send(Exchange(Url("http", "127.0.0.1", 9, "/"))).result()


def test_a_queue_costs_no_time_to_connect():
    with serve() as server:
        server.fault(Fault(delay=0.15))
        with transport(connect_timeout=0.4) as made:
            pending = [made.send(Exchange(url(f"{server.url}/{number}"))) for number in range(200)]

            assert [200] * 200 == [one.result().head.status for one in pending]
