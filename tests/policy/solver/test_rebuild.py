"""A derivation is rebuilt from its facts up, each step once."""

from keyrack.policy.solver.derivation import Derived, External, NoVersions
from keyrack.policy.solver.rebuild import rebuild, rebuild_all, with_terms
from tests.policy.solver.trees import Tree, depends, none, root, shape, step, terms

Fact = External[str, int]


def without_no_versions(fact: Fact) -> Fact | None:
    """Drop what has no versions."""
    return None if isinstance(fact, NoVersions) else fact


def keep(node: Derived[str, int]) -> Tree:
    """Leave a step as it is."""
    return node


def test_rule_sees_causes_to_which_it_was_applied() -> None:
    tree = step(step(root(), none("a"), "a"), none("b"), "b")

    found = rebuild(tree, lambda node: node.first)

    assert root() == found


def test_shared_step_is_rebuilt_once() -> None:
    shared = step(root(), none("a"), "a", shared=1)
    seen = []

    def note(node: Derived[str, int]) -> Tree:
        seen.append(node.shared)
        return node

    rebuild(step(step(shared, none("b"), "b"), shared, "c"), note)

    assert [1, None, None] == seen


def test_step_that_loses_a_cause_is_replaced_by_the_other() -> None:
    tree = step(step(root(), none("a"), "a"), step(none("b"), depends("a", "", "b"), "b"), "c")

    found = rebuild_all(tree, without_no_versions, keep)

    assert (terms("c"), root(), depends("a", "", "b")) == shape(found)


def test_step_that_loses_both_causes_is_lost_too() -> None:
    tree = step(step(none("a"), none("b"), "a"), root(), "c")

    found = rebuild_all(tree, without_no_versions, keep)

    assert root() == found


def test_tree_that_would_lose_everything_stays() -> None:
    tree = step(none("a"), none("b"), "a")

    found = rebuild_all(tree, without_no_versions, keep)

    assert tree is found


def test_step_keeps_its_number_with_other_terms() -> None:
    found = with_terms(step(root(), none("a"), "a", shared=3), terms("b"))

    assert (terms("b"), root(), none("a"), 3) == shape(found)
