import json
from itertools import count

import pytest

from keyrack.adapters.store import Store
from keyrack.errors import KeyrackError
from keyrack.supply.ahead import Ahead
from keyrack.supply.at_hand import AtHand
from keyrack.supply.cached import CachedSession, CacheRules
from keyrack.supply.indexes import PackageIndexes, Searching
from keyrack.supply.metadata import MetadataReader
from keyrack.values.artifact import Digest, File
from keyrack.values.exchange import Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.names import package_name
from keyrack.values.settings import Selection
from keyrack.values.url import parse_url

LIB = package_name("lib")
PAGE = json.dumps({"files": [{"filename": "lib-1.0-py3-none-any.whl", "url": "../lib-1.0-py3-none-any.whl"}]}).encode()
HEADERS = (("content-type", "application/json"), ("cache-control", "max-age=600"))
WHEEL = File(
    "lib-1.0-py3-none-any.whl",
    parse_url("https://pkgs.example/lib-1.0-py3-none-any.whl").url,
    IndexId("team"),
    (Digest("sha256", "0" * 64),),
    core_metadata=(),
)


def index(name):
    return Index(IndexId(name), parse_url(f"https://{name}.example/simple/").url)


MOMENTS = count(1_700_000_000.0)


class Server:
    """Gives every page and every sidecar, to whoever is `me`, and counts what it was asked."""

    def __init__(self, missing=()):
        self.missing = missing
        self.identity = "me@"
        self.asked = []

    def identity_key(self, index, salt=bytes):
        return self.identity

    def fetch(self, request):
        self.asked.append(request.url.bare)
        status = 404 if request.index in self.missing else 200
        body = b"Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n" if request.url.bare.endswith(".metadata") else PAGE
        return Response(ResponseHead(status, HEADERS, request.url), body)


class Run:
    """One run over a cache that lasts; everything that comes in the background would come from `asked` threads."""

    def __init__(self, folder, server, *indexes, flat=(), **rules):
        store = Store(str(folder))
        all_of = Indexes(tuple(indexes or (index("team"),)), flat=flat)
        self.lines = []
        rules = CacheRules(now=lambda: next(MOMENTS), **rules)
        cached = CachedSession(server, store, all_of, rules, self.log)
        metadata = MetadataReader(server, cached, store.bucket("metadata", 1))
        self.at_hand = AtHand(all_of, Searching(), (cached, metadata), self.log)
        self.catalogue = Ahead(PackageIndexes(all_of, cached), metadata, at_hand=self.at_hand)

    def log(self, _level, line):
        self.lines.append(line)

    def ask(self):
        with self.catalogue as catalogue:
            return catalogue.pages(LIB), catalogue.metadata(WHEEL)


def test_what_was_asked_for_a_moment_ago_is_at_hand(tmp_path):
    first = Run(tmp_path, Server()).ask()
    server = Server()
    run = Run(tmp_path, server)
    heard = []

    with run.catalogue as catalogue:
        catalogue.expect(LIB, then=heard.append)
        catalogue.expect_metadata(WHEEL)
        at_once = list(heard)
        found = catalogue.pages(LIB), catalogue.metadata(WHEEL)

    assert first == found
    assert [found[0]] == at_once
    assert [] == server.asked
    assert "Found fresh response for: https://team.example/simple/lib/" in run.lines


def test_nothing_is_at_hand_before_it_was_asked_for(tmp_path):
    run = Run(tmp_path, Server())

    assert (None, None, []) == (run.at_hand.pages(LIB, None), run.at_hand.metadata(WHEEL), run.lines)


def test_a_page_that_no_index_may_be_passed_over_for_is_not_at_hand(tmp_path):
    indexes = (index("first"), index("team"))
    Run(tmp_path, Server(missing=("first",)), *indexes).ask()

    assert Run(tmp_path, Server(), *indexes).at_hand.pages(LIB, None) is None


@pytest.mark.parametrize("rules", [{"refresh": Selection(all=True)}, {"flat": (index("flat"),)}])
def test_what_is_to_be_asked_again_is_not_at_hand(tmp_path, rules):
    Run(tmp_path, Server()).ask()

    assert Run(tmp_path, Server(), **rules).at_hand.pages(LIB, None) is None


def test_what_another_identity_was_shown_is_not_at_hand(tmp_path):
    Run(tmp_path, Server()).ask()
    other = Server()
    other.identity = "you@"

    assert Run(tmp_path, other).at_hand.pages(LIB, None) is None


def test_a_damaged_entry_is_not_at_hand(tmp_path):
    Run(tmp_path, Server()).ask()
    for path in (tmp_path / "answers-v3").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert Run(tmp_path, Server()).at_hand.pages(LIB, None) is None


@pytest.mark.parametrize("body", [b"", b"KRE1", b"nothing of ours", b"KRE1" + b"\xff" * 40])
def test_what_is_no_entry_is_not_at_hand(tmp_path, body):
    Run(tmp_path, Server()).ask()
    for path in (tmp_path / "answers-v3").rglob("*"):
        if path.is_file():
            path.write_bytes(body)

    assert Run(tmp_path, Server()).at_hand.pages(LIB, None) is None


def test_kept_metadata_that_cannot_be_read_is_told_to_who_asks(tmp_path):
    class Bad:
        def pages(self, name, pinned):
            return None

        def metadata(self, file):
            def read():
                raise KeyrackError("It cannot be read")

            return read

    with Ahead(None, None, at_hand=Bad()) as catalogue:
        catalogue.expect_metadata(WHEEL)

        with pytest.raises(KeyrackError, match="It cannot be read"):
            catalogue.metadata(WHEEL)


def test_where_nothing_is_at_hand_everything_is_asked_for():
    assert (None, None) == (Ahead(None, None)._at_hand.pages(LIB, None), Ahead(None, None)._at_hand.metadata(WHEEL))
