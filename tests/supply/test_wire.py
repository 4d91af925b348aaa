"""One hop on the wire, with its retries."""

import threading

import pytest

from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.supply.wire import NoNetwork, Offline, OnDemand, Patience, Unreachable, Wire
from keyrack.values.exchange import Answer, Exchange, ResponseHead
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from lab.faults import Fault
from lab.server import Server
from lab.wire import Response

URL = parse_url("https://pkgs.example/simple/lib-a/?token=secret").url
EXCHANGE = Exchange(URL, (), Secret("Basic eDp5"))
BODY = b"0123456789" * 1000
RESET = TransportFailure(FailureKind.RESET, "client error (SendRequest)", "connection closed before message completed")


class Transport:
    """Answers from a list: an answer, or a failure that is raised."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.sent = []

    def send(self, exchange, sink=None):
        self.sent.append(exchange)
        return Outcome(self.outcomes.pop(0))

    def close(self):
        self.outcomes = [TransportFailure(FailureKind.CLOSED, "the transport was closed")]


class Outcome:
    def __init__(self, outcome):
        self.outcome = outcome

    def result(self):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self):
        self.time = 1000.0
        self.slept = []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


class Taken:
    """A sink that remembers what it was told."""

    def __init__(self):
        self.body = b""
        self.restarts = 0

    def write(self, chunk):
        self.body += chunk

    def restart(self):
        self.body = b""
        self.restarts += 1


def answer(status, *headers, body=b""):
    return Answer(ResponseHead(status, headers, URL), body)


def wire(transport, time=None, **words):
    time = time or Time()
    return Wire(transport, patience=Patience(time.now, time.now, time.sleep, lambda: 1.0), **words)


def failing(transport, **words):
    with pytest.raises(Unreachable) as failed:
        wire(transport, **words).send(EXCHANGE)
    return failed.value


@pytest.mark.parametrize("status", [200, 302, 401, 404])
def test_an_answer_that_would_not_change_comes_back_at_once(status):
    transport, time = Transport(answer(status)), Time()

    assert answer(status) == wire(transport, time).send(EXCHANGE)
    assert ([EXCHANGE], []) == (transport.sent, time.slept)


def test_a_failure_that_passes_is_not_seen():
    transport, time = Transport(RESET, answer(503), RESET, answer(200, body=BODY)), Time()

    came = wire(transport, time).send(EXCHANGE)

    assert (BODY, [1.0, 2.0, 4.0], [EXCHANGE] * 4) == (came.body, time.slept, transport.sent)


def test_what_it_took_stands_in_the_head():
    came = wire(Transport(answer(503), answer(503), answer(404))).send(EXCHANGE)

    assert (404, 2, 3.0) == (came.head.status, came.head.retries, came.head.seconds)


def test_the_last_answer_stands_even_if_it_is_an_error():
    came = wire(Transport(*[answer(503)] * 4)).send(EXCHANGE)

    assert (503, 3) == (came.head.status, came.head.retries)


def test_a_server_that_names_the_time_is_obeyed():
    time = Time()

    wire(Transport(answer(429, ("retry-after", "7")), answer(200)), time).send(EXCHANGE)

    assert [7.0] == time.slept


def test_a_server_that_stays_away_is_unreachable_in_uvs_words():
    failed = failing(Transport(*[RESET] * 4))

    assert "Request failed after 3 retries in 7.0s" == failed.message
    assert (
        "Failed to fetch: https://pkgs.example/simple/lib-a/?token=****",
        "error sending request for url (https://pkgs.example/simple/lib-a/?token=****)",
        "client error (SendRequest)",
        "connection closed before message completed",
    ) == failed.causes
    assert (URL, FailureKind.RESET) == (failed.url, failed.kind)


def test_one_retry_is_no_plural():
    failed = failing(Transport(RESET, RESET), retries=1)

    assert "Request failed after 1 retry in 1.0s" == failed.message


def test_a_body_that_broke_off_is_told_from_a_request_that_did_not_arrive():
    short = TransportFailure(FailureKind.SHORT, "end of file before message length reached", in_body=True)

    failed = failing(Transport(short), retries=0)

    assert "Failed to fetch: https://pkgs.example/simple/lib-a/?token=****" == failed.message
    assert (
        "error decoding response body for url (https://pkgs.example/simple/lib-a/?token=****)",
        "end of file before message length reached",
    ) == failed.causes


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (FailureKind.TLS, "SSL_CERT_FILE"),
        (FailureKind.PROXY, "HTTPS_PROXY"),
        (FailureKind.TIMEOUT, "UV_HTTP_TIMEOUT"),
    ],
)
def test_what_can_be_done_is_said(kind, word):
    failed = failing(Transport(TransportFailure(kind, "no")), retries=0)

    assert [True] == [word in hint for hint in failed.hints]


def test_a_failure_without_a_word_is_still_tried_again():
    lines = []

    wire(Transport(TransportFailure(FailureKind.RESET), answer(200)), log=lambda *line: lines.append(line)).send(
        EXCHANGE
    )

    said = (
        "Transient failure while handling response from https://pkgs.example/simple/lib-a/?token=**** (reset);"
        " retrying after 1.0s..."
    )
    assert [(Level.DEBUG, said)] == lines


def test_a_sink_starts_anew_with_each_try():
    sink = Taken()

    with Server(lambda _request: Response(200, BODY)) as server:
        server.fault(Fault(cut=5000, times=2))
        transport = CurlTransport(TransportSettings())
        came = wire(transport).send(Exchange(parse_url(server.url).url), sink)
        transport.close()

    assert (200, BODY, 2) == (came.head.status, sink.body, sink.restarts)


def test_what_a_sink_raises_is_no_failure_of_the_network():
    transport = Transport(OSError(28, "No space left on device"))

    with pytest.raises(OSError, match="No space left"):
        wire(transport).send(EXCHANGE, Taken())


def test_without_a_network_nothing_is_asked():
    with pytest.raises(Offline) as offline:
        wire(NoNetwork()).send(EXCHANGE)

    assert offline.value.message == (
        "Network connectivity is disabled, but the requested data wasn't found in the cache for:"
        " `https://pkgs.example/simple/lib-a/?token=****`"
    )


def test_without_a_network_there_is_nothing_to_close():
    Wire(NoNetwork()).close()


def test_patience_is_real_where_nothing_is_handed_in():
    patience = Patience()

    assert 0.0 <= patience.jitter() <= 1.0


def test_closing_ends_the_wait_between_two_tries():
    later = answer(503, ("retry-after", "30"))
    waiting = threading.Event()
    kinds = []

    def ask():
        with pytest.raises(Unreachable) as failed:
            sleeping.send(EXCHANGE)
        kinds.append(failed.value.kind)

    sleeping = Wire(Transport(later), log=lambda *_: waiting.set())
    thread = threading.Thread(target=ask)
    thread.start()
    waiting.wait()
    sleeping.close()
    thread.join()

    assert [FailureKind.CLOSED] == kinds


class Opened:
    """A transport that answers everything alike."""

    def __init__(self):
        self.is_closed = False

    def send(self, exchange, sink=None):
        return (exchange, sink, self.is_closed)

    def close(self):
        self.is_closed = True


def test_a_transport_is_opened_for_the_first_exchange_and_closed_where_it_was_opened():
    opened = []
    transport = OnDemand(lambda: opened.append(Opened()) or opened[-1])

    before = len(opened)
    sent = [transport.send("a"), transport.send("b", "sink")]
    transport.close()

    assert (0, [("a", None, False), ("b", "sink", False)]) == (before, sent)
    assert [True] == [each.is_closed for each in opened]


def test_a_transport_that_was_never_opened_is_closed_all_the_same():
    transport = OnDemand(Opened)

    transport.close()

    assert ("a", None, True) == transport.send("a")
