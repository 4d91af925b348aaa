"""Indexes that lead elsewhere: forwarding to another index (D27)."""

from itertools import pairwise

import pytest

from keyrack.policy.auth.refusals import ForwardedElsewhere
from keyrack.values.index import AuthPolicy
from tests.policy.auth.stepping import World, file, index, page

A = "https://a:pa@pkgs.example/a/simple/"
BARE = "https://pkgs.example/a/simple/"
FILE = "https://pkgs.example/a/lib.whl"
PUBLIC = "https://public.example/simple/"


def leading(*places):
    """A server that leads from each place to the next."""
    following = dict(pairwise(places))
    return lambda url, _: following.get(url, 200)


@pytest.mark.parametrize("text", [A, BARE])
def test_d27_an_index_that_forwards_to_another_one_of_the_user_lacks_the_package(text):
    one, other = index(text, "team"), index(PUBLIC, "public")
    world = World(one, other, server=leading(f"{BARE}lib/", f"{PUBLIC}lib/"))

    refusal = world.ask(page(one))

    assert (ForwardedElsewhere, 404, 1) == (type(refusal), refusal.status, len(world.sends))


def test_d27_files_may_lie_in_another_index_of_the_user():
    one, other = index(A), index(PUBLIC, "public")
    world = World(one, other, server=leading(FILE, f"{PUBLIC}lib/lib.whl"))

    assert (200, ["a:pa", None]) == (world.ask(file(one, FILE)), world.spoke)


@pytest.mark.parametrize("others", [(), (index(PUBLIC, "public"),)])
def test_d27_whom_an_index_forwards_because_it_does_not_know_him_is_looked_up(others):
    one = index(BARE)
    server = lambda _, who: 200 if who == "a:kept" else f"{PUBLIC}lib/"  # noqa: E731 - a table of two rows
    world = World(one, *others, server=server, sources={BARE: "a:kept"})

    assert (200, [None, "a:kept"]) == (world.ask(page(one)), world.spoke)


def test_d27_an_index_that_never_wants_credentials_is_followed_without_a_look_up():
    one = index(BARE, authenticate=AuthPolicy.NEVER)
    world = World(one, server=leading(f"{BARE}lib/", f"{PUBLIC}lib/"))

    assert (200, []) == (world.ask(page(one)), world.look_ups)
