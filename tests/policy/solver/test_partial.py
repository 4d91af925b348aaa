"""The partial solution remembers what is known, since when, and why."""

from keyrack.policy.solver.derivation import NotRoot
from keyrack.policy.solver.incompatibility import Incompatibility
from keyrack.policy.solver.partial import ALL_SATISFIED, ONE_CONTRADICTED, SEVERAL_OPEN, PartialSolution, Satisfier
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.term import Term

LOW: Ranges[int] = Ranges.lower_than(5)
HIGH: Ranges[int] = Ranges.higher_than(3)
FACT: NotRoot[str, int] = NotRoot("root", 0)


def forbids(**terms: Term[int]) -> Incompatibility[str, int]:
    """Make an incompatibility of the packages a, b and c."""
    return Incompatibility({"abc".index(name): term for name, term in terms.items()}, FACT)


def empty() -> PartialSolution[str, int]:
    """Make a partial solution with three packages of which nothing is known."""
    partial: PartialSolution[str, int] = PartialSolution()
    for name in "abc":
        partial.add_package(name)
    return partial


def wanted(partial: PartialSolution[str, int], package: int, versions: Ranges[int]) -> Incompatibility[str, int]:
    """Learn that a package must be chosen in a range."""
    cause: Incompatibility[str, int] = Incompatibility({package: Term.negative(versions)}, FACT)
    partial.derive(package, cause)
    return cause


def test_package_that_must_be_chosen_is_undecided_until_it_is() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    wanted(partial, 0, HIGH)

    before = dict(partial.undecided)
    partial.decide(0, 4)

    assert ({"a": LOW.intersection(HIGH)}, {}, {"a": 4}) == (before, partial.undecided, partial.decisions())


def test_package_that_may_be_absent_is_not_undecided() -> None:
    partial = empty()

    partial.derive(0, forbids(a=Term.positive(LOW)))

    assert {} == partial.undecided


def test_decisions_come_in_their_order_with_their_level() -> None:
    partial = empty()
    for package in (1, 0):
        wanted(partial, package, LOW)

    partial.decide(1, 2)
    partial.decide(0, 1)

    found = list(partial.decisions()), partial.level, partial.version(1), partial.version(2)

    assert (["b", "a"], 2, 2, None) == found


def test_relation_tells_whether_and_where_an_incompatibility_is_open() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    wanted(partial, 1, LOW)
    partial.decide(1, 2)
    yes, no, maybe = Term.positive(LOW), Term.negative(LOW), Term.positive(HIGH)

    found = [
        partial.relation(incompatibility)
        for incompatibility in (
            forbids(a=yes, b=yes),
            forbids(a=no, b=yes),
            forbids(a=yes, b=no),
            forbids(a=maybe, b=yes),
            forbids(a=yes, c=yes),
            forbids(a=maybe, c=yes),
        )
    ]

    assert [ALL_SATISFIED, ONE_CONTRADICTED, ONE_CONTRADICTED, 0, 2, SEVERAL_OPEN] == found


def test_choice_would_satisfy_what_it_completes() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    wanted(partial, 1, LOW)
    wanted(partial, 2, LOW)
    partial.decide(1, 2)
    yes, no = Term.positive(LOW), Term.negative(LOW)

    found = [
        partial.would_satisfy(incompatibility, 0, 1)
        for incompatibility in (
            forbids(a=yes, b=yes, c=yes),
            forbids(a=no, b=yes),
            forbids(a=yes, b=no),
            forbids(a=yes, c=no),
            forbids(a=yes, c=Term.positive(HIGH)),
        )
    ]

    assert [True, False, False, False, False] == found


def test_choice_does_not_satisfy_where_another_package_is_unknown() -> None:
    partial = empty()
    wanted(partial, 0, LOW)

    found = partial.would_satisfy(forbids(a=Term.positive(LOW), b=Term.negative(LOW)), 0, 1)

    assert not found


def test_satisfier_is_the_assignment_that_completed_an_incompatibility() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    partial.decide(0, 1)
    cause = wanted(partial, 1, LOW)

    found = partial.satisfier(forbids(a=Term.positive(LOW), b=Term.positive(LOW)))

    assert (1, Satisfier(2, 1, cause), 1) == found


def test_satisfier_may_need_an_earlier_assignment_of_its_own_package() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    partial.decide(0, 1)
    wanted(partial, 1, LOW)
    wanted(partial, 2, LOW)
    partial.decide(2, 1)
    cause = wanted(partial, 1, HIGH)

    found = partial.satisfier(forbids(b=Term.positive(LOW.intersection(HIGH))))

    assert (1, Satisfier(5, 2, cause), 1) == found


def test_decision_is_a_satisfier_without_a_cause() -> None:
    partial = empty()
    wanted(partial, 0, Ranges.full())
    partial.decide(0, 1)
    wanted(partial, 1, Ranges.full())
    partial.decide(1, 2)

    found = partial.satisfier(forbids(b=Term.positive(Ranges.singleton(2))))

    assert (1, Satisfier(3, 2, None), 1) == found


def test_going_back_restores_what_was_known_and_undecided() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    partial.decide(0, 1)
    wanted(partial, 1, LOW)
    partial.decide(1, 1)
    wanted(partial, 2, LOW)

    partial.backtrack(1)
    found = dict(partial.undecided), partial.decisions(), partial.level

    assert ({"b": LOW}, {"a": 1}, 1) == found


def test_going_back_before_a_package_undoes_its_decision_and_all_after() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    partial.decide(0, 1)
    wanted(partial, 1, LOW)
    partial.decide(1, 1)

    found = partial.backtrack_before(0), partial.decisions(), dict(partial.undecided), partial.backtrack_before(1)

    assert (True, {}, {"a": LOW}, False) == found


def test_going_back_to_the_present_level_changes_nothing() -> None:
    partial = empty()
    wanted(partial, 0, LOW)
    partial.decide(0, 1)

    partial.backtrack(1)

    assert ({"a": 1}, True) == (partial.decisions(), partial.has_backtracked)


def test_mark_of_an_incompatibility_goes_with_the_level_that_made_it() -> None:
    partial = empty()
    early, late = forbids(a=Term.positive(LOW)), forbids(a=Term.positive(HIGH))
    wanted(partial, 1, LOW)
    partial.mark_contradicted(early)
    partial.decide(1, 1)
    partial.mark_contradicted(late)

    partial.backtrack(0)

    assert (True, False) == (early.contradicted, late.contradicted)


def test_package_that_may_be_absent_again_leaves_the_undecided() -> None:
    partial = empty()
    wanted(partial, 1, LOW)
    partial.derive(0, forbids(a=Term.positive(HIGH)))
    partial.decide(1, 1)
    wanted(partial, 0, LOW)

    partial.backtrack(0)

    assert {"b": LOW} == partial.undecided
