"""Pages and metadata from the cache where they still hold."""

import os

import pytest

from keyrack.adapters.store import Entry, Store
from keyrack.supply.cached import CachedSession, CacheRules, _Call
from keyrack.supply.wire import Offline
from keyrack.values.credentials import Basic
from keyrack.values.exchange import Purpose, Request, Response, ResponseHead
from keyrack.values.index import CacheControl, Index, Indexes, index_id
from keyrack.values.log import Level
from keyrack.values.names import package_name
from keyrack.values.secret import Secret
from keyrack.values.settings import Selection
from keyrack.values.url import parse_url

BASE = "https://pkgs.example/team/simple/"
PAGE = b'<a href="lib_a-1.0-py3-none-any.whl#sha256=00">lib_a</a>'
FOR_TEN_MINUTES = ("cache-control", "max-age=600")
ETAG = ("etag", '"v1"')


def url(text):
    return parse_url(text).url


def an_index(name="team", base=BASE, **words):
    return Index(index_id(url(base), name), url(base), name, **words)


def page(package="lib-a", base=BASE, index="team", **words):
    return Request(url(f"{base}{package}/"), Purpose.PAGE, index, (("accept", "text/html"),), **words)


class Session:
    """An index with a page for everybody who has an identity; it remembers what it was asked."""

    def __init__(self, *headers, body=PAGE, status=200, identity="me@"):
        self.headers = headers
        self.body = body
        self.status = status
        self.identity = identity
        self.learns = None
        self.final = None
        self.asked = []

    def identity_key(self, index):
        return self.identity

    def fetch(self, request):
        self.asked.append(request)
        self.identity, self.learns = self.learns or self.identity, None
        etag = dict(self.headers).get("etag")
        if etag and ("if-none-match", etag) in request.headers:
            return Response(ResponseHead(304, self.headers, request.url), b"")
        return Response(ResponseHead(self.status, self.headers, self.final or request.url), self.body)

    @property
    def conditions(self):
        """Whether each request asked with a condition."""
        return [any(name.startswith("if-") for name, _ in request.headers) for request in self.asked]


class Run:
    """Runs that share a cache; each has its own log, and time goes on between them."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.time = 1_700_000_000.0
        self.lines = []

    def session(self, session, *indexes, **rules):
        self.lines = []
        store = Store(self.folder, self._log)
        rules = CacheRules(now=lambda: self.time, **rules)
        return CachedSession(session, store, Indexes(indexes or (an_index(),)), rules, self._log)

    def fetch(self, session, request=None, *indexes, **rules):
        return self.session(session, *indexes, **rules).fetch(request or page())

    def _log(self, level, line):
        self.lines.append((level, line))

    @property
    def said(self):
        return [line.partition(" https://")[0] for level, line in self.lines if level is Level.DEBUG]

    @property
    def entries(self):
        return sorted(
            os.path.relpath(os.path.join(place, name), self.folder).split(os.sep)[1]
            for place, _, names in os.walk(self.folder)
            for name in names
            if "answers-v1" in place
        )


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path / "cache")


def test_the_first_answer_comes_from_the_index(run):
    session = Session(FOR_TEN_MINUTES)

    came = run.fetch(session)

    assert (PAGE, False, 1) == (came.body, came.from_cache, len(session.asked))
    assert ["No cache entry for:", "Sending fresh GET request for:"] == run.said


def test_a_fresh_answer_is_not_asked_for_again(run):
    session = Session(FOR_TEN_MINUTES, ("content-type", "text/html"))
    first = run.fetch(session)
    run.time += 599

    came = run.fetch(session)

    assert (first.body, True, 1) == (came.body, came.from_cache, len(session.asked))
    assert (first.head.url, 200, "text/html") == (came.head.url, came.head.status, came.head.header("content-type"))
    assert ["Found fresh response for:"] == run.said


def test_a_stale_answer_is_confirmed_and_fresh_again(run):
    session = Session(FOR_TEN_MINUTES, ETAG)
    run.fetch(session)
    run.time += 601

    came = run.fetch(session)
    said = run.said
    run.time += 500
    run.fetch(session)

    assert (PAGE, True, 200) == (came.body, came.from_cache, came.head.status)
    assert [
        "Found stale response for:",
        "Sending revalidation request for:",
        "Found not-modified response for:",
    ] == said
    assert [False, True] == session.conditions


def test_a_stale_answer_that_changed_is_replaced(run):
    run.fetch(Session(FOR_TEN_MINUTES, ETAG))
    run.time += 601

    came = run.fetch(Session(FOR_TEN_MINUTES, ("etag", '"v2"'), body=b"new"))
    said = run.said
    again = run.fetch(Session())

    assert (b"new", False, b"new", True) == (came.body, came.from_cache, again.body, again.from_cache)
    assert "Found modified response for:" == said[-1]


def test_a_stale_answer_that_cannot_be_asked_about_is_fetched(run):
    session = Session(FOR_TEN_MINUTES)
    run.fetch(session)
    run.time += 601

    run.fetch(session)

    assert [False, False] == session.conditions
    assert ["Found stale response for:", "Sending fresh GET request for:"] == run.said


@pytest.mark.parametrize("status", [404, 403, 401, 203, 500])
def test_a_refusal_is_never_remembered(run, status):
    session = Session(FOR_TEN_MINUTES, status=status)
    run.fetch(session)

    assert (status, 2) == (run.fetch(session).head.status, len(session.asked))


def test_a_failed_revalidation_is_no_reason_to_use_what_is_stale(run):
    run.fetch(Session(FOR_TEN_MINUTES, ETAG))
    run.time += 601

    assert 503 == run.fetch(Session(status=503)).head.status


def test_an_answer_that_must_not_be_stored_is_not(run):
    run.fetch(Session(("cache-control", "no-store")))

    assert [] == run.entries


def test_the_page_of_one_identity_is_never_anothers(run):
    run.fetch(Session(FOR_TEN_MINUTES, ETAG, body=b"mine", identity="me@"))
    session = Session(FOR_TEN_MINUTES, ETAG, body=b"yours", identity="you@")

    came = run.fetch(session)

    assert (b"yours", [False]) == (came.body, session.conditions)


def test_two_indexes_with_one_url_keep_their_pages_apart(run):
    one, two = an_index("one"), an_index("two")
    run.fetch(Session(FOR_TEN_MINUTES, body=b"one"), page(index="one"), one, two)

    came = run.fetch(Session(FOR_TEN_MINUTES, body=b"two"), page(index="two"), one, two)

    assert b"two" == came.body


def test_an_index_that_moved_has_no_pages_yet(run):
    request = Request(url("https://files.example/lib_a-1.0-py3-none-any.whl.metadata"), Purpose.METADATA, "team")
    run.fetch(Session(FOR_TEN_MINUTES, body=b"old"), request)

    came = run.fetch(Session(FOR_TEN_MINUTES, body=b"new"), request, an_index(base="https://moved.example/simple/"))

    assert b"new" == came.body


def test_a_page_in_another_form_is_another_page(run):
    run.fetch(Session(FOR_TEN_MINUTES))
    session = Session(FOR_TEN_MINUTES, body=b"{}")
    request = Request(page().url, Purpose.PAGE, "team", (("accept", "application/json"),))

    assert b"{}" == run.fetch(session, request).body


def test_an_identity_that_was_found_on_the_way_keeps_the_page(run):
    session = Session(FOR_TEN_MINUTES, identity="anonymous")
    session.learns = "me@"
    run.fetch(session)

    came = run.fetch(session)

    assert (True, 1) == (came.from_cache, len(session.asked))


def test_a_page_whose_reader_is_not_known_yet_is_asked_about_and_never_just_used(run):
    first = Session(FOR_TEN_MINUTES, ETAG, identity="anonymous")
    first.learns = "me@"
    run.fetch(first)
    second = Session(FOR_TEN_MINUTES, ETAG, identity="anonymous")
    second.learns = "me@"

    came = run.fetch(second)

    assert (PAGE, True, [True]) == (came.body, came.from_cache, second.conditions)


@pytest.mark.parametrize("found", ["you@", None])
def test_not_modified_for_another_identity_says_nothing(run, found):
    first = Session(FOR_TEN_MINUTES, ETAG, body=b"mine", identity="anonymous")
    first.learns = "me@"
    run.fetch(first)
    second = Session(FOR_TEN_MINUTES, ETAG, body=b"yours", identity="anonymous")
    second.learns = found

    came = run.fetch(second)

    assert (b"yours", False, [True, False]) == (came.body, came.from_cache, second.conditions)


def test_refreshing_asks_once_in_a_run(run):
    session = Session(FOR_TEN_MINUTES, ETAG)
    run.fetch(session)
    run.time += 1

    cached = run.session(session, refresh=Selection(all=True))
    cached.fetch(page())
    run.time += 1
    cached.fetch(page())

    assert [False, True] == session.conditions


@pytest.mark.parametrize(("package", "asked"), [("lib-a", True), ("lib-b", False)])
def test_refreshing_by_name_asks_for_that_package_only(run, package, asked):
    run.fetch(Session(FOR_TEN_MINUTES, ETAG), page(package))
    run.time += 1
    session = Session(FOR_TEN_MINUTES, ETAG)

    run.fetch(session, page(package), refresh=Selection(names=frozenset({package_name("lib-a")})))

    assert asked == bool(session.asked)


@pytest.mark.parametrize("headers", [(FOR_TEN_MINUTES,), (ETAG,), (("cache-control", "no-cache"),)])
def test_offline_takes_whatever_is_there(run, headers):
    run.fetch(Session(*headers))
    run.time += 1e6
    session = Session()

    came = run.fetch(session, offline=True, refresh=Selection(all=True))

    assert (PAGE, []) == (came.body, session.asked)


def test_offline_takes_what_the_last_known_identity_was_given(run):
    first = Session(FOR_TEN_MINUTES, identity="anonymous")
    first.learns = "me@"
    run.fetch(first)

    assert PAGE == run.fetch(Session(identity="anonymous"), offline=True).body


@pytest.mark.parametrize("request_", [page(), Request(url(f"{BASE}x.whl"), Purpose.RANGE, "team")])
def test_offline_asks_nobody(run, request_):
    session = Session()

    with pytest.raises(Offline):
        run.fetch(session, request_, offline=True)

    assert [] == session.asked


@pytest.mark.parametrize(
    ("api", "files", "purpose", "kept"),
    [
        ("max-age=600", None, Purpose.PAGE, True),
        (None, "max-age=600", Purpose.PAGE, False),
        (None, "max-age=600", Purpose.METADATA, True),
        ("max-age=600", None, Purpose.METADATA, False),
    ],
)
def test_the_configuration_of_an_index_speaks_in_place_of_its_server(run, api, files, purpose, kept):
    index = an_index(cache_control=CacheControl(api, files))
    session = Session(("cache-control", "no-store"))
    request = Request(url(f"{BASE}lib-a/"), purpose, "team")
    run.fetch(session, request, index)

    assert kept == run.fetch(session, request, index).from_cache


@pytest.mark.parametrize("purpose", [Purpose.FILE, Purpose.RANGE, Purpose.DIRECT])
def test_only_pages_and_metadata_are_kept(run, purpose):
    session = Session(FOR_TEN_MINUTES)
    for _ in range(2):
        run.fetch(session, Request(url(f"{BASE}x.whl"), purpose, "team"))

    assert (2, []) == (len(session.asked), run.entries)


@pytest.mark.parametrize(
    "request_",
    [
        Request(url(f"{BASE}lib-a/?signature=secret"), Purpose.PAGE, "team"),
        page(link_credentials=Basic("x", Secret("secret"))),
    ],
)
def test_what_was_asked_with_a_secret_of_its_own_is_not_kept(run, request_):
    run.fetch(Session(FOR_TEN_MINUTES), request_)

    assert [] == run.entries


def test_what_a_signed_url_answered_is_not_kept(run):
    session = Session(FOR_TEN_MINUTES)
    session.final = url("https://blobs.example/page?signature=secret")
    run.fetch(session)

    assert [] == run.entries


def test_a_page_with_secrets_in_its_links_is_not_kept(run):
    run.fetch(Session(FOR_TEN_MINUTES, body=b'<a href="lib_a-1.0.whl?sig=secret">x</a>'))

    assert [] == run.entries


def test_metadata_may_hold_any_text(run):
    request = Request(url(f"{BASE}Lib_A-1.0-py3-none-any.whl.metadata"), Purpose.METADATA, "team")
    run.fetch(Session(FOR_TEN_MINUTES, body=b"url: https://me:you@pkgs.example/?x"), request)

    assert ["lib-a"] == run.entries


@pytest.mark.parametrize(
    ("asked", "package"),
    [
        (f"{BASE}lib-a/", "lib-a"),
        (f"{BASE}lib-a", "_"),
        (f"{BASE}Lib_A/", "_"),
        (f"{BASE}", "simple"),
        ("https://pkgs.example/", "_"),
        ("https://pkgs.example/%20/", "_"),
    ],
)
def test_an_entry_lies_with_its_package(run, asked, package):
    run.fetch(Session(FOR_TEN_MINUTES), Request(url(asked), Purpose.PAGE, "team"))

    assert [package] == run.entries


def test_a_url_of_no_index_is_nobodys(run):
    session = Session(FOR_TEN_MINUTES)
    request = Request(url(f"{BASE}lib-a/"), Purpose.PAGE, None)
    run.fetch(session, request)

    assert run.fetch(session, request).from_cache


def test_no_secret_and_no_name_stands_in_the_cache(run):
    session = Session(FOR_TEN_MINUTES, ("set-cookie", "session=secret"), identity="somebody@")
    run.fetch(session)

    bodies = []
    for place, _, names in os.walk(run.folder):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                bodies.append(file.read())

    assert not any(word in body for word in (b"secret", b"somebody") for body in bodies)


def test_a_damaged_entry_is_fetched_again(run):
    session = Session(FOR_TEN_MINUTES)
    run.fetch(session)
    for place, _, names in os.walk(run.folder):
        for name in names:
            with open(os.path.join(place, name), "rb+") as file:
                file.truncate(30)

    assert (PAGE, False) == ((came := run.fetch(session)).body, came.from_cache)


def test_an_entry_that_is_not_ours_is_fetched_again(run):
    key = _Call(page(), an_index(), "me@").key("me@")
    Store(run.folder).bucket("answers", 1).keep(key, Entry(b"\xc1", PAGE), "lib-a")

    assert not run.fetch(Session(FOR_TEN_MINUTES)).from_cache


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "cache").touch()
    run = Run(tmp_path / "cache")

    came = run.fetch(Session(FOR_TEN_MINUTES))

    assert (PAGE, [Level.WARN]) == (came.body, [level for level, _ in run.lines if level is Level.WARN])


def test_the_session_names_the_identity(run):
    assert "me@" == run.session(Session()).identity_key("team")
