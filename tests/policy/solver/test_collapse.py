"""What goes without saying is left out of a derivation, and nothing else."""

import pytest

from keyrack.policy.solver.collapse import (
    collapse,
    drop_needless_no_versions,
    drop_no_versions_of_members,
    drop_no_versions_under_dependency,
    drop_proxies,
    drop_root_on_project,
    unite_no_versions,
    unite_unusable,
)
from tests.policy.solver.trees import Tree, TreeWords, absent, depends, none, shape, step, terms, unusable
from tests.policy.solver.worlds import versions

WORDS = TreeWords()


def test_that_a_proxy_needs_its_base_goes_without_saying() -> None:
    tree = step(step(depends("p", "==1", "a", "==1"), absent("a"), "p==1"), depends("root", "", "p"), "root")

    found = shape(drop_proxies(tree, WORDS))

    assert (terms("root"), absent("a"), depends("root", "", "p")) == found


@pytest.mark.parametrize("is_first", [True, False])
def test_that_a_package_of_ones_own_has_one_version_goes_without_saying(is_first: bool) -> None:
    causes = (none("m", ">1"), absent("a")) if is_first else (absent("a"), none("m", ">1"))

    found = drop_no_versions_of_members(step(*causes, "a"), WORDS)

    assert absent("a") == found


def test_that_others_have_no_version_is_said() -> None:
    tree = step(none("a", ">1"), absent("b"), "b")

    found = drop_no_versions_of_members(tree, WORDS)

    assert shape(tree) == shape(found)


def test_that_the_root_needs_the_project_goes_without_saying() -> None:
    needed = step(depends("mine", "", "a"), absent("a"), "mine")
    tree = step(step(needed, absent("b"), "b"), depends("root", "", "mine"), "root")

    found = drop_root_on_project(tree, WORDS)

    assert (terms("b"), (terms("mine"), depends("mine", "", "a"), absent("a")), absent("b")) == shape(found)


def test_project_is_looked_for_behind_both_causes() -> None:
    on_project = step(depends("root", "", "mine"), absent("a"), "a")
    tree = step(on_project, step(on_project, absent("b"), "b"), "root")

    found = drop_root_on_project(tree, WORDS)

    assert (terms("root"), absent("a"), (terms("b"), absent("a"), absent("b"))) == shape(found)


def test_project_is_not_looked_for_behind_another_dependency() -> None:
    tree = step(depends("root", "", "a"), step(depends("root", "", "mine"), absent("a"), "a"), "root")

    found = drop_root_on_project(tree, WORDS)

    assert tree is found


def test_fact_alone_is_no_step_to_the_project() -> None:
    found = drop_root_on_project(depends("root", "", "mine"), WORDS)

    assert depends("root", "", "mine") == found


@pytest.mark.parametrize("outer_first", [True, False])
@pytest.mark.parametrize("inner_first", [True, False])
def test_one_reason_for_versions_on_two_levels_is_said_once(outer_first: bool, inner_first: bool) -> None:
    one, other, united = unusable("a", "==1"), unusable("a", "==2"), unusable("a", "")
    united = type(united)("a", versions("==1").union(versions("==2")), "was yanked")
    inner = step(*((other, absent("b")) if inner_first else (absent("b"), other)), "a==2")
    tree = step(*((one, inner) if outer_first else (inner, one)), "a>=1,<=2")

    found = unite_unusable(tree)

    causes = (united, absent("b")) if inner_first else (absent("b"), united)
    assert shape(found)[1:] == causes  # type: ignore[index]  # the shape of a step is a tuple


def test_uniting_leaves_a_conclusion_about_other_packages() -> None:
    inner = step(absent("b"), unusable("a", "==2"), "b")

    found = shape(unite_unusable(step(unusable("a", "==1"), inner, "a")))

    assert terms("b") == found[0]  # type: ignore[index]  # the shape of a step is a tuple


def test_uniting_leaves_a_conclusion_that_a_package_is_needed() -> None:
    inner = step(absent("b"), unusable("a", "==2"), "not a>5")

    found = shape(unite_unusable(step(unusable("a", "==1"), inner, "a")))

    assert terms("not a>5") == found[0]  # type: ignore[index]  # the shape of a step is a tuple


def test_one_reason_for_versions_side_by_side_is_one_fact() -> None:
    found = unite_unusable(step(unusable("a", "<=1"), unusable("a", ">1"), "a"))

    assert unusable("a", "") == found


def test_two_reasons_side_by_side_stay_and_widen_the_conclusion() -> None:
    one, other = unusable("a", "<=1"), unusable("a", ">1", "was lost")

    found = shape(unite_unusable(step(one, other, "a<=1")))

    assert (terms("a"), one, other) == found


@pytest.mark.parametrize(
    "tree",
    [
        step(unusable("a", "<=1"), unusable("a", ">1", "was lost"), "a"),
        step(unusable("a", "<=1"), absent("a", ">1", "was yanked"), "a"),
        step(unusable("a", "<=1"), unusable("b", ">1"), "a"),
        step(unusable("a", "<=1"), unusable("a", ">1"), "a", "b"),
        step(unusable("a", "<=1"), unusable("a", ">1"), "not a"),
        step(unusable("a", "<=1"), unusable("a", ">1"), "b"),
        step(unusable("a", "<=1"), none("a", ">1"), "a"),
        step(none("a", ">1"), unusable("a", "<=1"), "a"),
        step(unusable("a", "<=1"), step(absent("b"), none("b"), "b"), "a"),
        step(unusable("a", "<=1"), step(unusable("b", "<=1"), unusable("a", "<=1", "was lost"), "b"), "a"),
    ],
)
def test_reasons_that_differ_are_said_apart(tree: Tree) -> None:
    found = unite_unusable(tree)

    assert shape(tree) == shape(found)


@pytest.mark.parametrize("dependency_first", [True, False])
@pytest.mark.parametrize("nothing_first", [True, False])
def test_versions_that_are_not_needed_need_not_exist(dependency_first: bool, nothing_first: bool) -> None:
    onward, wanting = depends("a", ">=1,<2", "b"), depends("c", "", "a", ">=1,<3")
    inner = step(*((none("a", ">1"), wanting) if nothing_first else (wanting, none("a", ">1"))), "c", "not a==1")
    tree = step(*((onward, inner) if dependency_first else (inner, onward)), "c", "not b")

    found = shape(drop_no_versions_under_dependency(tree))

    causes = (onward, wanting) if dependency_first else (wanting, onward)
    assert (terms("c", "not b"), *causes) == found


@pytest.mark.parametrize(
    "inner",
    [
        step(none("a", ">1"), depends("c", "", "a", ">=2"), "c"),
        step(none("d", ">1"), depends("c", "", "a"), "c"),
        step(none("a", ">1"), absent("a"), "c"),
        step(none("c", ">1"), depends("d", "", "c"), "c"),
        none("a"),
    ],
)
def test_versions_that_are_needed_must_be_told_apart(inner: Tree) -> None:
    tree = step(depends("a", ">=1,<3", "b"), inner, "c")

    found = drop_no_versions_under_dependency(tree)

    assert shape(tree) == shape(found)


def test_step_without_a_dependency_stays() -> None:
    tree = step(absent("a"), none("a"), "a")

    found = drop_no_versions_under_dependency(tree)

    assert shape(tree) == shape(found)


@pytest.mark.parametrize(
    ("other", "texts"),
    [
        (absent("a", "<=1"), ["a"]),
        (absent("a", "<=1"), ["a<=1"]),
        (step(absent("b"), absent("a"), "a<=1"), ["b"]),
    ],
)
def test_what_does_not_exist_is_needless_beside_all_that_does(other: Tree, texts: list[str]) -> None:
    nothing = none("a", ">1")

    found = [drop_needless_no_versions(step(*causes, *texts)) for causes in ((nothing, other), (other, nothing))]

    assert [shape(other)] * 2 == [shape(one) for one in found]


@pytest.mark.parametrize(
    ("nothing", "texts"),
    [
        (none("a", ">1"), ["a<=2"]),
        (none("a", ">1"), ["b"]),
        (none("a", ">1"), ["not a"]),
        (none("a", "!=1"), ["a"]),
    ],
)
def test_what_does_not_exist_is_said_elsewhere(nothing: Tree, texts: list[str]) -> None:
    tree = step(nothing, absent("a"), *texts)

    found = drop_needless_no_versions(tree)

    assert shape(tree) == shape(found)


def test_two_ranges_without_versions_are_one_fact_at_every_depth() -> None:
    inner = step(none("a", ">1,<=2"), none("a", ">2"), "a>1")

    found = unite_no_versions(step(none("a", "<1"), inner, "a"))

    assert none("a") == found


@pytest.mark.parametrize(
    "tree",
    [
        step(none("a", "<1"), none("b", ">1"), "a"),
        step(none("a", "<1"), none("a", ">1"), "b"),
        step(none("a", "<1"), none("a", ">1"), "not a"),
        step(none("a", "<1"), none("a", ">1"), "a<=9"),
        step(none("a", "<1"), absent("a"), "a"),
        step(absent("a"), none("a", "<1"), "a"),
    ],
)
def test_ranges_without_versions_that_do_not_make_the_conclusion_stay(tree: Tree) -> None:
    found = unite_no_versions(tree)

    assert shape(tree) == shape(found)


def test_all_rules_are_applied_in_turn() -> None:
    tree = step(step(none("m", ">1"), none("a", ">1"), "m"), depends("root", "", "mine"), "root")

    found = collapse(tree, WORDS)

    assert none("a", ">1") == found


def test_deep_tree_is_collapsed_without_recursion() -> None:
    tree = step(absent("a"), none("a", ">1"), "a")
    for _ in range(5000):
        tree = step(tree, depends("b", "", "a"), "b")

    found = collapse(tree, WORDS)

    assert found is not None
