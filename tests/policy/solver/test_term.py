"""Terms are sets of versions with absence as one more member."""

from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.term import CONTRADICTED, INCONCLUSIVE, SATISFIED, Term
from tests.policy.solver.test_ranges import MEMBERS, ranges

NOTHING = None
Members = set[int | None]


@st.composite
def terms(draw: st.DrawFn) -> Term[int]:
    """Draw a positive or negative term."""
    make = draw(st.sampled_from([Term.positive, Term.negative]))
    return make(draw(ranges()))


def members(term: Term[int]) -> Members:
    """List what a term admits."""
    found: Members = {number for number in MEMBERS if term.contains(number)}
    return found | {NOTHING} if term.absent else found


@given(ranges())
def test_positive_term_admits_its_range_and_negative_the_rest_or_nothing(one: Ranges[int]) -> None:
    inside: Members = {number for number in MEMBERS if number in one}

    found = members(Term.positive(one)), members(Term.negative(one))

    assert (inside, {*MEMBERS, NOTHING} - inside) == found


@given(ranges())
def test_term_tells_the_range_it_was_written_with(one: Ranges[int]) -> None:
    positive, negative = Term.positive(one), Term.negative(one)

    found = positive.ranges, negative.ranges, positive.is_positive, negative.is_positive

    assert (one, one, True, False) == found


@given(terms())
def test_negation_admits_the_rest(one: Term[int]) -> None:
    found = members(one.negate())

    assert {*MEMBERS, NOTHING} - members(one) == found


@given(terms(), terms())
def test_union_and_intersection_are_those_of_sets(one: Term[int], other: Term[int]) -> None:
    found = members(one.union(other)), members(one.intersection(other))

    assert (members(one) | members(other), members(one) & members(other)) == found


@given(terms(), terms())
def test_disjoint_terms_admit_nothing_together(one: Term[int], other: Term[int]) -> None:
    both = one.intersection(other)

    found = one.is_disjoint(other)

    assert (both.versions.is_empty and not both.absent) == found


@given(terms(), terms())
def test_known_term_decides_another_where_it_lies_within_or_beside_it(one: Term[int], known: Term[int]) -> None:
    both = one.intersection(known)
    expected = SATISFIED if both == known else CONTRADICTED if one.is_disjoint(known) else INCONCLUSIVE

    found = one.under(known)

    assert expected == found


def test_absence_from_other_versions_says_nothing_of_absence_from_these() -> None:
    known: Term[int] = Term.negative(Ranges.singleton(2))

    found = Term.negative(Ranges.singleton(1)).under(known)

    assert INCONCLUSIVE == found


def test_package_known_to_be_absent_contradicts_every_positive_term() -> None:
    absent: Term[int] = Term.negative(Ranges.full())

    found = Term.positive(Ranges.singleton(1)).under(absent)

    assert CONTRADICTED == found


def test_only_the_term_that_admits_all_is_any() -> None:
    everything: Ranges[int] = Ranges.full()

    found = [term.is_any for term in (Term.negative(Ranges.empty()), Term.positive(everything), Term(everything, True))]

    assert [True, False, True] == found


def test_equal_terms_hash_alike() -> None:
    one, other = Term.negative(Ranges.singleton(1)), Term.negative(Ranges.singleton(1))

    found = one == other, hash(one) == hash(other), one == Term.positive(Ranges.singleton(1)), one == "not ==1"

    assert (True, True, False, False) == found


def test_term_is_shown_with_its_sign() -> None:
    found = repr(Term.positive(Ranges.singleton(1))), repr(Term.negative(Ranges.singleton(1)))

    assert ("Ranges(==1)", "not Ranges(==1)") == found
