"""URLs that the user wrote: rows D19 to D21 of the table."""

import pytest

from keyrack.policy.auth.refusals import AmbiguousIdentity, AuthRejected, AuthRequired, Forbidden, ProxyRefused
from keyrack.values.exchange import Purpose
from tests.policy.auth.stepping import World, file, index, only, page

A = "https://a:pa@pkgs.example/a/simple/"
BARE = "https://pkgs.example/a/simple/"


def test_d19_credentials_in_a_url_of_the_user_go_with_it_and_are_not_remembered():
    one = index(BARE)
    world = World(one, server=lambda *_: 200)

    world.ask(file(None, "https://u:p@pkgs.example/a/lib.whl"))
    world.ask(page(one))

    assert ["u:p", None] == world.spoke


@pytest.mark.parametrize(("status", "expected"), [(401, AuthRejected), (403, Forbidden), (407, ProxyRefused)])
def test_d19_credentials_in_a_url_have_no_second_try(status, expected):
    world = World(server=lambda *_: status, sources={"machine pkgs.example": "n:n"})

    refusal = world.ask(file(None, "https://u:p@pkgs.example/a/lib.whl"))

    assert (expected, ["u:p"], None) == (type(refusal), world.spoke, refusal.index)


def test_d20_a_url_of_the_user_belongs_to_the_index_with_the_longest_root_above_it():
    outer, inner = index("https://o:po@pkgs.example/simple"), index("https://i:pi@pkgs.example/team/simple")
    world = World(outer, inner, server=lambda *_: 200)

    world.ask(file(None, "https://pkgs.example/team/lib.whl"))
    world.ask(file(None, "https://pkgs.example/teams/lib.whl"))

    assert ["i:pi", "o:po"] == world.spoke


def test_d20_a_url_of_no_index_is_asked_for_bare_and_then_as_netrc_says_for_its_host():
    one = index(A)
    world = World(one, server=only("n:n"), sources={"machine pkgs.example": "n:n"})

    outcome = world.ask(file(None, "https://pkgs.example/b/lib.whl"))

    assert (200, [None, "n:n"]) == (outcome, world.spoke)


def test_d20_a_url_of_no_index_names_the_indexes_that_nearly_fitted():
    one = index(A, "team-a")
    world = World(one, server=only("a:pa"))

    refusal = world.ask(file(None, "https://pkgs.example/b/lib.whl"))

    assert (AuthRequired, True) == (type(refusal), "`team-a`" in refusal.causes[1])


def test_d20_two_identities_with_one_root_are_ambiguous():
    one, two = index("https://x:1@pkgs.example/a/simple", "x"), index("https://y:2@pkgs.example/a/simple/", "y")
    world = World(one, two, server=lambda *_: 200)

    refusal = world.ask(file(None, "https://pkgs.example/a/lib.whl"))

    assert (AmbiguousIdentity, []) == (type(refusal), world.sends)


def test_d20_two_indexes_with_one_root_and_one_identity_are_not():
    one, two = index("https://x:1@pkgs.example/a/simple", "x"), index("https://x:1@pkgs.example/a/simple/", "y")
    world = World(one, two, server=only("x:1"))

    assert 200 == world.ask(file(None, "https://pkgs.example/a/lib.whl"))


def test_d20_a_url_of_the_user_that_is_refused_says_what_is_missing():
    one = index(BARE, "a")
    world = World(one, server=only("a:pa"))

    assert AuthRequired is type(world.ask(file(None, "https://pkgs.example/a/lib.whl")))


def test_d21_a_url_in_the_metadata_of_an_index_is_as_its_files_are():
    one = index(A)
    world = World(one, server=only("a:pa"))

    outcomes = [
        world.ask(file(one, url, Purpose.DIRECT)) for url in ("https://pkgs.example/x.whl", "https://b.example/")
    ]

    assert ([200, True], ["a:pa", None]) == ([outcomes[0], outcomes[1] != 200], world.spoke)
