"""A step that relies on versions that do not exist says so."""

from keyrack.policy.solver.restate import restate_available
from tests.policy.solver.trees import TreeWords, absent, depends, none, root, shape, step, terms, unusable

WORDS = TreeWords(a=[2, 4])


def test_step_that_covers_no_more_than_its_causes_stays() -> None:
    tree = step(unusable("a", "==2"), none("a", "<2"), "a<=2")

    found = restate_available(tree, WORDS)

    assert shape(tree) == shape(found)


def test_conclusion_beyond_its_causes_gets_the_missing_fact_at_the_cause_that_rules_out() -> None:
    tree = step(unusable("a", "==2"), depends("b", "", "a"), "a<=2")

    found = shape(restate_available(tree, WORDS))

    inner = (terms("a<=2"), unusable("a", "==2"), none("a", "<2"))
    assert (terms("a<=2"), inner, depends("b", "", "a")) == found


def test_fact_stands_at_the_second_cause_where_that_rules_out() -> None:
    tree = step(depends("b", "", "a"), unusable("a", "==2"), "a<=2")

    found = shape(restate_available(tree, WORDS))

    inner = (terms("a<=2"), unusable("a", "==2"), none("a", "<2"))
    assert (terms("a<=2"), depends("b", "", "a"), inner) == found


def test_fact_stands_at_the_lower_of_two_causes() -> None:
    low, high = unusable("a", "==2"), unusable("a", "==4", "was lost")

    found = [shape(restate_available(step(*causes, "a>=2,<=4"), WORDS)) for causes in ((low, high), (high, low))]

    inner = (terms("a>=2,<4"), low, none("a", ">2,<4"))
    assert [(terms("a>=2,<=4"), inner, high), (terms("a>=2,<=4"), high, inner)] == found


def test_fact_stands_at_the_cause_without_a_lower_bound() -> None:
    low, high = unusable("a", "<=2"), unusable("a", "==4", "was lost")

    found = [shape(restate_available(step(*causes, "a<=4"), WORDS)) for causes in ((low, high), (high, low))]

    inner = (terms("a<4"), low, none("a", ">2,<4"))
    assert [(terms("a<=4"), inner, high), (terms("a<=4"), high, inner)] == found


def test_step_whose_causes_rule_nothing_out_gets_the_fact_behind_it() -> None:
    tree = step(depends("a", "==2", "b"), absent("b"), "a<=2", shared=5)

    found = shape(restate_available(tree, WORDS))

    inner = (terms("a==2"), depends("a", "==2", "b"), absent("b"))
    assert (terms("a<=2"), inner, none("a", "<2"), 5) == found


def test_requirement_beyond_what_is_ruled_out_gets_the_fact() -> None:
    needed, ruled_out = depends("root", "", "a", "<4"), unusable("a", "==2")

    found = shape(restate_available(step(needed, ruled_out, "root"), WORDS))

    assert (terms("root"), needed, (terms("a<4"), ruled_out, none("a", "<2"))) != found
    assert (terms("root"), needed) == found[:2]  # type: ignore[index]  # the shape of a step is a tuple


def test_requirement_of_an_earlier_step_counts_too() -> None:
    tree = step(step(root(), root(), "b", "not a<=2"), unusable("a", "==2"), "b")

    found = shape(restate_available(tree, WORDS))

    inner = (terms("a<=2"), unusable("a", "==2"), none("a", "<2"))
    assert (terms("b"), (terms("b", "not a<=2"), root(), root()), inner) == found


def test_versions_that_exist_are_never_said_not_to() -> None:
    tree = step(unusable("a", "==2"), depends("b", "", "a"), "a<=4")

    found = restate_available(tree, WORDS)

    assert shape(tree) == shape(found)


def test_package_whose_versions_are_not_known_is_left_alone() -> None:
    tree = step(unusable("d", "==2"), depends("b", "", "d"), "d<=2")

    found = restate_available(tree, WORDS)

    assert shape(tree) == shape(found)


def test_step_that_concludes_that_a_package_is_needed_is_left_alone() -> None:
    tree = step(unusable("a", "==2"), root(), "not a<=4")

    found = restate_available(tree, WORDS)

    assert shape(tree) == shape(found)
