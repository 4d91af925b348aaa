"""What `auth explain` says of the credentials store."""

from inline_snapshot import snapshot

from keyrack.operations.explain import explain
from keyrack.policy.auth.logins import given_login
from keyrack.values.credentials import Source
from keyrack.values.index import Index, Indexes
from tests.policy.auth.stepping import World, index, login

A = login("https://a:s3cr3t@x.test/a")
B = login("https://b:s3cr3t@x.test/b")
ABROAD = login("https://c:s3cr3t@y.test")
LOGINS = (A, B, ABROAD)


def logged_in(text, name):
    bare = index(text, name)
    return Index(bare.id, bare.url, bare.name, given=given_login(bare.url, LOGINS, bare.authenticate))


def text(target, *indexes, logins=LOGINS):
    world = World(*indexes, server=lambda *_: 200)
    found = explain(target, Indexes(indexes, logins=logins), world)
    return "\n".join(line for each in found for line in each.lines)


def test_a_login_goes_along_and_another_one_does_not():
    assert text("lib", logged_in("https://x.test/a/simple/", "team-a")) == snapshot("""\
https://x.test/a/simple/lib/ (a page of index `team-a`)
  Goes with a:****, the credentials of index `team-a` (from the login for https://x.test/a): its own page
  If refused (401), goes with no credentials: index `team-a` has had its credentials refused
  If refused: Index `team-a` did not accept the credentials for https://x.test/a/simple/lib/ (401 Unauthorized)
  Not used: the login for https://x.test/b: the index URL does not lie below it\
""")


def test_what_is_written_for_an_index_comes_before_a_login():
    team = index("https://me:s3cr3t@x.test/a/simple/", "team-a", source=Source.ENVIRONMENT)

    assert text("lib", team, logins=(A,)) == snapshot("""\
https://x.test/a/simple/lib/ (a page of index `team-a`)
  Goes with me:****, the credentials of index `team-a` (from the environment): its own page
  If refused: Index `team-a` did not accept the credentials for https://x.test/a/simple/lib/ (401 Unauthorized)
  Not used: the login for https://x.test/a: what the environment says comes first\
""")


def test_a_url_of_the_users_own_goes_with_the_login_above_it():
    wide = login("https://w:s3cr3t@x.test")

    assert text("https://x.test/a/lib.whl", logins=(wide, *LOGINS)) == snapshot("""\
https://x.test/a/lib.whl (as a URL of your own)
  Goes with a:****, the credentials from the login for https://x.test/a: it lies below what the user is logged in to
  If refused (401), goes with no credentials: the login is not accepted here
  If refused: `x.test` did not accept the credentials for https://x.test/a/lib.whl (401 Unauthorized)
  Not used: the login for https://x.test/: what goes along was found nearer
  Not used: the login for https://x.test/b: the URL does not lie below it\
""")


def test_the_login_of_an_index_that_may_not_speak_there_is_not_named_twice():
    team, other = logged_in("https://x.test/a/simple/", "team-a"), logged_in("https://x.test/b/simple/", "team-b")

    said = text("https://x.test/b/lib.whl", team, other, logins=(A, B))

    assert "(if index `team-a` lists it)\n  Goes with no credentials" in said
    assert "Not used: the login for https://x.test/a: what goes" not in said
    assert "s3cr3t" not in said
