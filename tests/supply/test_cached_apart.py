"""What one identity was shown is never another's, and what may be secret is not kept."""

import os

import pytest

from keyrack.values.credentials import Basic
from keyrack.values.exchange import Purpose, Request
from keyrack.values.secret import Secret
from tests.supply.caching import BASE, ETAG, FOR_TEN_MINUTES, PAGE, TEAM, Run, Session, an_index, page, url


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path / "cache")


def bodies(run):
    """Everything that stands in the cache."""
    found = []
    for place, _, names in os.walk(run.folder):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                found.append(file.read())
    return found


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
    request = Request(url("https://files.example/lib_a-1.0-py3-none-any.whl.metadata"), Purpose.METADATA, TEAM)
    run.fetch(Session(FOR_TEN_MINUTES, body=b"old"), request)

    came = run.fetch(Session(FOR_TEN_MINUTES, body=b"new"), request, an_index(base="https://moved.example/simple/"))

    assert b"new" == came.body


def test_a_page_in_another_form_is_another_page(run):
    run.fetch(Session(FOR_TEN_MINUTES))
    session = Session(FOR_TEN_MINUTES, body=b"{}")
    request = Request(page().url, Purpose.PAGE, TEAM, (("accept", "application/json"),))

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


@pytest.mark.parametrize("purpose", [Purpose.FILE, Purpose.RANGE, Purpose.DIRECT])
def test_only_pages_and_metadata_are_kept(run, purpose):
    session = Session(FOR_TEN_MINUTES)
    for _ in range(2):
        run.fetch(session, Request(url(f"{BASE}x.whl"), purpose, TEAM))

    assert (2, []) == (len(session.asked), run.entries)


@pytest.mark.parametrize(
    "request_",
    [
        Request(url(f"{BASE}lib-a/?signature=secret"), Purpose.PAGE, TEAM),
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


def test_a_token_in_the_path_of_an_index_does_not_stand_in_the_cache(run):
    base = "https://pkgs.example/t/secret/team/simple/"
    index = an_index(base=base)
    run.fetch(Session(FOR_TEN_MINUTES), page(base=base), index)

    came = run.fetch(Session(FOR_TEN_MINUTES), page(base=base), index)

    assert (True, f"{base}lib-a/") == (came.from_cache, came.head.url.exact)
    assert not any(b"secret" in body for body in bodies(run))


def test_a_page_that_repeats_the_token_of_its_path_is_not_kept(run):
    base = "https://pkgs.example/t/secret/team/simple/"
    body = b'<a href="https://pkgs.example/t/secret/team/lib_a-1.0.whl">x</a>'
    run.fetch(Session(FOR_TEN_MINUTES, body=body), page(base=base), an_index(base=base))

    assert [] == run.entries


def test_what_came_from_a_path_with_a_token_by_a_redirect_is_not_kept(run):
    session = Session(FOR_TEN_MINUTES)
    session.final = url("https://pkgs.example/t/secret/team/simple/lib-a/")
    run.fetch(session)

    assert [] == run.entries


def test_no_secret_and_no_name_stands_in_the_cache(run):
    session = Session(FOR_TEN_MINUTES, ("set-cookie", "session=secret"), identity="somebody@")
    run.fetch(session)

    assert not any(word in body for word in (b"secret", b"somebody") for body in bodies(run))
