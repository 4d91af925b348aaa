import pytest

from keyrack.errors import KeyrackError
from keyrack.policy.auth.book import Book, Progress, State
from keyrack.policy.auth.steps import Finding
from keyrack.values.credentials import Basic, Held, Source
from keyrack.values.index import Indexes, IndexId
from keyrack.values.secret import Secret
from tests.policy.auth.stepping import index

ONE = index("https://a:pa@pkgs.example/a/simple/", "a")
TWO = index("https://pkgs.example/b/simple/", "b")


def held(password):
    return Held(Basic("a", Secret(password)), Source.KEYRING)


def book():
    return Book(Indexes((ONE, TWO)))


def state(of):
    return of.standing(ONE.id).state


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], State.UNPROVEN),
        ([200], State.PROVEN),
        ([206], State.PROVEN),
        ([304], State.PROVEN),
        ([302, 404, 403, 500], State.UNPROVEN),
        ([401], State.UNPROVEN),
        ([200, 401, 403, 404], State.PROVEN),
    ],
)
def test_an_identity_is_proven_by_an_answer_that_only_it_could_get(statuses, expected):
    known = book()
    for status in statuses:
        known.answered(ONE.id, status, 0)

    assert expected is state(known)


def test_a_rejected_identity_stays_rejected():
    known = book()
    known.reject(ONE.id)
    known.answered(ONE.id, 200, 0)

    assert State.REJECTED is state(known)


def test_a_late_answer_to_old_credentials_proves_nothing_of_the_new_ones():
    known = book()
    known.refreshed(ONE.id, held("new"))
    known.answered(ONE.id, 200, 0)

    assert (State.UNPROVEN, False) == (state(known), known.standing(ONE.id).heard)


def test_renewed_credentials_must_prove_themselves_and_keep_the_name_of_the_old():
    known = book()
    known.answered(ONE.id, 200, 0)
    known.sent(ONE.id)
    known.begin_refresh(ONE.id)
    known.refreshed(ONE.id, held("new"))

    standing = known.standing(ONE.id)

    assert (held("new"), Basic("a", Secret("pa")), State.UNPROVEN, 1, 1, Progress.DONE) == (
        standing.held,
        standing.known_as,
        standing.state,
        standing.generation,
        standing.in_flight,
        standing.refreshed,
    )


def test_nothing_new_ends_the_identity():
    known = book()
    known.refreshed(ONE.id, None)

    assert State.REJECTED is state(known)


def test_a_refresh_that_is_underway_is_not_forgotten_by_a_proof():
    known = book()
    known.begin_refresh(ONE.id)
    known.answered(ONE.id, 200, 0)

    assert Progress.UNDERWAY is known.standing(ONE.id).refreshed


def test_what_a_look_up_taught_is_known_of_one_index_only():
    known = book()
    known.looked_up(TWO, Finding(held("kept"), ("keyring",)))

    assert (held("kept"), ONE.given) == (known.standing(TWO.id).held, known.standing(ONE.id).held)


def test_every_change_can_be_waited_for_and_no_change_wakes_nobody():
    known = book()
    versions = [known.version]
    for status in (200, 200, 304):
        known.answered(ONE.id, status, 0)
        versions.append(known.version)

    assert [0, 1, 1, 1] == versions


def test_a_warning_is_news_once():
    known = book()

    assert [True, False, True] == [known.is_news(line) for line in ("one", "one", "two")]


def test_an_index_that_is_not_configured_is_an_error_of_ours():
    with pytest.raises(KeyrackError, match="names the index `x`, which is not configured"):
        book().index(IndexId("x"))
