"""Files that an index lists: rows D5 to D12 of the table."""

import pytest

from keyrack.policy.auth.refusals import (
    AuthRejected,
    ClaimedBy,
    Forbidden,
    ForeignFileOrigin,
    InsecureLink,
    NoIdentityForLink,
    OutsideScope,
)
from keyrack.policy.auth.steps import Wanted
from keyrack.values.credentials import Source
from keyrack.values.exchange import Purpose
from keyrack.values.index import AuthPolicy, FileScope
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import World, file, index, only, page

A = "https://a:pa@pkgs.example/a/simple/"
B = "https://b:pb@pkgs.example/b/simple/"
BARE_A = "https://pkgs.example/a/simple/"
BARE_B = "https://pkgs.example/b/simple/"


def test_d5_a_file_below_the_root_goes_with_the_identity_of_its_index():
    one, two = index(A), index(B)
    world = World(one, two, server=lambda url, who: 200 if who == ("a:pa" if "/a/" in url else "b:pb") else 403)

    outcomes = [
        world.ask(file(one, "https://pkgs.example/a/lib.whl")),
        world.ask(file(two, "https://pkgs.example/b/lib.whl")),
    ]

    assert ([200, 200], ["a:pa", "b:pb"]) == (outcomes, world.spoke)


def test_d5_two_registries_with_the_same_user_name_keep_their_own_passwords():
    one, two = index("https://key:1@pkgs.example/a/simple/"), index("https://key:2@pkgs.example/b/simple/")
    world = World(one, two, server=lambda *_: 200)

    world.ask(file(two, "https://pkgs.example/b/lib.whl"))
    world.ask(file(one, "https://pkgs.example/a/lib.whl"))

    assert ["key:2", "key:1"] == world.spoke


@pytest.mark.parametrize(("status", "expected"), [(401, AuthRejected), (403, Forbidden)])
def test_d5_a_file_that_is_refused_names_its_index(status, expected):
    one = index(A, "a")
    world = World(one, server=lambda *_: status)

    refusal = world.ask(file(one, "https://pkgs.example/a/lib.whl"))

    assert (expected, "a", status) == (type(refusal), refusal.index, refusal.status)


def test_d6_a_file_beside_the_root_goes_with_the_identity_of_its_index():
    one, two = index("https://x:1@pkgs.example/org/one/simple/"), index("https://x:2@pkgs.example/org/two/simple/")
    world = World(one, two, server=only("x:2"))

    outcome = world.ask(file(two, "https://pkgs.example/org/0b7c-uuid/lib.whl"))

    assert (200, ["x:2"]) == (outcome, world.spoke)


def test_d6_an_identity_that_keeps_to_its_path_does_not_leave_it():
    one = index(A, scope=FileScope.PREFIX)
    world = World(one, server=only("a:pa"))

    outcomes = [world.ask(file(one, f"https://pkgs.example/{path}/lib.whl")) for path in ("a", "other")]

    assert (200, OutsideScope, ["a:pa", None]) == (outcomes[0], type(outcomes[1]), world.spoke)


def test_d7_a_file_in_another_index_with_another_identity_is_asked_for_bare():
    one, two = index(A), index(B, "b")
    world = World(one, two, server=only("b:pb"))

    refusal = world.ask(file(one, "https://pkgs.example/b/lib.whl"))

    assert (ClaimedBy, [None], True) == (type(refusal), world.spoke, "`b`" in refusal.message)


def test_d7_indexes_that_share_an_identity_have_no_claim_against_each_other():
    one, two = index(A), index("https://a:pa@pkgs.example/b/simple/")
    world = World(one, two, server=only("a:pa"))

    assert (200, ["a:pa"]) == (world.ask(file(one, "https://pkgs.example/b/lib.whl")), world.spoke)


def test_d7_a_nested_index_is_closed_to_the_one_around_it():
    outer, inner = index("https://o:po@pkgs.example/simple"), index("https://i:pi@pkgs.example/team/simple")
    world = World(outer, inner, server=lambda *_: 200)

    world.ask(file(outer, "https://pkgs.example/team/lib.whl"))

    assert [None] == world.spoke


def test_d7_an_index_around_another_has_no_claim_against_it():
    outer, inner = index("https://o:po@pkgs.example/org/simple"), index("https://i:pi@pkgs.example/org/team/simple")
    world = World(outer, inner, server=lambda *_: 200)

    world.ask(file(inner, "https://pkgs.example/org/lib.whl"))

    assert ["i:pi"] == world.spoke


def test_d7_a_root_of_the_whole_host_claims_nothing():
    whole, one = index("https://w:pw@pkgs.example/simple"), index(A)
    world = World(whole, one, server=lambda *_: 200)

    world.ask(file(one, "https://pkgs.example/elsewhere/lib.whl"))

    assert ["a:pa"] == world.spoke


@pytest.mark.parametrize("path", ["a/../b", "a/%2e%2e/b", "a/..%2fb", "a/%5cb"])
def test_d7_a_path_that_can_be_read_in_two_ways_lies_in_every_other_index(path):
    one, two = index(A), index(B)
    world = World(one, two, server=lambda *_: 200)

    world.ask(file(one, f"https://pkgs.example/{path}/lib.whl"))

    assert [None] == world.spoke


def test_d7_whose_claim_it_is_does_not_depend_on_what_was_asked_before():
    one, two = index(A), index(BARE_B)
    world = World(one, two, server=lambda *_: 200, sources={BARE_B: "a:pa"})

    world.ask(file(one, "https://pkgs.example/b/lib.whl"))

    assert (["a:pa"], [Wanted(two.url)]) == (world.spoke, world.look_ups)


def test_d7_an_index_that_uses_no_credentials_has_another_identity():
    one, two = index(A), index(BARE_B, authenticate=AuthPolicy.NEVER)
    world = World(one, two, server=lambda *_: 200)

    world.ask(file(one, "https://pkgs.example/b/lib.whl"))

    assert [None] == world.spoke


def test_d8_an_index_without_an_identity_does_not_borrow_one():
    public, private = index(BARE_A, "public"), index(B, "b")
    world = World(public, private, server=only("b:pb"))

    refusal = world.ask(file(public, "https://pkgs.example/b/lib.whl"))

    assert (NoIdentityForLink, [None], True) == (type(refusal), world.spoke, "`b`" in refusal.causes[1])


def test_d8_what_is_looked_up_is_the_index_and_not_the_link():
    one = index(BARE_A)
    world = World(one, server=only("a:kept"), sources={BARE_A: "a:kept"})

    outcome = world.ask(file(one, "https://pkgs.example/files/lib.whl"))

    assert (200, [None, "a:kept"], [Wanted(one.url)]) == (outcome, world.spoke, world.look_ups)


def test_d8_what_was_looked_up_is_not_sent_into_another_index():
    one, two = index(BARE_A), index(B, "b")
    world = World(one, two, server=only("a:kept"), sources={BARE_A: "a:kept"})

    refusal = world.ask(file(one, "https://pkgs.example/b/lib.whl"))

    assert (ClaimedBy, [None]) == (type(refusal), world.spoke)


def test_d8_404_for_a_file_says_nothing_of_credentials():
    one = index(BARE_A)
    world = World(one, server=lambda *_: 404, sources={BARE_A: "a:kept"})

    assert (404, []) == (world.ask(file(one, "https://pkgs.example/a/lib.whl")), world.look_ups)


def test_d8_half_an_identity_is_named_as_such():
    one = index("https://a@pkgs.example/a/simple/", source=Source.ENVIRONMENT)
    world = World(one, server=only("a:pa"))

    refusal = world.ask(file(one, "https://pkgs.example/a/lib.whl"))

    assert "IdentityIncomplete" == type(refusal).__name__


def test_d8_a_file_that_is_refused_with_nothing_known_blames_its_index():
    one = index(BARE_A, "a")
    world = World(one, server=lambda *_: 403)

    assert NoIdentityForLink is type(world.ask(file(one, "https://pkgs.example/a/lib.whl")))


def test_d9_an_origin_that_the_index_vouches_for_hears_its_identity():
    one = index(A, origins=("https://cdn.example",))
    world = World(one, server=only("a:pa"))

    assert (200, ["a:pa"]) == (world.ask(file(one, "https://cdn.example/x/lib.whl")), world.spoke)


def test_d9_an_origin_is_vouched_for_with_its_port_and_scheme():
    one = index(A, origins=("https://cdn.example",))
    world = World(one, server=lambda *_: 200)

    world.ask(file(one, "https://cdn.example:8443/x/lib.whl"))

    assert [None] == world.spoke


def test_d9_a_claim_holds_on_other_origins_too():
    one, two = index(A, origins=("https://cdn.example",)), index("https://c:pc@cdn.example/c/simple/")
    world = World(one, two, server=lambda *_: 200)

    world.ask(file(one, "https://cdn.example/c/lib.whl"))

    assert [None] == world.spoke


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a/lib.whl",
        "https://pkgs.example.evil.example/a/lib.whl",
        "https://pkgs.example:8443/a/lib.whl",
        "https://pkgs.example@evil.example/a/lib.whl",
    ],
)
def test_d10_another_origin_hears_nothing(url):
    one = index(A, "a")
    world = World(one, server=lambda *_: 401)

    refusal = world.ask(file(one, url.replace("pkgs.example@", "")))

    assert (ForeignFileOrigin, [None]) == (type(refusal), world.spoke)


def test_d10_the_identity_of_the_index_over_there_is_not_used():
    one, other = index(A), index("https://o:po@other.example/o/simple/")
    world = World(one, other, server=only("o:po"))

    refusal = world.ask(file(one, "https://other.example/o/lib.whl"))

    assert (ForeignFileOrigin, [None]) == (type(refusal), world.spoke)


def test_d10_netrc_may_answer_for_the_very_host():
    one = index(A)
    world = World(one, server=only("n:n"), sources={"machine files.example": "n:n"})

    outcome = world.ask(file(one, "https://files.example/x/lib.whl"))

    wanted = Wanted(parse_url("https://files.example/").url, machine_only=True)
    assert (200, [None, "n:n"], [wanted]) == (outcome, world.spoke, world.look_ups)


@pytest.mark.parametrize(("status", "expected"), [(401, AuthRejected), (403, Forbidden)])
def test_d10_what_netrc_said_and_the_host_refuses_names_netrc(status, expected):
    one = index(A)
    world = World(one, server=lambda _, who: status if who else 401, sources={"machine files.example": "n:n"})

    assert expected is type(world.ask(file(one, "https://files.example/x/lib.whl")))


def test_d10_netrc_does_not_answer_over_plain_http():
    one = index("http://pkgs.example/a/simple/")
    world = World(one, server=lambda *_: 401, sources={"machine files.example": "n:n"})

    refusal = world.ask(file(one, "http://files.example/x/lib.whl"))

    assert (ForeignFileOrigin, [None]) == (type(refusal), world.spoke)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_d10_only_401_is_answered(status):
    one = index(A)
    world = World(one, server=lambda *_: status, sources={"machine files.example": "n:n"})

    world.ask(file(one, "https://files.example/x/lib.whl"))

    assert [None] == world.spoke


def test_d11_credentials_in_a_link_go_with_that_link_alone():
    one = index(A)
    world = World(one, server=lambda *_: 200)

    world.ask(file(one, "https://l:pl@files.example/x/lib.whl"))
    world.ask(file(one, "https://files.example/x/lib2.whl"))
    world.ask(file(one, "https://l:pl@pkgs.example/a/lib.whl"))

    assert ["l:pl", None, "l:pl"] == world.spoke


def test_d11_credentials_in_a_link_that_fail_are_blamed_on_the_link():
    one = index(A)
    world = World(one, server=only("a:pa"))

    refusal = world.ask(file(one, "https://l:pl@pkgs.example/a/lib.whl"))

    assert (AuthRejected, "the link on the page", ["l:pl"]) == (type(refusal), refusal.where, world.spoke)


def test_d11_credentials_in_a_plain_http_link_are_ignored():
    one = index("http://pkgs.example/a/simple/")
    world = World(one, server=lambda *_: 200)

    world.ask(file(one, "http://l:pl@pkgs.example/a/lib.whl"))

    assert [None] == world.spoke


def test_d12_a_private_index_on_https_does_not_hand_out_plain_http_links():
    one = index(A)
    world = World(one, server=lambda *_: 200)

    refusal = world.ask(file(one, "http://pkgs.example/a/lib.whl"))

    assert (InsecureLink, []) == (type(refusal), world.sends)


@pytest.mark.parametrize("sources", [{BARE_A: "a:kept"}, {}])
def test_d12_whether_an_index_is_private_is_looked_up(sources):
    one = index(BARE_A)
    world = World(one, server=lambda *_: 200, sources=sources)

    outcome = world.ask(file(one, "http://pkgs.example/a/lib.whl"))

    assert (bool(sources), 1) == (isinstance(outcome, InsecureLink), len(world.look_ups))


def test_d12_a_public_file_with_a_hash_is_fetched_over_http_with_one_warning():
    one = index(BARE_A)
    world = World(one, server=lambda *_: 200)

    outcomes = [world.ask(file(one, "http://pkgs.example/a/lib.whl")) for _ in range(2)]

    assert ([200, 200], [None, None], 1) == (outcomes, world.spoke, len(world.told))


def test_d12_a_file_without_a_hash_is_not_fetched_over_http():
    one = index(BARE_A)
    world = World(one, server=lambda *_: 200)

    assert InsecureLink is type(world.ask(file(one, "http://pkgs.example/a/lib.whl", has_hash=False)))


def test_d12_half_an_identity_makes_an_index_private():
    one = index("https://a@pkgs.example/a/simple/", source=Source.ENVIRONMENT)
    world = World(one, server=lambda *_: 200)

    assert InsecureLink is type(world.ask(file(one, "http://pkgs.example/a/lib.whl")))


def test_d14_a_range_is_asked_for_in_the_name_of_its_index():
    one = index(A)
    world = World(one, server=only("a:pa"))

    assert 200 == world.ask(file(one, "https://pkgs.example/x/lib.whl", Purpose.RANGE))


def test_d28_links_of_a_flat_page_are_as_the_links_of_an_index():
    place = index("https://f:pf@pkgs.example/wheels/")
    world = World(place, server=only("f:pf"))

    assert (200, 200) == (world.ask(page(place)), world.ask(file(place, "https://pkgs.example/wheels/lib.whl")))
