"""The session over a transport that is a table: what goes out, what comes back, what is told."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from keyrack.adapters.gunzip import Undecodable
from keyrack.policy.auth.refusals import AuthRejected, AuthRequired, SignInPage
from keyrack.values.credentials import Basic, Bearer, Held, Source, header_value
from keyrack.values.index import AuthPolicy
from keyrack.values.secret import Secret
from tests.supply.fake_wire import FILE, GOOD, HTML, PLACE, FakeWire, Shelf, file, index, page, session


def test_a_page_comes_back_with_its_status_and_the_url_that_answered():
    wire = FakeWire({f"{PLACE}lib/": (301, (("location", "/a/simple/Lib/"),), b"")})

    response = session(wire).fetch(page())

    assert (200, "https://pkgs.example/a/simple/Lib/", b"body") == (
        response.head.status,
        str(response.head.url),
        response.body,
    )


@pytest.mark.parametrize("status", [200, 304, 404, 416, 500, 503])
def test_statuses_that_are_no_refusals_come_back_as_they_are(status):
    wire = FakeWire({f"{PLACE}lib/": (status, (), b"")})

    assert status == session(wire).fetch(page()).head.status


def test_the_identity_of_the_index_goes_along_as_a_header():
    wire = FakeWire()

    session(wire, index(GOOD)).fetch(page())

    assert [header_value(GOOD)] == [each.authorization for each in wire.sent]


def test_nothing_goes_along_where_nothing_is_known():
    wire = FakeWire()

    session(wire).fetch(page())

    assert [None] == [each.authorization for each in wire.sent]


def test_a_refusal_is_raised():
    with pytest.raises(AuthRequired):
        session(FakeWire(open_to=[GOOD])).fetch(page())


def test_what_the_sources_find_is_sent_and_kept():
    wire, source = FakeWire(open_to=[GOOD]), Shelf(Held(GOOD, Source.NETRC))
    one = session(wire, source=source)

    statuses = [one.fetch(page()).head.status for _ in range(3)]

    assert ([200, 200, 200], 4, 1) == (statuses, len(wire.sent), len(source.wanted))


def test_credentials_from_the_keyring_are_renewed_once_they_stop_working():
    fresh = Basic("user", Secret("fresh"))
    wire = FakeWire(open_to=[GOOD])
    source = Shelf(Held(GOOD, Source.KEYRING), Held(fresh, Source.KEYRING))
    one = session(wire, index(policy=AuthPolicy.ALWAYS), source)
    one.fetch(page())
    wire.open_to = [fresh]

    assert (200, 2) == (one.fetch(page()).head.status, len(source.wanted))


def test_headers_of_the_request_go_along_and_are_not_changed():
    wire = FakeWire()

    session(wire).fetch(page(headers=(("accept", "text/html"), ("if-none-match", '"1"'))))

    assert (("accept", "text/html"), ("if-none-match", '"1"'), ("accept-encoding", "gzip, deflate")) == wire.sent[
        0
    ].headers


@pytest.mark.parametrize(
    ("headers", "expected"),
    [((), "gzip, deflate"), ((("range", "bytes=-10"),), "identity"), ((("accept-encoding", "br"),), "br")],
)
def test_a_part_of_a_file_is_asked_for_as_it_is(headers, expected):
    wire = FakeWire()

    session(wire).fetch(page(headers=headers))

    assert [expected] == [value for name, value in wire.sent[0].headers if name == "accept-encoding"]


def test_content_encodings_are_removed_with_the_lines_that_speak_of_them():
    headers = (*HTML, ("content-encoding", "gzip"), ("content-length", "28"), ("etag", "1"))
    wire = FakeWire({f"{PLACE}lib/": (200, headers, gzip.compress(b"plain"))})

    response = session(wire).fetch(page())

    assert (b"plain", (*HTML, ("etag", "1"))) == (response.body, response.head.headers)


def test_a_body_that_is_not_what_its_encoding_says_is_an_error_that_names_the_url():
    wire = FakeWire({f"{PLACE}lib/": (200, (("content-encoding", "gzip"),), b"plain")})

    with pytest.raises(Undecodable, match=f"Failed to read the answer of {PLACE}lib/"):
        session(wire).fetch(page())


def test_a_failure_with_an_unreadable_body_is_that_failure():
    wire = FakeWire({f"{PLACE}lib/": (404, (("content-encoding", "br"),), b"plain")})

    response = session(wire).fetch(page())

    assert (404, b"") == (response.head.status, response.body)


def test_a_file_goes_into_the_sink_as_it_is_on_the_wire():
    wire, sink = FakeWire({FILE: (200, (("content-encoding", "gzip"),), b"packed")}), Shelf()

    head = session(wire).download(file(), sink)

    assert (200, b"packed", (("accept-encoding", "identity"),)) == (head.status, sink.written, wire.sent[0].headers)


def test_the_body_of_a_redirect_does_not_go_into_the_sink():
    wire = FakeWire({FILE: (302, (("location", "/blob"),), b"moved"), "https://pkgs.example/blob": (200, (), b"file")})
    sink = Shelf()

    session(wire, index(GOOD)).download(file(), sink)

    assert b"file" == sink.written


def test_a_refused_file_raises_and_leaves_the_sink_untouched():
    sink = Shelf()

    with pytest.raises(AuthRejected):
        session(FakeWire(open_to=[]), index(GOOD)).download(file(), sink)

    assert b"" == sink.written


def test_a_sink_that_must_begin_again_is_told_so():
    class Twice(FakeWire):
        def send(self, exchange, sink=None):
            sink.write(b"cut")
            sink.restart()
            return super().send(exchange, sink)

    sink = Shelf()
    session(Twice(), index(GOOD)).download(file(), sink)

    assert b"body" == sink.written


def test_the_first_bytes_of_a_file_show_that_the_identity_is_accepted():
    going = threading.Event()
    others = threading.Semaphore(0)

    class Slow(FakeWire):
        """Large files: each says its first bytes, then waits until nine are underway."""

        def send(self, exchange, sink=None):
            sink.write(b"first")
            others.release()
            going.wait(10)
            return super().send(exchange)

    one = session(Slow(), index(GOOD))
    with ThreadPoolExecutor(9) as pool:
        running = [pool.submit(one.download, file(), Shelf()) for _ in range(9)]
        underway = [others.acquire(timeout=10) for _ in range(9)]
        going.set()
        statuses = [each.result().status for each in running]

    assert ([True] * 9, [200] * 9) == (underway, statuses)


def test_a_sign_in_page_is_a_refusal():
    wire = FakeWire({f"{PLACE}lib/": (200, HTML, b"<form action=login>")})

    with pytest.raises(SignInPage):
        session(wire).fetch(page())


def test_a_sign_in_page_at_the_end_of_a_redirect_is_named_by_its_url():
    wire = FakeWire(
        {
            f"{PLACE}lib/": (302, (("location", "https://login.example/"),), b""),
            "https://login.example/": (200, HTML, b"<p>Welcome"),
        }
    )

    with pytest.raises(SignInPage, match=r"https://login\.example/"):
        session(wire).fetch(page())


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [(None, "anonymous"), (Bearer(Secret("token")), "bearer@"), (Basic("user", Secret("a")), "afdf5c9a7bd48d63@")],
)
def test_cached_answers_are_kept_apart_by_user(credentials, expected):
    assert expected == session(FakeWire(), index(credentials)).identity_key(index().id)


def test_a_new_password_of_the_same_user_finds_the_same_cached_answers():
    keys = {session(FakeWire(), index(Basic("user", Secret(word)))).identity_key(index().id) for word in ("a", "b")}

    assert 1 == len(keys)


@pytest.mark.parametrize("kind", [lambda secret: Basic("user", secret), Bearer], ids=["password", "token"])
def test_with_a_salt_another_secret_is_another_identity(kind):
    keys = {
        session(FakeWire(), index(kind(Secret(word)))).identity_key(index().id, salt.encode)
        for word in ("a", "b")
        for salt in ("1", "2")
    }

    assert 4 == len(keys)


def test_without_a_secret_no_salt_is_asked_for():
    def salt():
        raise AssertionError("asked for")

    assert "anonymous" == session(FakeWire(), index(None)).identity_key(index().id, salt)


def test_a_key_shows_no_user_name_because_it_may_be_a_token():
    assert "tok3n" not in session(FakeWire(), index(Basic("tok3n", Secret("")))).identity_key(index().id)


def test_requests_of_no_index_have_no_identity():
    assert "anonymous" == session(FakeWire()).identity_key(None)


def test_a_server_that_fails_leaves_the_session_usable():
    class Broken(FakeWire):
        def send(self, exchange, sink=None):
            if not self.sent:
                self.sent.append(exchange)
                raise RuntimeError("gone")
            return super().send(exchange, sink)

    one = session(Broken(), index(GOOD))
    with pytest.raises(RuntimeError):
        one.fetch(page())

    assert 200 == one.fetch(page()).head.status


def test_a_source_that_fails_leaves_the_look_up_to_the_next_request():
    class Failing(Shelf):
        def find(self, wanted):
            if not self.wanted:
                self.wanted.append(wanted)
                raise RuntimeError("locked")
            return super().find(wanted)

    one = session(FakeWire(open_to=[GOOD]), source=Failing(Held(GOOD, Source.NETRC)))
    with pytest.raises(RuntimeError):
        one.fetch(page())

    assert 200 == one.fetch(page()).head.status


@pytest.mark.parametrize("count", [1, 50])
def test_many_threads_look_up_once_and_all_succeed(count):
    wire, source = FakeWire(open_to=[GOOD]), Shelf(Held(GOOD, Source.NETRC))
    one = session(wire, source=source)

    with ThreadPoolExecutor(count) as pool:
        statuses = [each.head.status for each in pool.map(one.fetch, [page()] * 50)]

    assert ([200] * 50, 1) == (statuses, len(source.wanted))


@pytest.mark.parametrize("count", [1, 50])
def test_many_threads_show_a_wrong_password_four_times_at_most(count):
    wire = FakeWire(open_to=[])
    one = session(wire, index(GOOD))

    def ask(_number):
        with pytest.raises(AuthRejected):
            one.fetch(page())

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(ask, range(50)))

    assert 1 <= len(wire.sent) <= 4
