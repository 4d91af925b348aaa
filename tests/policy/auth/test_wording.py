"""What refusals say: who refused what, with which status, whose identity it was, where it came from, what to type."""

from inline_snapshot import snapshot

from keyrack.policy.auth.refusals import About
from keyrack.policy.auth.steps import Reply
from keyrack.policy.auth.wording import auth_required
from keyrack.values.credentials import Source
from keyrack.values.exchange import Purpose
from keyrack.values.index import AuthPolicy, FileScope
from tests.policy.auth.stepping import World, file, index, only, page

A = "https://a:pa@x.test/a/"
B = "https://b:pb@x.test/b/simple/"
BARE = "https://x.test/a/"
FILE = "https://x.test/a/lib.whl"


def said(world, request):
    refusal = world.ask(request)
    return "\n".join(
        [
            f"error: {refusal.message}",
            *(f"  cause: {cause}" for cause in refusal.causes),
            *(f"hint: {hint}" for hint in refusal.hints),
        ]
    )


def test_rejected():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `team-a` did not accept the credentials for https://x.test/a/lib/ (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run
hint: correct the credentials in the index URL
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_a_token_in_the_path_is_not_printed_and_corrected_first():
    one = index("https://x.test/t/s3cret/team/simple/", "team-a")

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `team-a` wants credentials for https://x.test/t/****/team/simple/lib/ (401 Unauthorized), and none are known
  cause: Looked in: netrc, keyring
hint: correct the token in the path of the index URL
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_rejected_after_it_was_accepted():
    one = index(A, "team-a")
    world = World(one, server=lambda url, _: 200 if url.endswith("/") else 401)
    world.ask(page(one))

    assert said(world, file(one, FILE)) == snapshot("""\
error: Index `team-a` did not accept the credentials for https://x.test/a/lib.whl (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: They were accepted earlier in this run: they may have expired since, or not reach this far
hint: correct the credentials in the index URL
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_rejected_with_credentials_in_the_link():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: 401), file(one, "https://l:pl@x.test/a/lib.whl")) == snapshot("""\
error: Index `team-a` did not accept the credentials for https://x.test/a/lib.whl (401 Unauthorized)
  cause: The credentials came from the link on the page\
""")


def test_rejected_with_credentials_in_the_users_url():
    assert said(World(server=lambda *_: 401), file(None, "https://l:pl@x.test/a/lib.whl")) == snapshot("""\
error: `x.test` did not accept the credentials for https://x.test/a/lib.whl (401 Unauthorized)
  cause: The credentials came from the URL itself
hint: correct the credentials in the URL itself\
""")


def test_rejected_by_a_host_that_netrc_names():
    one = index(A, "team-a")
    world = World(one, server=lambda *_: 401, sources={"machine files.example": "n:n"})

    assert said(world, file(one, "https://files.example/lib.whl")) == snapshot("""\
error: `files.example` did not accept the credentials for https://files.example/lib.whl (401 Unauthorized)
  cause: The credentials came from netrc
hint: correct the credentials in netrc\
""")


def test_rejected_with_a_url_of_no_name():
    one = index(A)

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `https://x.test/a/` did not accept the credentials for https://x.test/a/lib/ (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run
hint: correct the credentials in the index URL
hint: name the index (`--index NAME=https://x.test/a/`) and set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD\
""")


def test_rejected_with_a_password_from_the_keyring():
    one = index("https://a@x.test/a/", "team-a")
    world = World(one, server=only("other"), sources={BARE: "KEYRING a:kept"})

    assert said(world, page(one)) == snapshot("""\
error: Index `team-a` did not accept the credentials for https://x.test/a/lib/ (401 Unauthorized)
  cause: The credentials came from keyring
  cause: Looked in: netrc, keyring
  cause: No answer has accepted them in this run
hint: correct the credentials in keyring
hint: keep a new password with `keyring set https://x.test/a/ USERNAME`
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_forbidden():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: 403), page(one)) == snapshot("""\
error: Index `team-a` does not allow access to https://x.test/a/lib/ (403 Forbidden)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run
hint: check that the URL is right and that these credentials may read it\
""")


def test_forbidden_without_credentials():
    one = index(BARE)

    assert said(World(one, server=lambda *_: 403), page(one)) == snapshot("""\
error: Index `https://x.test/a/` does not allow access to https://x.test/a/lib/ (403 Forbidden)
  cause: The request was made without credentials
hint: name the index (`--index NAME=https://x.test/a/`) and set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD\
""")


def test_forbidden_at_another_host():
    one = index(A, "team-a")
    world = World(one, server=lambda url, _: "https://blobs.example/x" if "x.test" in url else 403)

    assert said(world, file(one, FILE)) == snapshot("""\
error: `blobs.example` does not allow access to https://blobs.example/x (403 Forbidden)
  cause: The request was made without credentials\
""")


def test_required_by_a_named_index():
    one = index(BARE, "team-a")

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `team-a` wants credentials for https://x.test/a/lib/ (401 Unauthorized), and none are known
  cause: Looked in: netrc, keyring
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_required_by_an_index_without_a_name():
    one = index(BARE)

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `https://x.test/a/` wants credentials for https://x.test/a/lib/ (401 Unauthorized), and none are known
  cause: Looked in: netrc, keyring
hint: name the index (`--index NAME=https://x.test/a/`) and set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD\
""")


def test_required_for_a_url_of_the_user():
    one = index(A, "team-a")

    assert said(World(one, server=only("a:pa")), file(None, "https://x.test/b/lib.whl")) == snapshot("""\
error: `x.test` wants credentials for https://x.test/b/lib.whl (401 Unauthorized), and none are known
  cause: Looked in: netrc
  cause: Indexes on this host whose credentials do not go to this URL: `team-a`
hint: write the credentials into the URL, or add an entry for machine `x.test` to your netrc file\
""")


def test_disabled():
    one = index(BARE, "team-a", authenticate=AuthPolicy.NEVER)

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `team-a` wants credentials for https://x.test/a/lib/ (401 Unauthorized)
  cause: None were sent, because the index says `authenticate = "never"`
hint: set `authenticate = "auto"` for the index\
""")


def test_incomplete():
    one = index("https://a@x.test/a/", "team-a", source=Source.ENVIRONMENT)

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Index `team-a` has a user name without a password; https://x.test/a/lib/ was not read (401 Unauthorized)
  cause: The user name came from the environment
  cause: Looked in: netrc, keyring
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_missing():
    one = index(BARE, "team-a", authenticate=AuthPolicy.ALWAYS)

    assert said(World(one, server=lambda *_: 401), page(one)) == snapshot("""\
error: Missing credentials for: https://x.test/a/lib/
  cause: Index `team-a` says `authenticate = "always"`
  cause: Looked in: netrc, keyring
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_claimed():
    one, two = index(A, "team-a"), index(B, "team-b")

    assert said(World(one, two, server=only("b:pb")), file(one, "https://x.test/b/lib.whl")) == snapshot("""\
error: Index `team-a` lists https://x.test/b/lib.whl, which lies in index `team-b` (401 Unauthorized)
  cause: The two indexes have different identities, so the file was asked for without credentials
hint: give both indexes the same credentials, or install the package from `team-b`\
""")


def test_redirected_into_a_claim():
    one, two = index(A, "team-a"), index(B, "team-b")
    world = World(one, two, server=lambda url, _: "https://x.test/b/lib.whl" if "/a/" in url else 401)

    assert said(world, file(one, FILE)) == snapshot("""\
error: Index `team-a` redirects to https://x.test/b/lib.whl, which lies in index `team-b` (401 Unauthorized)
  cause: The two indexes have different identities, so the redirect was followed without credentials
hint: give both indexes the same credentials, or install the package from `team-b`\
""")


def test_no_identity():
    one, two = index(BARE, "public"), index(B, "team-b")

    assert said(World(one, two, server=only("b:pb")), file(one, "https://x.test/b/lib.whl")) == snapshot("""\
error: Index `public` lists https://x.test/b/lib.whl, which wants credentials (401 Unauthorized), and the index has none
  cause: Looked in: netrc, keyring
  cause: Not used, because the file was listed by another index: the credentials of `team-b`
hint: set UV_INDEX_PUBLIC_USERNAME and UV_INDEX_PUBLIC_PASSWORD\
""")


def test_no_identity_and_nobody_near():
    one = index(BARE, "public")

    assert said(World(one, server=lambda *_: 401), file(one, FILE)) == snapshot("""\
error: Index `public` lists https://x.test/a/lib.whl, which wants credentials (401 Unauthorized), and the index has none
  cause: Looked in: netrc, keyring
hint: set UV_INDEX_PUBLIC_USERNAME and UV_INDEX_PUBLIC_PASSWORD\
""")


def test_outside_the_scope():
    one = index(A, "team-a", scope=FileScope.PREFIX)

    assert said(World(one, server=only("a:pa")), file(one, "https://x.test/x/lib.whl")) == snapshot("""\
error: Index `team-a` lists https://x.test/x/lib.whl outside its own path (401 Unauthorized)
  cause: No credentials were sent, because the index says `file-scope = "prefix"`
hint: set `file-scope = "origin"` for the index\
""")


def test_foreign():
    one = index(A, "team-a")

    assert said(World(one, server=only("a:pa")), file(one, "https://files.example/lib.whl")) == snapshot("""\
error: Index `team-a` lists https://files.example/lib.whl on another host, which wants credentials (401 Unauthorized)
  cause: Credentials of an index go to its own host only
hint: if https://files.example may see them, add `file-origins = ["https://files.example"]` to the index
hint: add an entry for machine `files.example` to your netrc file\
""")


def test_moved():
    one = index(A, "team-a")
    world = World(
        one, server=lambda url, _: "https://new.test/n/lib/" if "x.test" in url else 401 if "whl" in url else 200
    )
    world.ask(page(one))

    assert said(world, file(one, "https://new.test/lib.whl")) == snapshot("""\
error: Index `team-a` was redirected to https://new.test/n/lib/; https://new.test/lib.whl lies there (401 Unauthorized)
  cause: Credentials of an index do not follow it to another host
hint: set `url = "https://new.test/n/"` for the index\
""")


def test_insecure_link():
    one = index(A, "team-a")

    assert said(World(one, server=only()), file(one, "http://x.test/a/lib.whl")) == snapshot("""\
error: Index `team-a` is read over https and lists http://x.test/a/lib.whl, which is not
  cause: Whoever listens on the way could see or replace the file; nothing was sent
hint: let the server write https links (often its own base URL is configured wrongly)\
""")


def test_insecure_redirect():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: "http://x.test/"), file(one, FILE)) == snapshot("""\
error: https://x.test/a/lib.whl redirects from https to http://x.test/, which is not followed
  cause: Whoever listens on the way could see or replace the answer
hint: let the server redirect to https\
""")


def test_bad_redirect():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: "ftp://x.test/"), file(one, FILE)) == snapshot("""\
error: https://x.test/a/lib.whl answered with a redirect that cannot be followed
  cause: It leads to a URL of the scheme `ftp`\
""")


def test_redirect_needs_credentials():
    one = index(A, "team-a")
    world = World(one, server=lambda url, _: "https://blobs.example/x?sig=1" if "x.test" in url else 401)

    assert said(world, file(one, FILE)) == snapshot("""\
error: https://x.test redirects to https://blobs.example/x?sig=****, which wants credentials (401 Unauthorized)
  cause: Credentials are not carried to another host by a redirect
hint: if https://blobs.example may see them, add `file-origins = ["https://blobs.example"]` to the index
hint: add an entry for machine `blobs.example` to your netrc file\
""")


def test_sign_in_page():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: Reply(401, sign_in=True)), page(one)) == snapshot("""\
error: Index `team-a` answered with a page to sign in, at https://x.test/a/lib/, in place of an index page
  cause: The credentials came from the index URL
hint: correct the credentials in the index URL
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_sign_in_page_without_credentials():
    one = index(BARE, "team-a")

    assert said(World(one, server=lambda *_: Reply(401, sign_in=True)), page(one)) == snapshot("""\
error: Index `team-a` answered with a page to sign in, at https://x.test/a/lib/, in place of an index page
  cause: The request was made without credentials
hint: set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD\
""")


def test_ambiguous():
    one, two = index("https://x:1@x.test/a/simple", "x"), index("https://y:2@x.test/a/simple", "y")

    assert said(World(one, two, server=only()), file(None, FILE)) == snapshot("""\
error: Indexes `x` and `y` have the same root above https://x.test/a/lib.whl and different credentials
  cause: Nothing was sent: either identity could be the wrong one
hint: give both indexes the same credentials, or write the credentials into the URL\
""")


def test_proxy():
    one = index(A, "team-a")

    assert said(World(one, server=lambda *_: 407), page(one)) == snapshot("""\
error: The proxy refused the request for https://x.test/a/lib/ (407 Proxy Authentication Required)
hint: write the user name and password into HTTPS_PROXY, HTTP_PROXY or ALL_PROXY\
""")


def test_a_hint_for_the_keyring_is_not_given_where_it_was_asked():
    one = index(BARE, "team-a", authenticate=AuthPolicy.ALWAYS)
    refusal = World(one, server=only()).ask(page(one, f"{BARE}x/"))

    assert ("set UV_INDEX_TEAM_A_USERNAME and UV_INDEX_TEAM_A_PASSWORD",) == refusal.hints


def test_a_keyring_that_could_not_be_asked_needs_a_user_name():
    one = index(BARE, "team-a")
    about = About(one.url, one, 401, tried=("netrc", "keyring (not asked: no user name is known)"))

    expected = "write a user name into the index URL (`https://USERNAME@x.test/a/`): keyring needs one"
    assert expected == auth_required(about).hints[1]


def test_metadata_that_is_refused_is_a_refusal_like_any_other():
    one = index(A, "team-a")

    refusal = World(one, server=lambda *_: 403).ask(file(one, f"{FILE}.metadata", Purpose.METADATA))

    assert 403 == refusal.status
