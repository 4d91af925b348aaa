"""The state of an identity, and many requests at once: one look-up, one refresh, few wrong passwords."""

import pytest

from keyrack.policy.auth.refusals import AuthRejected, AuthRequired, Forbidden
from keyrack.policy.auth.steps import Wanted
from keyrack.values.credentials import Source
from keyrack.values.exchange import Purpose
from keyrack.values.index import AuthPolicy
from tests.policy.auth.stepping import Walk, World, file, index, only, page

A = "https://a:pa@pkgs.example/a/simple/"
BARE = "https://pkgs.example/a/simple/"
NAMED = "https://a@pkgs.example/a/simple/"


def together(world, requests):
    """Carry requests on in turns, each as far as it comes: all send before the first is answered."""
    walks = [Walk(world, request) for request in requests]
    while not all(walk.is_over for walk in walks):
        moving = [walk for walk in walks if not walk.is_over and not walk.waits]
        assert moving, "all wait for each other"
        for walk in moving:
            if not walk.waits:
                walk.go()
    return [walk.outcome for walk in walks]


def files(of, count):
    return [file(of, f"https://pkgs.example/a/{number}.whl") for number in range(count)]


def test_fifty_requests_look_up_once():
    one = index(BARE)
    world = World(one, server=only("a:kept"), sources={BARE: "a:kept"})

    outcomes = together(world, [page(one)] * 50)

    assert ({200}, 1) == (set(outcomes), len(world.look_ups))


def test_fifty_requests_without_a_source_look_up_once():
    one = index(BARE)
    world = World(one, server=only("a:kept"))

    outcomes = together(world, [page(one)] * 50)

    assert ({AuthRequired}, 1, 50) == ({type(each) for each in outcomes}, len(world.look_ups), len(world.sends))


@pytest.mark.parametrize("count", [1, 2, 50])
def test_a_wrong_password_is_seen_four_times_at_most(count):
    one = index(A)
    world = World(one, server=only("other"))

    outcomes = together(world, files(one, count))

    assert ({AuthRejected}, min(count, 4)) == ({type(each) for each in outcomes}, len(world.sends))


def test_a_wrong_password_that_was_looked_up_is_seen_four_times_at_most():
    one = index(BARE)
    world = World(one, server=only("other"), sources={BARE: "a:wrong"})

    outcomes = together(world, [page(one)] * 50)

    assert ({AuthRejected}, True) == ({type(each) for each in outcomes}, world.spoke.count("a:wrong") <= 4)


def test_a_good_password_is_asked_for_once_by_each_request():
    one = index(A)
    world = World(one, server=only("a:pa"))

    outcomes = together(world, files(one, 50))

    assert ({200}, 50) == (set(outcomes), len(world.sends))


@pytest.mark.parametrize("status", [403, 404, 500])
def test_any_answer_but_401_lets_all_others_go(status):
    one = index(A)
    world = World(one, server=lambda *_: status)

    together(world, files(one, 50))

    assert 50 == len(world.sends)


def test_a_burst_of_401_at_the_start_is_waited_out():
    one = index(A)
    answers = iter([401, 401, 401])
    world = World(one, server=lambda *_: next(answers, 200))

    assert {200} == set(together(world, files(one, 50)))


def test_a_burst_of_401_later_is_asked_once_more():
    one = index(A)
    answers = iter([200, 401, 401, 401])
    world = World(one, server=lambda *_: next(answers, 200))
    world.ask(page(one))

    assert ({200}, 54) == (set(together(world, files(one, 50))), len(world.sends))


def test_after_others_got_another_answer_401_is_asked_once_more():
    one = index(A)
    answers = iter([401, 404])
    world = World(one, server=lambda *_: next(answers, 200))

    assert [200, 404] == together(world, files(one, 2))


def test_credentials_that_stop_working_are_renewed_once():
    one = index(NAMED)
    good = {"a:1"}
    world = World(one, server=lambda _, who: 200 if who in good else 401, sources={BARE: "KEYRING a:1"})
    world.ask(page(one))
    good.clear()
    good.add("a:2")
    world.sources[BARE] = "KEYRING a:2"

    outcomes = together(world, files(one, 50))

    assert ({200}, [Wanted(one.url, "a")]) == (set(outcomes), world.renewals)


def test_what_others_renewed_meanwhile_is_used():
    one = index(NAMED)
    world = World(one, server=lambda _, who: 200 if who == world.good else 401, sources={BARE: "KEYRING a:1"})
    world.good = "a:1"
    world.ask(page(one))
    slow, fast = (Walk(world, request) for request in files(one, 2))
    slow.go()
    world.good, world.sources[BARE] = "a:2", "KEYRING a:2"
    while not fast.is_over:
        fast.go()
    late = world.good
    world.good = ""  # the slow one's first answer is 401, whatever it brought
    slow.go()
    world.good = late
    while not slow.is_over:
        slow.go()

    assert (200, 200, 1) == (fast.outcome, slow.outcome, len(world.renewals))


def test_credentials_that_worked_for_others_only_are_renewed_too():
    one = index(NAMED)
    world = World(one, server=lambda _, who: 200 if who == world.good else 401, sources={BARE: "KEYRING a:1"})
    world.good = "a:1"
    early, late = (Walk(world, request) for request in files(one, 2))
    for walk in (early, early, late):
        walk.go()
    while not early.is_over:
        early.go()
    world.good, world.sources[BARE] = "a:2", "KEYRING a:2"
    while not late.is_over:
        late.go()

    assert (200, 200, ["a:1", "a:1", "a:2"]) == (early.outcome, late.outcome, world.spoke)


def test_credentials_that_were_only_ever_redirected_are_renewed_too():
    one = index(NAMED)

    def server(url, who):
        if who is None:
            return 200
        return "https://content.example/lib/" if who == world.good else 401

    world = World(one, server=server, sources={BARE: "KEYRING a:1"})
    world.good = "a:1"
    world.ask(page(one))
    world.good, world.sources[BARE] = "a:2", "KEYRING a:2"

    outcomes = together(world, [page(one)] * 9)

    assert ({200}, 1) == (set(outcomes), len(world.renewals))


def test_credentials_can_be_renewed_again_after_they_worked():
    one = index(NAMED)
    world = World(one, server=lambda _, who: 200 if who == world.good else 401, sources={BARE: "KEYRING a:1"})
    outcomes = []
    for number in ("1", "2", "3"):
        world.good, world.sources[BARE] = f"a:{number}", f"KEYRING a:{number}"
        outcomes.append(world.ask(page(one)))

    assert ([200, 200, 200], 2) == (outcomes, len(world.renewals))


@pytest.mark.parametrize("after", ["KEYRING a:1", None])
def test_credentials_that_cannot_be_renewed_are_rejected(after):
    one = index(NAMED)
    good = {"a:1"}
    world = World(one, server=lambda _, who: 200 if who in good else 401, sources={BARE: "KEYRING a:1"})
    world.ask(page(one))
    good.clear()
    world.sources = {BARE: after} if after else {}

    outcomes = [*together(world, files(one, 20)), world.ask(page(one))]

    assert ({AuthRejected}, 1) == ({type(each) for each in outcomes}, len(world.renewals))


def test_credentials_of_the_configuration_are_not_renewed():
    one = index(A)
    good = {"a:pa"}
    world = World(one, server=lambda _, who: 200 if who in good else 401)
    world.ask(page(one))
    good.clear()

    refusal = world.ask(page(one))

    assert (AuthRejected, [], 3) == (type(refusal), world.renewals, len(world.sends))


def test_an_index_is_told_from_others_by_what_it_had_before_a_renewal():
    one, two = index(NAMED), index("https://a@pkgs.example/b/simple/")
    sources = {BARE: "KEYRING a:1", "https://pkgs.example/b/simple/": "KEYRING a:1"}
    world = World(one, two, server=lambda _, who: 200 if who == world.good else 401, sources=sources)
    world.good = "a:1"
    world.ask(page(one))
    world.ask(page(two))
    world.good, world.sources[BARE] = "a:2", "KEYRING a:2"
    world.ask(page(one))

    assert 200 == world.ask(file(one, "https://pkgs.example/b/lib.whl"))


def test_an_identity_that_was_only_looked_up_and_is_wrong_leaves_open_what_is_open():
    one = index(BARE)
    world = World(
        one,
        server=lambda url, who: 401 if who or "closed" in url else 200,
        sources={BARE: "a:wrong"},
    )

    outcomes = [
        type(world.ask(file(one, "https://pkgs.example/a/closed.whl"))),
        world.ask(file(one, "https://pkgs.example/a/open.whl")),
        type(world.ask(file(one, "https://pkgs.example/a/closed.whl"))),
    ]

    assert ([AuthRejected, 200, AuthRejected], 1) == (outcomes, world.spoke.count("a:wrong"))


def test_an_identity_that_turns_out_wrong_underway_leaves_open_what_is_open():
    one = index(BARE)
    world = World(one, server=lambda url, who: 401 if who or "closed" in url else 200, sources={BARE: "a:wrong"})
    closed = Walk(world, file(one, "https://pkgs.example/a/closed.whl"))
    for _ in range(3):
        closed.go()
    opened = Walk(world, file(one, "https://pkgs.example/a/open.whl"))
    for walk in (opened, opened, closed, opened, opened):
        walk.go()

    assert (200, ["a:wrong", "a:wrong", None]) == (opened.outcome, world.spoke[-3:])


def test_an_identity_that_was_looked_up_to_compare_it_and_is_wrong_goes_out_once():
    one = index(BARE)
    world = World(one, server=lambda _, who: 401 if who else 200, sources={BARE: "a:wrong"})
    world.ask(file(one, "http://pkgs.example/a/lib.whl"))

    outcomes = [world.ask(page(one)) for _ in range(2)]

    assert ([200, 200], ["a:wrong", None, None]) == (outcomes, world.spoke)


def test_a_burst_of_401_to_what_was_just_looked_up_does_not_reject_it():
    one = index(BARE)
    answers = iter([401, 200, 200])
    world = World(one, server=lambda _, who: next(answers) if who else 401, sources={BARE: "a:kept"})
    first, second = Walk(world, page(one)), Walk(world, page(one))
    for walk in (first, second, first, first, second, first):
        walk.go()

    while not second.is_over:
        second.go()

    assert (AuthRejected, 200, 200) == (type(first.outcome), second.outcome, world.ask(page(one)))


def test_a_sidecar_that_refuses_an_identity_that_was_only_looked_up_is_asked_for_bare():
    one = index(BARE)
    world = World(one, server=lambda url, who: 401 if who or "page" in url else 200, sources={BARE: "a:wrong"})
    asking = Walk(world, page(one, f"{BARE}page/"))
    for _ in range(3):
        asking.go()

    outcome = world.ask(file(one, "https://pkgs.example/a/lib.whl.metadata", Purpose.METADATA))

    assert (200, ["a:wrong", None]) == (outcome, world.spoke[-2:])


def test_a_sidecar_that_refuses_everybody_is_refused():
    one = index(BARE)
    world = World(one, server=only("other"), sources={BARE: "a:wrong"})
    asking = Walk(world, page(one))
    for _ in range(3):
        asking.go()

    refusal = world.ask(file(one, "https://pkgs.example/a/lib.whl.metadata", Purpose.METADATA))

    assert (AuthRejected, 401) == (type(refusal), refusal.status)


@pytest.mark.parametrize("status", [403, 404])
def test_what_was_looked_up_and_got_another_answer_is_not_sent_without(status):
    one = index(BARE)
    world = World(one, server=lambda _, who: status if who else 401, sources={BARE: "a:kept"})
    world.ask(page(one))
    world.sends.clear()

    world.ask(page(one))

    assert ["a:kept"] == world.spoke


def test_whoever_is_interrupted_leaves_the_look_up_to_others():
    one = index(BARE)
    world = World(one, server=only("a:kept"), sources={BARE: "a:kept"})
    first, second = Walk(world, page(one)), Walk(world, page(one))
    for walk in (first, first, second, second):
        walk.go()
    first.drop()

    while not second.is_over:
        second.go()

    assert (200, 1) == (second.outcome, len(world.look_ups))


def test_whoever_is_interrupted_leaves_the_renewal_to_others():
    one = index(NAMED)
    world = World(one, server=lambda _, who: 200 if who == world.good else 401, sources={BARE: "KEYRING a:1"})
    world.good = "a:1"
    world.ask(page(one))
    world.good, world.sources[BARE] = "a:2", "KEYRING a:2"
    first, second = (Walk(world, request) for request in files(one, 2))
    for walk in (first, second, first, second):
        walk.go()
    first.drop()

    while not second.is_over:
        second.go()

    assert (200, 1) == (second.outcome, len(world.renewals))


def test_a_request_that_never_came_back_does_not_count_as_a_wrong_password():
    one = index(A)
    world = World(one, server=only("a:pa"))
    for walk in [Walk(world, request) for request in files(one, 4)]:
        walk.go()
        walk.drop()

    assert 200 == world.ask(page(one))


def test_sidecars_that_are_refused_do_not_keep_others_waiting():
    one = index(A, authenticate=AuthPolicy.ALWAYS, source=Source.ENVIRONMENT, ignore=frozenset({401}))
    world = World(one, server=lambda url, _: 401 if "simple" in url else 200)

    outcomes = together(world, [page(one)] * 9 + files(one, 9))

    assert ({AuthRejected, int}, 18) == ({type(each) for each in outcomes}, len(world.sends))


def test_a_forbidden_page_tells_whether_the_identity_was_ever_accepted():
    one = index(A)
    world = World(one, server=lambda url, _: 403 if "lib" in url else 200)
    before = world.ask(page(one))
    world.ask(page(one, "https://pkgs.example/a/simple/other/"))
    after = world.ask(page(one))

    unproven = "No answer has accepted them in this run"
    assert (Forbidden, True, False) == (type(before), unproven in before.causes, unproven in after.causes)


def test_an_index_that_answered_and_never_accepted_is_in_doubt():
    one, two = index(A), index("https://b:pb@pkgs.example/b/simple/")
    world = World(one, two, server=lambda url, _: 404 if "/a/" in url else 200)
    world.ask(page(one))
    world.ask(page(two))

    assert [True, False] == [world.book.standing(each.id).is_doubtful for each in (one, two)]
