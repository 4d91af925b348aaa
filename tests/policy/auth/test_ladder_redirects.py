"""Redirects, hop by hop: rows D14 and D22 to D27 of the table."""

from itertools import pairwise

import pytest

from keyrack.policy.auth.refusals import (
    AuthRejected,
    BadRedirect,
    Forbidden,
    ForeignFileOrigin,
    IndexMoved,
    InsecureRedirect,
    RedirectIntoClaim,
    RedirectNeedsAuth,
    SignInPage,
)
from keyrack.policy.auth.steps import Reply
from keyrack.values.exchange import Purpose
from keyrack.values.index import FileScope
from tests.policy.auth.stepping import World, file, index, page

A = "https://a:pa@pkgs.example/a/simple/"
B = "https://b:pb@pkgs.example/b/simple/"
BARE = "https://pkgs.example/a/simple/"
FILE = "https://pkgs.example/a/lib.whl"


def leading(*places: str, last: int = 200):
    """A server that leads from each place to the next; the last one answers `last`."""
    following = dict(pairwise(places))
    return lambda url, _: following.get(url, last)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_d22_a_redirect_on_the_same_origin_keeps_the_identity(status):
    one = index(A)
    world = World(one, server=lambda url, _: Reply(status, "/downloads/token") if url == FILE else 200)

    assert (200, ["a:pa", "a:pa"]) == (world.ask(file(one, FILE)), world.spoke)


@pytest.mark.parametrize(("status", "location"), [(300, "/x"), (304, "/x"), (302, None)])
def test_what_is_no_redirect_stands(status, location):
    one = index(A)

    assert status == World(one, server=lambda *_: Reply(status, location)).ask(file(one, FILE))


def test_d22_a_redirect_into_another_index_drops_the_identity():
    one, two = index(A), index(B, "b")
    world = World(one, two, server=leading(FILE, "https://pkgs.example/b/lib.whl"))

    assert (200, ["a:pa", None]) == (world.ask(file(one, FILE)), world.spoke)


def test_d22_a_redirect_into_another_index_that_refuses_names_it():
    one, two = index(A), index(B, "b")
    world = World(one, two, server=leading(FILE, "https://pkgs.example/b/lib.whl", last=401))

    refusal = world.ask(file(one, FILE))

    assert (RedirectIntoClaim, True) == (type(refusal), "`b`" in refusal.message)


def test_d22_an_identity_that_keeps_to_its_path_does_not_leave_it_by_a_redirect():
    one = index(A, scope=FileScope.PREFIX)
    world = World(one, server=leading(FILE, "https://pkgs.example/downloads/lib.whl"))

    world.ask(file(one, FILE))

    assert ["a:pa", None] == world.spoke


def test_d23_another_origin_hears_nothing():
    one = index(A)
    world = World(one, server=leading(FILE, "https://blobs.example/lib.whl?sig=1"))

    assert (200, ["a:pa", None]) == (world.ask(file(one, FILE)), world.spoke)


def test_d23_the_identity_of_the_index_over_there_is_not_used():
    one, other = index(A), index("https://o:po@other.example/o/simple/")
    world = World(one, other, server=leading(FILE, "https://other.example/o/lib.whl", last=401))

    refusal = world.ask(file(one, FILE))

    assert (RedirectNeedsAuth, ["a:pa", None]) == (type(refusal), world.spoke)


def test_d23_netrc_may_answer_for_the_very_host():
    one = index(A)
    blob = "https://blobs.example/lib.whl"
    world = World(
        one,
        server=lambda url, who: blob if url == FILE else 200 if who == "n:n" else 401,
        sources={"machine blobs.example": "n:n"},
    )

    assert (200, ["a:pa", None, "n:n"]) == (world.ask(file(one, FILE)), world.spoke)


def test_d23_an_identity_that_was_left_behind_does_not_come_back():
    one = index(A)
    world = World(one, server=leading(FILE, "https://evil.example/", "https://pkgs.example/a/other.whl"))

    world.ask(file(one, FILE))

    assert ["a:pa", None, None] == world.spoke


def test_d23_an_origin_that_the_index_vouches_for_is_not_abroad():
    one = index(A, origins=("https://cdn.example",))
    world = World(one, server=leading(FILE, "https://cdn.example/lib.whl", "https://pkgs.example/a/other.whl"))

    world.ask(file(one, FILE))

    assert ["a:pa", "a:pa", "a:pa"] == world.spoke


def test_d23_another_port_is_another_origin():
    one = index(A)
    world = World(one, server=leading(FILE, "https://pkgs.example:8443/a/lib.whl"))

    world.ask(file(one, FILE))

    assert ["a:pa", None] == world.spoke


def test_d23_credentials_of_a_link_stay_on_its_origin():
    one = index(A)
    link = "https://l:pl@files.example/lib.whl"
    world = World(
        one, server=leading("https://files.example/lib.whl", "https://files.example/2", "https://blobs.example/3")
    )

    world.ask(file(one, link))

    assert ["l:pl", "l:pl", None] == world.spoke


def test_d24_a_redirect_to_plain_http_is_not_followed():
    one = index(A)
    world = World(one, server=leading(FILE, "http://pkgs.example/a/lib.whl"))

    refusal = world.ask(file(one, FILE))

    assert (InsecureRedirect, ["a:pa"]) == (type(refusal), world.spoke)


@pytest.mark.parametrize(("has_hash", "expected"), [(True, [None, None]), (False, [None])])
def test_d24_a_public_file_with_a_hash_may_be_fetched_over_http(has_hash, expected):
    one = index(BARE)
    world = World(one, server=leading(FILE, "http://mirror.example/lib.whl"))

    world.ask(file(one, FILE, has_hash=has_hash))

    assert expected == world.spoke


def test_d24_a_secret_anywhere_on_the_way_forbids_plain_http():
    one = index(A)
    world = World(one, server=leading(FILE, "https://blobs.example/lib.whl", "http://blobs.example/lib.whl"))

    assert InsecureRedirect is type(world.ask(file(one, FILE)))


def test_d25_an_upgrade_to_https_keeps_the_identity_and_says_so():
    one = index("http://a:pa@pkgs.example/a/simple/", "team")
    world = World(one, server=leading("http://pkgs.example/a/simple/lib/", "https://pkgs.example/a/simple/lib/"))

    outcome = world.ask(page(one))

    told = "Index `team` redirects to https: change its URL to https"
    assert (200, ["a:pa", "a:pa"], True) == (outcome, world.spoke, told in world.told)


def test_d25_links_on_an_upgraded_page_are_its_own():
    one = index("http://a:pa@pkgs.example/a/simple/")
    world = World(one, server=lambda *_: 200)

    world.ask(file(one, FILE))

    assert ["a:pa"] == world.spoke


def test_d25_only_default_ports_are_an_upgrade():
    one = index("http://a:pa@pkgs.example:8080/a/simple/")
    world = World(one, server=leading("http://pkgs.example:8080/a/lib.whl", "https://pkgs.example/a/lib.whl"))

    world.ask(file(one, "http://pkgs.example:8080/a/lib.whl"))

    assert ["a:pa", None] == world.spoke


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://r:pr@blobs.example/lib.whl", "r:pr"),
        ("https://:pr@blobs.example/lib.whl", ":pr"),
        ("https://r@blobs.example/lib.whl", "r:"),
        ("http://r:pr@127.0.0.1/lib.whl", "r:pr"),
    ],
)
def test_d26_credentials_in_a_location_go_with_it(location, expected):
    one = index("http://pkgs.example/a/simple/")
    world = World(one, server=lambda url, _: location if "/a/" in url else 200)

    world.ask(file(one, "http://pkgs.example/a/lib.whl"))

    assert [None, expected] == world.spoke


def test_d26_credentials_in_a_plain_http_location_are_ignored():
    one = index("http://pkgs.example/a/simple/")
    world = World(one, server=lambda url, _: "http://r:pr@blobs.example/" if "/a/" in url else 200)

    world.ask(file(one, "http://pkgs.example/a/lib.whl"))

    assert [None, None] == world.spoke


def test_d26_credentials_in_a_location_that_fail_are_blamed_on_the_redirect():
    one = index(A)
    world = World(one, server=lambda url, _: "https://r:pr@blobs.example/" if "/a/" in url else 401)

    refusal = world.ask(file(one, FILE))

    assert (AuthRejected, "the redirect") == (type(refusal), refusal.where)


def test_d27_a_file_on_the_origin_to_which_the_page_moved_says_so():
    one = index(A, "team")
    moved = "https://new.example/n/simple/lib/"
    world = World(
        one, server=lambda url, _: moved if "/simple/lib/" in url and url != moved else 200 if url == moved else 401
    )
    world.ask(page(one))

    refusal = world.ask(file(one, "https://new.example/n/lib.whl"))

    hint = 'set `url = "https://new.example/n/simple/"` for the index'
    assert (IndexMoved, (hint,), ["a:pa", None, None]) == (type(refusal), refusal.hints, world.spoke)


def test_d27_a_file_on_a_third_origin_is_foreign():
    one = index(A)
    moved = "https://new.example/simple/lib/"
    world = World(one, server=lambda url, _: moved if "pkgs.example" in url else 200 if url == moved else 401)
    world.ask(page(one))

    assert ForeignFileOrigin is type(world.ask(file(one, "https://third.example/lib.whl")))


@pytest.mark.parametrize(("text", "expected"), [(A, 1), (BARE, 0)])
def test_an_index_with_an_identity_that_forwards_elsewhere_is_warned_of_once(text, expected):
    one = index(text, "team")
    world = World(one, server=lambda url, _: "https://public.example/lib/" if "pkgs.example" in url else 200)

    world.ask(page(one))
    world.ask(page(one))

    line = "Index `team` forwards to https://public.example, where its credentials do not go"
    assert expected == world.told.count(line)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://a..b/", "Not a valid URL: the host holds a character that no host name has"),
        ("ftp://pkgs.example/a", "It leads to a URL of the scheme `ftp`"),
        ("file:///etc/passwd", "It leads to a URL of the scheme `file`"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_refused(location, reason):
    one = index(A)
    world = World(one, server=lambda *_: location)

    refusal = world.ask(file(one, FILE))

    assert (BadRedirect, (reason,), 1) == (type(refusal), refusal.causes, len(world.sends))


def test_ten_redirects_are_followed_and_no_more():
    one = index(A)
    world = World(one, server=lambda url, _: f"{url}x")

    refusal = world.ask(file(one, FILE))

    assert (BadRedirect, ("More than 10 redirects",), 11) == (type(refusal), refusal.causes, len(world.sends))


@pytest.mark.parametrize("purpose", [Purpose.RANGE, Purpose.FILE])
def test_d14_a_signature_that_is_out_of_date_is_asked_for_once_more(purpose):
    one = index(A)
    answers = iter(
        [Reply(302, "https://blobs.example/1?sig=old"), 403, Reply(302, "https://blobs.example/2?sig=new"), 206]
    )
    world = World(one, server=lambda *_: next(answers))

    assert (206, ["a:pa", None, "a:pa", None]) == (world.ask(file(one, FILE, purpose)), world.spoke)


def test_d14_a_signature_that_is_refused_twice_is_a_refusal():
    one = index(A)
    world = World(one, server=leading(FILE, "https://blobs.example/1?sig=old", last=403))

    assert (Forbidden, 4) == (type(world.ask(file(one, FILE))), len(world.sends))


def test_d14_403_without_a_signature_is_final():
    one = index(A)
    world = World(one, server=leading(FILE, "https://blobs.example/1", last=403))

    assert (Forbidden, 2) == (type(world.ask(file(one, FILE))), len(world.sends))


def test_d14_no_url_is_asked_more_than_twice():
    one = index(BARE)
    world = World(
        one,
        server=lambda url, who: 403 if "blobs" in url else "https://blobs.example/1?sig=old" if who else 401,
        sources={BARE: "a:kept"},
    )

    refusal = world.ask(file(one, FILE))

    assert (Forbidden, [None, "a:kept", None]) == (type(refusal), world.spoke)


LOGIN = "https://login.example/"


def signing_in(url, who):
    """Azure's way: who does not say who he is, or not well, is sent to a page to sign in."""
    if url == LOGIN:
        return Reply(401, sign_in=True)
    return 200 if who == "a:kept" else LOGIN


def test_d33_an_index_that_sends_strangers_to_a_sign_in_page_is_asked_once_more_with_what_is_found():
    one = index(BARE)
    world = World(one, server=signing_in, sources={BARE: "a:kept"})

    assert (200, [None, "a:kept"]) == (world.ask(page(one)), world.spoke)


@pytest.mark.parametrize("sources", [{}, {BARE: "a:wrong"}])
def test_d33_a_sign_in_page_on_another_host_is_named(sources):
    one = index(BARE)
    world = World(one, server=signing_in, sources=sources)

    refusal = world.ask(page(one))

    assert (SignInPage, LOGIN, sorted(sources.values())) == (
        type(refusal),
        str(refusal.url),
        [who for who in world.spoke if who],
    )


def test_d33_a_sign_in_page_for_a_known_identity_names_where_it_came_from():
    one = index(A)
    world = World(one, server=signing_in)

    refusal = world.ask(page(one))

    assert (SignInPage, "the index URL", ["a:pa", None]) == (type(refusal), refusal.where, world.spoke)


def test_a_redirect_is_told_with_its_status_and_without_its_signature():
    one = index(A)
    world = World(one, server=leading(FILE, "https://blobs.example/1?sig=s3cr3t"))

    world.ask(file(one, FILE))

    assert [
        "Received HTTP 302. Redirecting to https://blobs.example/1?sig=****",
        "Received a cross-origin redirect. Leaving the credentials behind",
    ] == world.told
