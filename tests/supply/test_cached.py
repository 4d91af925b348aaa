"""Pages and metadata from the cache where they still hold."""

import os

import pytest

from keyrack.adapters.store import Entry, Store
from keyrack.supply.cached import _Call
from keyrack.supply.wire import Offline
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import CacheControl
from keyrack.values.log import Level
from keyrack.values.names import package_name
from keyrack.values.settings import Selection
from tests.supply.caching import BASE, ETAG, FOR_TEN_MINUTES, PAGE, TEAM, Run, Session, an_index, page, url


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


@pytest.mark.parametrize("request_", [page(), Request(url(f"{BASE}x.whl"), Purpose.RANGE, TEAM)])
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
    request = Request(url(f"{BASE}lib-a/"), purpose, TEAM)
    run.fetch(session, request, index)

    assert kept == run.fetch(session, request, index).from_cache


def test_metadata_may_hold_any_text(run):
    request = Request(url(f"{BASE}Lib_A-1.0-py3-none-any.whl.metadata"), Purpose.METADATA, TEAM)
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
    run.fetch(Session(FOR_TEN_MINUTES), Request(url(asked), Purpose.PAGE, TEAM))

    assert [package] == run.entries


def test_a_url_of_no_index_is_nobodys(run):
    session = Session(FOR_TEN_MINUTES)
    request = Request(url(f"{BASE}lib-a/"), Purpose.PAGE, None)
    run.fetch(session, request)

    assert run.fetch(session, request).from_cache


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
    Store(run.folder).bucket("answers", 2).keep(key, Entry(b"\xc1", PAGE), "lib-a")

    assert not run.fetch(Session(FOR_TEN_MINUTES)).from_cache


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "cache").touch()
    run = Run(tmp_path / "cache")

    came = run.fetch(Session(FOR_TEN_MINUTES))

    assert (PAGE, [Level.WARN]) == (came.body, [level for level, _ in run.lines if level is Level.WARN])


def test_the_session_names_the_identity(run):
    assert "me@" == run.session(Session()).identity_key("team")


def test_a_page_is_kept_as_it_is_read(run):
    body = b'{"files": [{"filename": "lib_a-1.0-py3-none-any.whl", "url": "x"}]}'
    index = Session(FOR_TEN_MINUTES, ("content-type", "application/json"), body=body)

    given = [run.fetch(index), run.fetch(index)]

    assert [True, True] == [response.is_packed for response in given]
    assert given[0].body == given[1].body


def test_a_flat_page_is_kept_whatever_its_address_looks_like(run):
    index = Session(FOR_TEN_MINUTES, ("content-type", "application/json"), body=b'{"files": []}')
    flat = an_index(base=f"{BASE}lib-a/")

    given = run.fetch(index, page(), flat)

    assert (False, b'{"files": []}') == (given.is_packed, given.body)
