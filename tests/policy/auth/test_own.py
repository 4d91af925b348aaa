"""D20, and the identity that an index has from a login."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.auth.logins import given_login
from keyrack.policy.auth.refusals import About, AmbiguousIdentity, AuthRejected, Forbidden
from keyrack.policy.auth.wording import auth_required
from keyrack.values.credentials import Basic, Bearer, Source
from keyrack.values.index import AuthPolicy
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import is_under, parse_url
from tests.policy.auth.stepping import World, file, index, login, only, page

OWN = "https://x.test/a/own/lib.whl"
LOGIN = login("https://l:pl@x.test/a")
DEEP = login("https://d:pd@x.test/a/own")
BEARER = Login(parse_url("https://x.test/a").url, Bearer(Secret("t")))
LISTED = index("https://i:pi@x.test/a/simple/")


@pytest.mark.parametrize(
    ("logins", "indexes", "text", "expected"),
    [
        ((), (), OWN, [None]),
        ((LOGIN,), (), OWN, ["l:pl"]),
        ((BEARER,), (), OWN, ["Bearer t"]),
        ((LOGIN, DEEP), (), OWN, ["d:pd"]),
        ((LOGIN,), (LISTED,), OWN, ["i:pi"]),
        ((LOGIN, DEEP), (LISTED,), OWN, ["d:pd"]),
        ((LOGIN,), (), "https://x.test/ab/lib.whl", [None]),
        ((LOGIN,), (), "http://x.test/a/lib.whl", [None]),
        ((LOGIN, DEEP), (), "https://l:@x.test/a/own/lib.whl", ["l:pl"]),
        ((LOGIN, login("https://m:pm@x.test/a")), (), "https://l:@x.test/a/lib.whl", ["l:pl"]),
        ((LOGIN,), (), "https://n:@x.test/a/own/lib.whl", ["n:"]),
        ((LOGIN,), (), "https://l:mine@x.test/a/own/lib.whl", ["l:mine"]),
    ],
)
def test_a_url_of_the_users_own_goes_with_what_is_nearest_above_it(logins, indexes, text, expected):
    world = World(*indexes, server=lambda *_: 200, logins=logins)

    world.ask(file(None, text))

    assert expected == world.spoke


def test_two_users_above_a_url_are_an_error_before_any_request():
    world = World(server=lambda *_: 200, logins=(LOGIN, login("https://m:pm@x.test/a/")))

    refusal = world.ask(file(None, OWN))

    assert (AmbiguousIdentity, []) == (type(refusal), world.sends)
    assert "specify which username to use" in refusal.message
    assert "write the user name into the URL: `l@` before `x.test`" == refusal.hints[0]


def test_a_login_is_for_no_file_that_an_index_lists():
    other = index("https://x.test/b/simple/")
    world = World(other, server=lambda *_: 200, logins=(LOGIN,))

    world.ask(file(other, OWN))

    assert [None] == world.spoke


def test_what_is_open_to_everybody_stays_open_where_the_login_is_not_accepted():
    world = World(server=only(None), logins=(LOGIN,))

    assert (200, ["l:pl", None]) == (world.ask(file(None, OWN)), world.spoke)


def test_a_login_that_is_not_accepted_is_named():
    world = World(server=only(), logins=(LOGIN,))

    refusal = world.ask(file(None, OWN))

    assert (AuthRejected, ["l:pl", None]) == (type(refusal), world.spoke)
    assert ("The credentials came from the login for https://x.test/a",) == refusal.causes
    assert ("log in again with `keyrack auth login https://x.test/a`",) == refusal.hints


def test_a_login_that_is_not_allowed_in_is_asked_for_once():
    world = World(server=lambda *_: 403, logins=(LOGIN,))

    assert (Forbidden, ["l:pl"]) == (type(world.ask(file(None, OWN))), world.spoke)


def test_a_login_goes_with_redirects_on_its_origin_and_no_further():
    places = {OWN: "/elsewhere/lib.whl", "https://x.test/elsewhere/lib.whl": "https://y.test/lib.whl"}
    world = World(server=lambda url, _: places.get(url, 200), logins=(LOGIN,))

    world.ask(file(None, OWN))

    assert ["l:pl", "l:pl", None] == world.spoke


def logged_in(text="https://x.test/a/simple/", policy=AuthPolicy.AUTO):
    """An index whose identity is from a login."""
    bare = index(text, authenticate=policy)
    held = given_login(bare.url, (LOGIN,), policy)
    return type(bare)(bare.id, bare.url, authenticate=policy, given=held)


def test_an_index_below_a_login_is_asked_with_it_at_once():
    world = World(logged_in(), server=only("l:pl"))

    assert (200, ["l:pl"], []) == (world.ask(page(logged_in())), world.spoke, world.look_ups)


def test_an_index_that_is_open_to_everybody_stays_open_where_the_login_is_not_accepted():
    world = World(logged_in(), server=only(None))

    outcomes = [world.ask(page(logged_in())) for _ in range(2)]

    assert ([200, 200], ["l:pl", None, None]) == (outcomes, world.spoke)


def test_an_index_that_is_never_asked_bare_is_not_where_the_login_is_not_accepted():
    own = logged_in(policy=AuthPolicy.ALWAYS)
    world = World(own, server=only(None))

    refusal = world.ask(page(own))

    assert (AuthRejected, ["l:pl"]) == (type(refusal), world.spoke)
    assert "log in again with `keyrack auth login https://x.test/a`" == refusal.hints[0]


def test_a_login_that_changed_is_read_once_more_when_it_stops_working():
    own = logged_in()
    world = World(own, server=lambda _, identity: 200 if identity == world.good else 401)
    world.good = "l:pl"
    world.ask(page(own))
    world.good, world.sources = "l:new", {str(own.url): "STORE l:new"}

    outcome = world.ask(page(own))

    assert (200, ["l:pl", "l:pl", "l:new"], 1) == (outcome, world.spoke, len(world.renewals))


def test_a_login_that_did_not_change_is_tried_once_more_and_keeps_its_good_name():
    own = logged_in()
    closed = "https://x.test/a/simple/closed/"
    world = World(own, server=lambda url, identity: 200 if identity == "l:pl" and url != closed else 401)
    world.sources = {str(own.url): "STORE l:pl"}
    world.ask(page(own))

    outcomes = [world.ask(page(own, closed)), world.ask(page(own))]

    assert [AuthRejected, 200] == [type(outcomes[0]), outcomes[1]]
    assert ["l:pl"] * 4 == world.spoke


def test_a_login_that_was_given_up_meanwhile_ends_the_identity():
    own = logged_in(policy=AuthPolicy.ALWAYS)
    world = World(own, server=lambda _, identity: 200 if world.good == identity else 401)
    world.good = "l:pl"
    world.ask(page(own))
    world.good = ""

    refusals = [world.ask(page(own)), world.ask(page(own))]

    assert ([AuthRejected] * 2, ["l:pl", "l:pl"]) == (list(map(type, refusals)), world.spoke)


def test_the_source_of_a_login_is_the_store():
    assert Source.STORE is logged_in().given.source


def test_a_place_to_keep_credentials_is_told_where_it_was_looked_for_in_vain():
    about = About(LISTED.url, LISTED, 401, tried=("the credentials store (FILE)", "netrc (FILE)"))

    hints = auth_required(about).hints

    assert "keep them in the credentials store: `keyrack auth login https://x.test/a/simple/`" in hints


ORIGINS = ("https://x.test", "https://y.test", "http://x.test", "https://x.test:444")
PATHS = ("/", "/a", "/a/", "/a/b/", "/ab", "/a%2Fb/", "/a/./b/")
places = st.builds("{}{}".format, st.sampled_from(ORIGINS), st.sampled_from(PATHS))
names = st.sampled_from("uvw")


@given(st.data())
def test_a_login_is_heard_below_its_path_first_and_never_on_another_origin(data):
    logins = tuple(
        Login(parse_url(place).url, Basic(name, Secret(f"{number}")))
        for number, (place, name) in enumerate(data.draw(st.lists(st.tuples(places, names), max_size=5)))
    )
    answers = st.sampled_from([200, 401, 403, 404]) | places.map("{}lib.whl".format)
    world = World(server=lambda *_: data.draw(answers), logins=logins)
    services = {f"{each.username}:{each.credentials.password.reveal()}": each.service for each in logins}

    world.ask(file(None, data.draw(places) + "lib.whl"))

    heard = [(parse_url(place).url, services[who]) for place, who in world.sends if who]
    assert all(url.origin == service.origin for url, service in heard)
    first, who = world.sends[0] if world.sends else ("https://x.test", None)
    assert who is None or is_under(parse_url(first).url, services[who])
