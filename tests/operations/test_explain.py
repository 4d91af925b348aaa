import pytest
from inline_snapshot import snapshot

from keyrack.errors import InvalidText
from keyrack.operations.explain import Explanation, Move, explain
from keyrack.policy.auth.refusals import InsecureLink, MissingCredentials
from keyrack.values.credentials import Source
from keyrack.values.index import AuthPolicy, Indexes, IndexFormat
from tests.policy.auth.stepping import World, index

A = index("https://key:s3cr3t@x.test/a/simple/", "team-a")
B = index("https://b@x.test/b/simple/", "team-b", source=Source.ENVIRONMENT)
P = index("https://p.test/simple/", "public")


def explained(target, *indexes, sources=None):
    world = World(*indexes, server=lambda *_: 200, sources=sources)
    return explain(target, Indexes(indexes), world)


def text(target, *indexes, sources=None):
    return "\n".join(line for each in explained(target, *indexes, sources=sources) for line in each.lines)


def test_a_package_stands_for_its_page_on_each_index_in_search_order():
    assert text("Lib_A", A, P) == snapshot("""\
https://x.test/a/simple/lib-a/ (a page of index `team-a`)
  Goes with key:****, the credentials of index `team-a` (from the index URL): its own page
  If refused: Index `team-a` did not accept the credentials for https://x.test/a/simple/lib-a/ (401 Unauthorized)
  Not used: index `public`: it lies on another host, https://p.test
https://p.test/simple/lib-a/ (a page of index `public`)
  Looked up: https://p.test/simple/ in netrc, keyring: nothing found
  Goes with no credentials: index `public` has no credentials
  If refused: Index `public` wants credentials for https://p.test/simple/lib-a/ (401 Unauthorized), and none are known
  Not used: index `team-a`: it lies on another host, https://x.test\
""")


def test_a_user_name_is_completed_by_what_is_kept():
    assert text("lib", B, sources={"https://x.test/b/simple/": "KEYRING b:s3cr3t"}) == snapshot("""\
https://x.test/b/simple/lib/ (a page of index `team-b`)
  Looked up: https://x.test/b/simple/ in netrc, keyring: found in keyring
  Goes with b:****, the credentials of index `team-b` (from keyring): its own page
  If refused: Index `team-b` did not accept the credentials for https://x.test/b/simple/lib/ (401 Unauthorized)\
""")


def test_what_would_be_sent_after_a_refusal_is_said():
    assert text("lib", P, sources={"https://p.test/simple/": "NETRC n:s3cr3t"}) == snapshot("""\
https://p.test/simple/lib/ (a page of index `public`)
  Looked up: https://p.test/simple/ in netrc, keyring: found in netrc
  Goes with no credentials: index `public` has no credentials
  If refused (401), goes with n:****, the credentials of index `public` (from netrc): its own page
  If refused: Index `public` did not accept the credentials for https://p.test/simple/lib/ (401 Unauthorized)\
""")


def test_an_index_that_must_not_be_asked_bare_sends_nothing():
    closed = index("https://x.test/a/simple/", "team-a", authenticate=AuthPolicy.ALWAYS)

    assert text("lib", closed) == snapshot("""\
https://x.test/a/simple/lib/ (a page of index `team-a`)
  Looked up: https://x.test/a/simple/ in netrc, keyring: nothing found
  Nothing is sent: Missing credentials for: https://x.test/a/simple/lib/\
""")


def test_a_url_stands_for_itself_and_for_a_file_of_each_index_near_it():
    assert text("https://x.test/b/lib.whl", A, index("https://b:s3cr3t@x.test/b/simple/", "team-b"), P) == snapshot("""\
https://x.test/b/lib.whl (as a URL of your own)
  Goes with b:****, the credentials of index `team-b` (from the index URL): it lies below the index's root
  If refused: Index `team-b` did not accept the credentials for https://x.test/b/lib.whl (401 Unauthorized)
  Not used: index `team-a`: the URL does not lie below its root https://x.test/a/
  Not used: index `public`: it lies on another host, https://p.test
https://x.test/b/lib.whl (if index `team-a` lists it)
  Goes with no credentials: it was listed by index `team-a` and lies in index `team-b`, which has another identity
  If refused: Index `team-a` lists https://x.test/b/lib.whl, which lies in index `team-b` (401 Unauthorized)
  Not used: index `team-b`: the request is made in the name of another index
  Not used: index `public`: it lies on another host, https://p.test
https://x.test/b/lib.whl (if index `team-b` lists it)
  Goes with b:****, the credentials of index `team-b` (from the index URL): listed by that index
  If refused: Index `team-b` did not accept the credentials for https://x.test/b/lib.whl (401 Unauthorized)
  Not used: index `team-a`: the request is made in the name of another index
  Not used: index `public`: it lies on another host, https://p.test\
""")


def test_a_url_with_credentials_goes_with_them():
    assert text("https://u:s3cr3t@f.test/l?s=s3cr3t", A) == snapshot("""\
https://f.test/l?s=**** (as a URL of your own)
  Goes with u:****, the credentials from the URL itself: they stood in it
  If refused: `f.test` did not accept the credentials for https://f.test/l?s=**** (401 Unauthorized)
  Not used: index `team-a`: it lies on another host, https://x.test
https://f.test/l?s=**** (if index `team-a` lists it)
  Looked up: https://f.test/ in netrc: nothing found
  Goes with no credentials: its host is none of index `team-a`
  If refused: Index `team-a` lists https://f.test/l?s=**** on another host, which wants credentials (401 Unauthorized)\
""")


def test_a_page_of_an_index_stands_for_that_alone():
    found = explained("https://x.test/a/simple/lib/", A, B)

    assert ["a page of index `team-a`"] == [each.role for each in found]


def test_a_shorter_root_is_named_as_the_reason():
    outer = index("https://o:s3cr3t@x.test/simple", "outer")

    first, *_ = explained("https://x.test/a/lib.whl", A, outer)

    assert ("index `outer`: its root https://x.test/ is shorter than that of another index",) == first.considered


def test_a_flat_index_has_one_page_for_all_packages():
    flat = index("https://x.test/wheels/", "flat")
    place = Indexes(flat=(type(flat)(flat.id, flat.url, flat.name, format=IndexFormat.FLAT),))

    found = explain("lib", place, World(flat, server=lambda *_: 200))

    assert ["https://x.test/wheels/"] == [str(each.url) for each in found]


def test_an_index_on_this_disk_is_not_asked_over_http():
    assert () == explained("lib", index("file:///home/wheels", "here"))


@pytest.mark.parametrize("target", ["not a name", "ftp://x.test/a", "https://x..test/"])
def test_what_is_neither_url_nor_package_is_refused(target):
    with pytest.raises(InvalidText):
        explained(target, A)


@pytest.mark.parametrize(
    ("target", "index_", "expected"),
    [
        ("http://x.test/a/lib.whl", A, InsecureLink),
        ("lib", index("https://x.test/a/", "a", authenticate=AuthPolicy.ALWAYS), MissingCredentials),
    ],
)
def test_the_refusal_is_a_value_too(target, index_, expected):
    assert expected is type(explained(target, index_)[-1].refusal)


@pytest.mark.parametrize("target", ["lib", "https://x.test/b/lib.whl", "https://u:s3cr3t@x.test/?sig=s3cr3t"])
def test_no_secret_is_said(target):
    assert "s3cr3t" not in text(target, A, B, P, sources={"https://x.test/b/simple/": "KEYRING b:s3cr3t"})


def test_what_is_told_on_the_way_changes_nothing():
    insecure = index("http://key:s3cr3t@x.test/a/simple/", "team-a")

    (found,) = explained("lib", insecure)

    assert [("key:****", "its own page")] == [(move.identity, move.why) for move in found.moves]


def test_an_explanation_without_a_refusal_ends_with_what_goes_out():
    found = Explanation(A.url, "a page", (Move("", "", "it is public"),))

    assert ("https://x.test/a/simple/ (a page)", "  Goes with no credentials: it is public") == found.lines


def test_nothing_is_sent():
    world = World(A, server=lambda *_: 200)

    explain("lib", Indexes((A,)), world)

    assert [] == world.sends
