"""A wire that is a table, a sink and source that is a list, and one index, for tests of the session."""

import threading

from keyrack.policy.auth.steps import Finding
from keyrack.supply.session import Session
from keyrack.values.credentials import Basic, Held, Source, header_value
from keyrack.values.exchange import Answer, Purpose, Request, ResponseHead
from keyrack.values.index import AuthPolicy, Index, Indexes, index_id
from keyrack.values.names import IndexName
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

PLACE = "https://pkgs.example/a/simple/"
FILE = "https://pkgs.example/a/lib.whl"
GOOD = Basic("user", Secret("good"))
HTML = (("content-type", "text/html"),)


class FakeWire:
    """Answers from a table of exact URLs; `open_to` are the identities that it lets in, None for everybody."""

    def __init__(self, table=None, open_to=None):
        self.table = table or {}
        self.open_to = open_to
        self.sent = []
        self.lock = threading.Lock()

    def send(self, exchange, sink=None):
        with self.lock:
            self.sent.append(exchange)
        status, headers, body = self.table.get(exchange.url.exact, (200, (), b"body"))
        if self.open_to is not None and exchange.authorization not in [header_value(each) for each in self.open_to]:
            status, headers, body = 401, (), b"who are you?"
        head = ResponseHead(status, headers, exchange.url)
        if sink is not None and status in (200, 206):
            sink.write(body[:2])
            sink.write(body[2:])
            body = b""
        return Answer(head, body)


class Shelf:
    """A sink and a source in one: keeps what is written, gives what it was made with."""

    def __init__(self, *found):
        self.found = list(found)
        self.wanted = []
        self.written = b""

    def write(self, chunk):
        self.written += chunk

    def restart(self):
        self.written = b""

    def find(self, wanted):
        self.wanted.append(wanted)
        return Finding(self.found.pop(0) if self.found else None, ("netrc",))


def index(credentials=None, source=Source.INLINE, *, name="team", policy=AuthPolicy.AUTO):
    url = parse_url(PLACE).url
    held = Held(credentials, source) if credentials else None
    return Index(index_id(url, IndexName(name)), url, IndexName(name), authenticate=policy, given=held)


def session(wire, one=None, source=None, told=None):
    lines = [] if told is None else told
    one = one or index()
    return Session(Indexes((one,)), wire, source or Shelf(), lambda level, line: lines.append((level, line)))


def page(text=f"{PLACE}lib/", **more):
    return Request(parse_url(text).url, Purpose.PAGE, index().id, **more)


def file(text=FILE):
    return Request(parse_url(text).url, Purpose.FILE, index().id, has_hash=True)
