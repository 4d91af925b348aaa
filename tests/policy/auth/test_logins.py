import pytest

from keyrack.policy.auth.logins import (
    AmbiguousLogin,
    ambiguous,
    depth,
    find_login,
    given_login,
    nearest,
    service_of,
    with_login,
    without_login,
)
from keyrack.values.credentials import Bearer
from keyrack.values.index import AuthPolicy
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import login

HOST = login("https://h:ph@x.test")
A = login("https://a:pa@x.test/a")
B = login("https://b:pb@x.test/b/")
DEEP = login("https://d:pd@x.test/a/deep")
TWO = (A, login("https://z:pz@x.test/a/"))
BEARER = Login(parse_url("https://x.test/t").url, Bearer(Secret("t")))
ALL = (HOST, A, B, DEEP, BEARER)


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.test/a/simple", "https://x.test/a"),
        ("https://x.test/a/simple/", "https://x.test/a"),
        ("https://x.test/a/+Simple/", "https://x.test/a"),
        ("https://x.test/simple/", "https://x.test/"),
        ("https://x.test/a/simple/b", "https://x.test/a/simple/b"),
        ("https://x.test/a/", "https://x.test/a/"),
        ("https://x.test", "https://x.test/"),
    ],
)
def test_an_index_is_logged_in_to_by_its_root(text, expected):
    assert expected == service_of(url(text)).exact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.test/a/simple/", A),
        ("https://x.test/a", A),
        ("https://x.test/a/deep/simple/", DEEP),
        ("https://x.test/a/deeper/", A),
        ("https://x.test/ab", HOST),
        ("https://x.test/b", B),
        ("https://x.test/b/simple/", B),
        ("https://x.test/t/simple/", BEARER),
        ("https://x.test/", HOST),
        ("https://x.test/a%2Fdeep/", HOST),
        ("https://x.test/a%2F../deep/", None),
        ("https://x.test:444/a", None),
        ("http://x.test/a", None),
        ("https://y.test/a", None),
        ("https://x.test.evil/a", None),
    ],
)
def test_the_longest_path_by_whole_segments_on_the_very_origin_counts(text, expected):
    assert expected == find_login(url(text), ALL)


@pytest.mark.parametrize(("name", "expected"), [("h", HOST), ("a", A), ("d", None), ("b", None), ("", None)])
def test_a_user_name_narrows_it(name, expected):
    assert expected == find_login(url("https://x.test/a/simple"), ALL, name)


def test_of_one_user_the_last_login_counts():
    again = login("https://a:new@x.test/a/")

    assert (again,) == nearest(url("https://x.test/a"), (A, again))


def test_two_users_in_one_place_are_an_error_that_says_what_to_type():
    with pytest.raises(AmbiguousLogin) as caught:
        find_login(url("https://x.test/a/simple/"), (HOST, *TWO))

    error = caught.value
    assert (
        "Multiple credentials found for URL `https://x.test/a/simple/`, specify which username to use" == error.message
    )
    assert ("Logged in to https://x.test/a: `a`, `z`",) == error.causes
    assert (
        "write the user name into the URL: `a@` before `x.test`",
        "or log out of the other one: `keyrack auth logout https://x.test/a --username NAME`",
    ) == error.hints


def test_a_bearer_token_beside_a_user_is_named_without_its_text():
    error = ambiguous(BEARER.service, (BEARER, login("https://me%40x:p@x.test/t")))

    assert ("Logged in to https://x.test/t: `a bearer token`, `me@x`",) == error.causes
    assert "write the user name into the URL: `me%40x@` before `x.test`" == error.hints[0]


def test_one_of_two_users_can_be_named():
    assert TWO[1] == find_login(url("https://x.test/a/simple/"), TWO, "z")


@pytest.mark.parametrize(
    ("text", "policy", "expected"),
    [
        ("https://x.test/a/simple/", AuthPolicy.AUTO, A.held),
        ("https://x.test/a/simple/", AuthPolicy.ALWAYS, A.held),
        ("https://x.test/a/simple/", AuthPolicy.NEVER, None),
        ("https://y.test/a/simple/", AuthPolicy.AUTO, None),
        ("file:///a/simple/", AuthPolicy.AUTO, None),
    ],
)
def test_an_index_has_the_login_above_it_unless_it_must_not_use_any(text, policy, expected):
    assert expected == given_login(url(text), ALL, policy)


def test_a_new_login_takes_the_place_of_the_same_user_in_the_same_place():
    new = login("https://a:new@x.test/a/")

    assert (HOST, B, new) == with_login((HOST, A, B), new)


def test_another_user_or_place_keeps_its_login():
    new = login("https://n:pn@x.test/a")

    assert (*ALL, new) == with_login(ALL, new)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("https://x.test/a/", "a", (HOST, B, DEEP, BEARER)),
        ("https://x.test/a", "z", ALL),
        ("https://x.test/a/deep/er", "d", ALL),
    ],
)
def test_a_login_is_left_out_by_place_and_user(text, name, expected):
    assert expected == without_login(ALL, url(text), name)


def test_depth_counts_segments():
    assert [0, 1, 2, 2] == [depth(url(f"https://x.test{path}")) for path in ("/", "/a/", "/a//b", "/a%2Fb/c")]
