"""Which index is asked next, and what its answer means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import KeyrackError
from keyrack.policy.index.search import Failed, Listed, Missing, Search, search, to_search
from keyrack.values.artifact import Page
from keyrack.values.index import Index, Indexes, IndexStrategy
from keyrack.values.url import parse_url

FIRST = IndexStrategy.FIRST_INDEX
MATCH = IndexStrategy.UNSAFE_FIRST_MATCH
BEST = IndexStrategy.UNSAFE_BEST_MATCH
ERROR = KeyrackError("no")


def index(name, *ignored):
    url = parse_url(f"https://{name}.example/simple/").url
    return Index(name, url, ignore_error_codes=frozenset(ignored))


A, B, C = index("a"), index("b"), index("c")


def page(of):
    return Page(of.id, of.url, ())


def ask(candidates, strategy, replies):
    """Search with replies by the index's id; give the outcome and what was asked, batch by batch."""
    asked = []
    asking = search(candidates, strategy)
    try:
        batch = next(asking)
        while True:
            asked.append([each.id for each in batch])
            batch = asking.send(tuple(replies[each.id] for each in batch))
    except StopIteration as stop:
        return stop.value, asked


def test_the_first_index_that_has_the_name_answers_alone():
    replies = {"a": Missing(), "b": Listed(page(B)), "c": Listed(page(C))}

    assert (Search((page(B),)), [["a"], ["b"]]) == ask((A, B, C), FIRST, replies)


@pytest.mark.parametrize("strategy", [MATCH, BEST])
def test_the_unsafe_strategies_ask_all_at_once(strategy):
    replies = {"a": Listed(page(A)), "b": Missing(), "c": Listed(page(C))}

    assert (Search((page(A), page(C))), [["a", "b", "c"]]) == ask((A, B, C), strategy, replies)


@pytest.mark.parametrize("strategy", IndexStrategy)
def test_where_nobody_has_the_name_nothing_is_found(strategy):
    found, _ = ask((A, B), strategy, {"a": Missing(), "b": Failed(ERROR, 404)})

    assert Search() == found


@pytest.mark.parametrize("strategy", IndexStrategy)
def test_without_indexes_nobody_is_asked(strategy):
    assert (Search(), []) == ask((), strategy, {})


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_stops_the_search_of_the_first_index(status):
    replies = {"a": Failed(ERROR, status), "b": Listed(page(B))}

    assert (Search((), (ERROR,)), [["a"]]) == ask((A, B), FIRST, replies)


@pytest.mark.parametrize("status", [401, 403, 407, 511])
@pytest.mark.parametrize("strategy", [MATCH, BEST])
def test_the_unsafe_strategies_pass_over_an_index_that_is_closed(strategy, status):
    found, _ = ask((A, B), strategy, {"a": Failed(ERROR, status), "b": Listed(page(B))})

    assert Search((page(B),)) == found


@pytest.mark.parametrize("status", [401, 403, 500])
def test_ignored_statuses_lead_on_to_the_next_index(status):
    replies = {"a": Failed(ERROR, status), "b": Listed(page(B))}

    assert Search((page(B),)) == ask((index("a", status), B), FIRST, replies)[0]


def test_the_statuses_that_one_index_ignores_are_no_other_indexs_matter():
    replies = {"a": Missing(), "b": Failed(ERROR, 403), "c": Listed(page(C))}

    assert Search((), (ERROR,)) == ask((index("a", 403), B, C), FIRST, replies)[0]


@pytest.mark.parametrize("status", [None, 400, 407, 410, 429, 500, 502, 503, 511])
def test_an_index_that_fails_ends_the_run(status):
    with pytest.raises(KeyrackError) as raised:
        ask((A, B), FIRST, {"a": Failed(ERROR, status), "b": Listed(page(B))})

    assert ERROR is raised.value


@pytest.mark.parametrize("status", [None, 400, 500, 503])
@pytest.mark.parametrize("strategy", [MATCH, BEST])
def test_an_index_that_fails_ends_the_run_with_the_unsafe_strategies_too(strategy, status):
    with pytest.raises(KeyrackError) as raised:
        ask((A, B), strategy, {"a": Listed(page(A)), "b": Failed(ERROR, status)})

    assert ERROR is raised.value


def test_a_cache_that_does_not_know_is_remembered():
    assert Search(offline=True) == ask((A, B), FIRST, {"a": Missing(offline=True), "b": Missing()})[0]


def test_a_name_is_searched_on_the_searched_indexes_only():
    indexes = Indexes(searched=(A,), explicit=(B,), flat=(C,))

    assert (A,) == to_search(indexes, None)


def test_a_pinned_name_is_searched_on_its_index_only():
    indexes = Indexes(searched=(A,), explicit=(B,), flat=(C,))

    assert (B,) == to_search(indexes, B.id)


def test_a_pin_to_an_index_that_is_not_there_is_an_error():
    with pytest.raises(KeyrackError) as raised:
        to_search(Indexes(), "gone")

    assert "The index `gone` is not configured" == raised.value.message


replies = st.one_of(
    st.just(Missing()),
    st.just(Listed(page(A))),
    st.sampled_from([None, 401, 403, 404, 500]).map(lambda status: Failed(ERROR, status)),
)


@given(st.lists(replies, min_size=1, max_size=4))
def test_no_later_index_hears_a_name_after_one_that_did_not_say_not_here(listed):
    candidates = tuple(index(f"i{place}") for place in range(len(listed)))
    by_id = {each.id: reply for each, reply in zip(candidates, listed, strict=True)}
    ends = [place for place, reply in enumerate(listed) if reply not in (Missing(), Failed(ERROR, 404))]
    heard = ends[0] + 1 if ends else len(listed)

    try:
        _, asked = ask(candidates, FIRST, by_id)
    except KeyrackError:
        assert not isinstance(listed[heard - 1], Listed)
        return

    assert heard == len(asked)
