"""A download that breaks off is taken up where it ended, over a real connection."""

import pytest

from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.supply.wire import Patience, Wire
from keyrack.values.exchange import Exchange
from keyrack.values.url import parse_url
from lab import answers
from lab.faults import Fault
from lab.server import Server
from lab.wire import Response

BODY = bytes(range(256)) * 4000


class Taken:
    def __init__(self):
        self.body, self.bytes, self.restarts = bytearray(), 0, 0

    def write(self, chunk):
        self.body += chunk
        self.bytes += len(chunk)

    def restart(self):
        self.body.clear()
        self.restarts += 1


def fetch(answer, *faults):
    """Fetch with faults; the sink, the answer, and the ranges that were asked for."""
    sink, ranges = Taken(), []

    def served(request):
        ranges.append(request.headers.get("range"))
        return answer(request)

    with Server(served) as server:
        for fault in faults:
            server.fault(fault)
        transport = CurlTransport(TransportSettings())
        came = Wire(transport, patience=Patience(sleep=lambda _seconds: None)).send(
            Exchange(parse_url(server.url).url), sink
        )
        transport.close()
    return sink, came, ranges


def test_what_has_come_is_not_sent_again():
    sink, came, ranges = fetch(lambda request: answers.file(request, BODY), Fault(cut=500_000, times=1))

    assert (BODY, len(BODY), 0) == (bytes(sink.body), sink.bytes, sink.restarts)
    assert (200, str(len(BODY))) == (came.head.status, came.head.header("content-length"))
    assert [None, "bytes=500000-"] == ranges


def test_a_body_may_break_off_several_times():
    sink, _, ranges = fetch(lambda request: answers.file(request, BODY), Fault(cut=300_000, times=3))

    assert (BODY, len(BODY), 4) == (bytes(sink.body), sink.bytes, len(ranges))


def test_a_server_without_ranges_sends_all_anew():
    sink, came, _ = fetch(lambda request: answers.file(request, BODY, ranges=False), Fault(cut=500_000, times=1))

    assert (BODY, 1, 200) == (bytes(sink.body), sink.restarts, came.head.status)


def test_a_file_that_was_changed_meanwhile_comes_whole():
    bodies = [BODY, BODY[::-1]]
    sink, _, _ = fetch(lambda request: answers.file(request, bodies.pop(0)), Fault(cut=500_000, times=1))

    assert (BODY[::-1], 1) == (bytes(sink.body), sink.restarts)


@pytest.mark.parametrize(
    "wrong",
    [
        Response(206, BODY, (("Content-Range", f"bytes 0-{len(BODY) - 1}/{len(BODY)}"),)),
        Response(416, b"", ()),
        Response(412, b"", ()),
    ],
)
def test_what_is_not_the_rest_is_not_put_behind_what_has_come(wrong):
    said = [wrong]

    def answer(request):
        return said.pop() if "range" in request.headers and said else answers.file(request, BODY)

    sink, came, _ = fetch(answer, Fault(cut=500_000, times=1))

    assert (BODY, 200) == (bytes(sink.body), came.head.status)


def test_a_refusal_of_the_rest_leaves_the_sink_empty():
    def answer(request):
        return Response(403, b"no", ()) if "range" in request.headers else answers.file(request, BODY)

    sink, came, _ = fetch(answer, Fault(cut=500_000, times=1))

    assert (b"", 403) == (bytes(sink.body), came.head.status)


def test_a_weak_tag_does_not_say_that_the_rest_is_of_the_same():
    sink, _, ranges = fetch(lambda _request: Response(200, BODY, (("ETag", 'W/"a"'),)), Fault(cut=500_000, times=1))

    assert (BODY, [None, None]) == (bytes(sink.body), ranges)
