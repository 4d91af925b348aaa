"""Index pages, policies, plain http, proxies: rows D1 to D4, D13 to D15, D30, D32, D33 of the table."""

import pytest

from keyrack.errors import KeyrackError
from keyrack.policy.auth.refusals import (
    AuthenticationDisabled,
    AuthRejected,
    AuthRequired,
    Forbidden,
    IdentityIncomplete,
    MissingCredentials,
    ProxyRefused,
    SignInPage,
)
from keyrack.policy.auth.steps import Reply, Wanted
from keyrack.values.credentials import Source
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import AuthPolicy
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import World, file, index, only, page

A = "https://a:pa@pkgs.example/a/simple/"
B = "https://b:pb@pkgs.example/b/simple/"
BARE = "https://pkgs.example/a/simple/"


def test_d1_a_known_identity_goes_with_the_first_request():
    one = index(A, "a")
    world = World(one, server=only("a:pa"))

    assert (200, ["a:pa"]) == (world.ask(page(one)), world.spoke)


def test_d1_an_index_that_rejects_its_identity_is_asked_once_and_named():
    one = index(A, "a")
    world = World(one, server=only("other"))

    refusal = world.ask(page(one))

    assert (AuthRejected, "a", 401, "the index URL", 1) == (
        type(refusal),
        refusal.index,
        refusal.status,
        refusal.where,
        len(world.sends),
    )


def test_d1_a_rejected_identity_is_not_sent_again():
    one = index(A, "a")
    world = World(one, server=only("other"))

    refusals = [world.ask(page(one)), world.ask(file(one, "https://pkgs.example/a/lib.whl"))]

    assert ([AuthRejected, AuthRejected], 1) == ([type(each) for each in refusals], len(world.sends))


def test_d1_403_is_forbidden_and_does_not_count_against_the_identity():
    one = index(A, "a")
    world = World(one, server=lambda url, _: 403 if "/lib/" in url else 200)

    outcomes = [type(world.ask(page(one))), world.ask(page(one, "https://pkgs.example/a/simple/other/"))]

    assert [Forbidden, 200] == outcomes


def test_d1_404_stands():
    one = index(A, "a")

    assert 404 == World(one, server=lambda *_: 404).ask(page(one))


def test_d1_an_index_whose_401_is_ignored_keeps_its_identity():
    one = index(A, "a", ignore=frozenset({401}))
    world = World(one, server=lambda url, _: 401 if "/lib/" in url else 200)

    outcomes = [type(world.ask(page(one))), world.ask(page(one, "https://pkgs.example/a/simple/other/"))]

    assert [AuthRejected, 200] == outcomes


def test_d2_a_user_name_is_completed_before_the_first_request():
    one = index("https://a@pkgs.example/a/simple/", source=Source.ENVIRONMENT)
    world = World(one, server=only("a:kept"), sources={BARE: "KEYRING a:kept"})

    outcome = world.ask(page(one))

    assert (200, ["a:kept"], [Wanted(one.url, "a")]) == (outcome, world.spoke, world.look_ups)


def test_d2_a_user_name_in_the_url_that_nobody_completes_may_be_a_token():
    one = index("https://token@pkgs.example/a/simple/")
    world = World(one, server=only("token:"))

    assert (200, ["token:"]) == (world.ask(page(one)), world.spoke)


def test_d2_a_user_name_from_elsewhere_is_not_sent_alone():
    one = index("https://a@pkgs.example/a/simple/", source=Source.ENVIRONMENT)
    world = World(one, server=only("a:"))

    refusal = world.ask(page(one))

    assert (IdentityIncomplete, [None], ("netrc", "keyring")) == (type(refusal), world.spoke, refusal.tried)


def test_d2_half_an_identity_is_refused_before_any_request_where_the_policy_is_always():
    one = index("https://a@pkgs.example/a/simple/", authenticate=AuthPolicy.ALWAYS)
    world = World(one, server=only("a:"))

    refusal = world.ask(page(one))

    assert (IdentityIncomplete, None, []) == (type(refusal), refusal.status, world.sends)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_d3_a_refused_page_makes_us_look_by_the_index_url(status):
    one = index(BARE)
    world = World(one, server=lambda _, identity: 200 if identity == "a:kept" else status, sources={BARE: "a:kept"})

    outcome = world.ask(page(one))

    assert (200, [None, "a:kept"], [Wanted(one.url)]) == (outcome, world.spoke, world.look_ups)


def test_d3_what_was_learned_goes_with_the_next_request_at_once():
    one = index(BARE)
    world = World(one, server=only("a:kept"), sources={BARE: "a:kept"})
    world.ask(page(one))

    world.ask(file(one, "https://pkgs.example/a/lib.whl"))

    assert ([None, "a:kept", "a:kept"], 1) == (world.spoke, len(world.look_ups))


def test_d3_a_public_page_is_read_without_a_look():
    one = index(BARE)
    world = World(one, server=lambda *_: 200, sources={BARE: "a:kept"})

    assert (200, [None], []) == (world.ask(page(one)), world.spoke, world.look_ups)


@pytest.mark.parametrize(("status", "expected"), [(401, AuthRequired), (403, Forbidden)])
def test_d3_an_index_without_an_identity_says_so(status, expected):
    one = index(BARE, "a")
    world = World(one, server=lambda *_: status)

    refusal = world.ask(page(one))

    assert (expected, "", ("netrc", "keyring")) == (type(refusal), refusal.where, refusal.tried)


def test_d3_404_without_an_identity_is_not_found():
    one = index(BARE)

    assert 404 == World(one, server=lambda *_: 404).ask(page(one))


def test_d3_what_was_learned_and_is_not_accepted_is_not_sent_again():
    one = index(BARE)
    world = World(one, server=only("other"), sources={BARE: "a:wrong"})

    refusals = [world.ask(page(one)), world.ask(page(one))]

    assert ([AuthRejected] * 2, [None, "a:wrong", None]) == ([type(each) for each in refusals], world.spoke)


def test_d3_always_looks_before_the_first_request():
    one = index(BARE, authenticate=AuthPolicy.ALWAYS)
    world = World(one, server=only("a:kept"), sources={BARE: "a:kept"})

    outcome = world.ask(page(one))

    assert (200, ["a:kept"], [Wanted(one.url, None, always=True)]) == (outcome, world.spoke, world.look_ups)


def test_d3_always_without_credentials_sends_nothing():
    one = index(BARE, authenticate=AuthPolicy.ALWAYS)
    world = World(one, server=lambda *_: 200)

    refusal = world.ask(page(one))

    assert (MissingCredentials, []) == (type(refusal), world.sends)


def test_d4_never_sends_nothing_and_says_why_it_failed():
    one = index(A, authenticate=AuthPolicy.NEVER)
    world = World(one, server=only("a:pa"), sources={BARE: "a:pa"})

    refusal = world.ask(page(one))

    assert (AuthenticationDisabled, [None], []) == (type(refusal), world.spoke, world.look_ups)


def test_d4_never_strips_what_stands_in_a_link():
    one = index(BARE, authenticate=AuthPolicy.NEVER)
    world = World(one, server=lambda *_: 200)

    world.ask(file(one, "https://x:y@pkgs.example/a/lib.whl"))

    assert [None] == world.spoke


def test_d13_a_refused_sidecar_says_nothing_about_the_identity():
    one = index(A)
    world = World(one, server=lambda url, _: 401 if url.endswith(".metadata") else 200)
    url = "https://pkgs.example/a/lib.whl"

    outcomes = [type(world.ask(file(one, f"{url}.metadata", Purpose.METADATA))), world.ask(file(one, url))]

    assert ([AuthRejected, 200], ["a:pa", "a:pa"]) == (outcomes, world.spoke)


@pytest.mark.parametrize("purpose", [Purpose.METADATA, Purpose.RANGE])
def test_d13_d14_metadata_is_asked_for_as_its_file_is(purpose):
    one, two = index(A), index(B)
    world = World(one, two, server=only("b:pb"))

    assert (200, ["b:pb"]) == (world.ask(file(two, "https://pkgs.example/files/lib.whl", purpose)), world.spoke)


def test_d15_a_file_in_two_indexes_is_asked_for_in_the_name_of_the_one_that_was_chosen():
    one, two = index(A), index(B)
    world = World(one, two, server=lambda *_: 200)
    url = "https://pkgs.example/shared/lib.whl"

    world.ask(file(two, url))
    world.ask(file(one, url))

    assert ["b:pb", "a:pa"] == world.spoke


def test_d30_an_identity_that_goes_over_plain_http_is_warned_of_once():
    one = index("http://a:pa@pkgs.example/a/simple/", "team")
    world = World(one, server=only("a:pa"))

    world.ask(page(one))
    world.ask(page(one))

    assert ["The credentials of index `team` go over plain http to http://pkgs.example"] == world.told


def test_d30_a_url_of_the_user_with_credentials_over_plain_http_is_warned_of():
    world = World(server=only("u:p"))

    outcome = world.ask(file(None, "http://u:p@pkgs.example/lib.whl"))

    assert (200, 1) == (outcome, len(world.told))


def test_d30_this_very_machine_hears_no_warning():
    one = index("http://a:pa@127.0.0.1:8080/simple/")
    world = World(one, server=only("a:pa"))

    world.ask(page(one))

    assert [] == world.told


@pytest.mark.parametrize("text", [A, BARE])
def test_d32_a_proxy_that_refuses_is_not_answered_with_the_credentials_of_an_index(text):
    one = index(text)
    world = World(one, server=lambda *_: 407, sources={BARE: "a:kept"})

    refusal = world.ask(page(one))

    assert (ProxyRefused, 1, []) == (type(refusal), len(world.sends), world.look_ups)


def test_d33_a_sign_in_page_is_a_refusal_of_what_was_sent():
    one = index(A, "a")
    world = World(one, server=lambda *_: Reply(401, sign_in=True))

    refusal = world.ask(page(one))

    assert (SignInPage, "the index URL") == (type(refusal), refusal.where)


def test_d33_a_sign_in_page_makes_us_look_as_401_does():
    one = index(BARE)
    world = World(one, server=lambda _, who: 200 if who else Reply(401, sign_in=True), sources={BARE: "a:kept"})

    assert (200, [None, "a:kept"]) == (world.ask(page(one)), world.spoke)


def test_d33_a_sign_in_page_that_nothing_answers_is_named():
    one = index(BARE)

    assert SignInPage is type(World(one, server=lambda *_: Reply(401, sign_in=True)).ask(page(one)))


def test_a_request_in_the_name_of_an_index_that_is_not_configured_is_an_error():
    world = World(index(A, "a"), server=lambda *_: 200)
    request = Request(parse_url(B).url, Purpose.PAGE, index(B, "b").id)

    with pytest.raises(KeyrackError, match="which is not configured"):
        world.ask(request)


def test_every_send_has_its_reason():
    one = index(A, "a", origins=("https://cdn.example",))
    world = World(one, server=lambda *_: 200)

    world.ask(page(one))
    world.ask(file(one, "https://pkgs.example/a/lib.whl"))
    world.ask(file(one, "https://cdn.example/lib.whl"))
    world.ask(file(None, "https://pkgs.example/a/lib.whl"))

    assert [
        "its own page",
        "listed by that index",
        "listed by that index, which vouches for the host",
        "it lies below the index's root",
    ] == world.reasons
