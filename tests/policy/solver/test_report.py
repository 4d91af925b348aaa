"""A failure is told as uv 0.13.9 tells it.

`reports.txt` holds worlds and what uv said of them, to the letter; steps that no small world leads to are made by hand.
"""

from pathlib import Path

import pytest

from keyrack.policy.solver.report import explain, report
from tests.policy.solver.trees import TreeWords, absent, depends, none, step, unusable
from tests.policy.solver.worlds import explanation

TOLD = [part.partition("\n") for part in Path(__file__).with_name("reports.txt").read_text().split("=== ")[1:]]


@pytest.mark.parametrize("case", [pytest.param(body, id=title) for title, _, body in TOLD])
def test_world_is_told_as_uv_tells_it(case: str) -> None:
    world, _, expected = case.partition("---\n")

    found = explanation(world)

    assert expected == f"{found}\n"


def test_fact_alone_is_told_without_a_sentence() -> None:
    found = report(unusable("root", "==0", "a>2 and a<1, which are incompatible"), TreeWords())

    assert "you require a>2 and a<1, which are incompatible" == found


def test_two_steps_that_were_explained_are_named_by_number() -> None:
    first = step(absent("a"), depends("b", "", "a"), "b", shared=1)
    second = step(absent("c"), depends("d", "", "c"), "d", shared=2)
    both = step(first, second, "b", "d")

    found = explain(step(both, step(first, second, "e"), "f"), TreeWords())

    assert (
        "Because a was not found and all versions of b depend on a, "
        "we can conclude that all versions of b cannot be used. (1)\n"
        "\n"
        "Because c was not found and all versions of d depend on c, "
        "we can conclude that all versions of d cannot be used. (2)\n"
        "And because we know from (1) that all versions of b cannot be used, "
        "we can conclude that all versions of b and all versions of d are incompatible. (3)\n"
        "\n"
        "Because we know from (1) that all versions of b cannot be used "
        "and we know from (2) that all versions of d cannot be used, "
        "all versions of e cannot be used.\n"
        "And because we know from (3) that all versions of b and all versions of d are incompatible, "
        "we can conclude that all versions of f cannot be used."
    ) == found


def test_step_that_was_explained_is_named_by_number_on_either_side() -> None:
    first = step(absent("a"), depends("b", "", "a"), "b", shared=1)
    later = step(absent("c"), depends("d", "", "c"), "d")

    found = explain(step(step(first, later, "e"), step(later, first, "f"), "g"), TreeWords())

    assert (
        "Because a was not found and all versions of b depend on a, "
        "we can conclude that all versions of b cannot be used. (1)\n"
        "\n"
        "Because c was not found and all versions of d depend on c, "
        "we can conclude that all versions of d cannot be used.\n"
        "And because we know from (1) that all versions of b cannot be used, "
        "we can conclude that all versions of e cannot be used. (2)\n"
        "\n"
        "Because c was not found and all versions of d depend on c, "
        "we can conclude that all versions of d cannot be used.\n"
        "And because we know from (1) that all versions of b cannot be used, "
        "we can conclude that all versions of f cannot be used.\n"
        "And because we know from (2) that all versions of e cannot be used, "
        "we can conclude that all versions of g cannot be used."
    ) == found


def test_explained_step_goes_on_with_a_fact() -> None:
    first = step(absent("a"), depends("b", "", "a"), "b", shared=1)

    found = explain(step(step(first, none("c"), "d"), step(none("e"), first, "f"), "g"), TreeWords())

    assert "Because we know from (1) that all versions of b cannot be used and there are no versions of e, " in found


def test_deep_derivation_is_told_without_recursion() -> None:
    tree = step(absent("a"), depends("b", "", "a"), "b")
    for _ in range(5000):
        tree = step(tree, depends("c", "", "b"), "c")

    found = explain(tree, TreeWords())

    assert 2501 == len(found.splitlines())
