"""The solver agrees with trying everything, and its refusals hold."""

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.solver.derivation import (
    Absent,
    Derivation,
    External,
    FromDependency,
    NotRoot,
    externals,
)
from keyrack.policy.solver.solve import NoSolution, solve
from tests.policy.solver.worlds import ROOT, Plain, World, explanation

NAMES = ("a", "b", "c", "d", "e", "f")
REQUIREMENTS = ("", "==1", "==2", "==3", "!=2", ">=2", ">=3", "<=1", "<=3", "<2", ">=2,<4", ">3")

Choice = Mapping[str, int]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a world of up to six packages in up to four versions, some of which cannot be used or do not exist."""
    names = NAMES[: draw(st.integers(1, 6))]
    needed = st.dictionaries(st.sampled_from(names), st.sampled_from(REQUIREMENTS), max_size=3)
    lines = [f"root: {_written(draw(needed))}"]
    for name in names:
        for number in range(1, draw(st.integers(0, 4)) + 1):
            unusable = draw(st.integers(0, 9)) == 0
            lines.append(f"{name} {number}! was yanked" if unusable else f"{name} {number}: {_written(draw(needed))}")
    return "\n".join(lines)


def _written(needed: Mapping[str, str]) -> str:
    return " ".join(f"{name}{text}" for name, text in needed.items())


def choices(world: World) -> Iterator[Choice]:
    """Try everything: each package in each version or not at all."""
    names = list(world.packages)
    for numbers in product(*((*world.packages[name], None) for name in names)):
        yield {name: number for name, number in zip(names, numbers, strict=True) if number is not None}


def is_closed(world: World, choice: Choice) -> bool:
    """Say whether a choice has the root, only usable versions, and all that they need."""
    for name, number in choice.items():
        needed = world.packages[name][number]
        if not isinstance(needed, tuple):
            return False
        if any(other not in choice or choice[other] not in allowed for other, allowed in needed):
            return False
    return ROOT in choice


def attempt(world: Plain) -> Choice | Derivation[str, int]:
    """Give the decisions, or why there are none."""
    try:
        return solve(world, ROOT, 0).decisions
    except NoSolution as error:
        return error.derivation


def allows(fact: External[str, int], choice: Choice) -> bool:
    """Say whether a choice respects one fact from outside."""
    if isinstance(fact, NotRoot):
        return choice.get(fact.package) == fact.version
    number = choice.get(fact.package)
    if number is None or number not in fact.versions:
        return True
    if isinstance(fact, FromDependency):
        other = choice.get(fact.dependency)
        return other is not None and other in fact.dependency_versions
    return False


def is_true(fact: External[str, int], world: World) -> bool:
    """Say whether a fact holds in a world, spans taken for the versions in them."""
    if isinstance(fact, NotRoot):
        return (fact.package, fact.version) == (ROOT, 0)
    inside = [number for number in world.packages.get(fact.package, {}) if number in fact.versions]
    if isinstance(fact, FromDependency):
        for number in inside:
            needed = world.packages[fact.package][number]
            if (fact.dependency, fact.dependency_versions) not in needed:  # type: ignore[operator]  # else it is a bug
                return False
        return True
    if isinstance(fact, Absent):
        return fact.package not in world.packages
    return not any(isinstance(world.packages[fact.package][number], tuple) for number in inside)


@given(texts())
def test_solution_exists_where_trying_everything_finds_one(text: str) -> None:
    world = World(text)
    expected = any(is_closed(world, choice) for choice in choices(world))

    found = isinstance(attempt(world), Mapping)

    assert expected == found


@given(texts())
def test_solution_has_all_that_it_needs(text: str) -> None:
    world = World(text)

    found = attempt(world)

    assert not isinstance(found, Mapping) or is_closed(world, found)


@given(texts())
def test_refusal_rests_on_facts_that_are_true(text: str) -> None:
    world = World(text)

    found = attempt(world)

    assert isinstance(found, Mapping) or all(is_true(fact, world) for fact in externals(found))


@given(texts())
def test_refusal_rests_on_facts_that_no_choice_respects(text: str) -> None:
    world = World(text)

    found = attempt(world)

    if not isinstance(found, Mapping):
        facts = list(externals(found))
        asked = [choice for choice in choices(world) if ROOT in choice]
        assert not any(all(allows(fact, choice) for fact in facts) for choice in asked)


@given(texts())
def test_universe_with_spans_and_ranks_and_one_without_agree(text: str) -> None:
    found = isinstance(attempt(World(text)), Mapping)

    assert isinstance(attempt(Plain(text)), Mapping) == found


@given(texts(), st.randoms(use_true_random=False))
def test_result_does_not_depend_on_the_order_of_dependencies(text: str, order: Random) -> None:
    lines = []
    for line in text.splitlines():
        head, sign, tail = line.partition(":")
        words = tail.split()
        order.shuffle(words)
        lines.append(f"{head}{sign} {' '.join(words)}" if sign else line)
    head, *rest = lines
    order.shuffle(rest)

    found = attempt(Plain("\n".join((head, *rest))))

    if isinstance(found, Mapping):
        assert attempt(Plain(text)) == found
    else:
        assert not isinstance(attempt(Plain(text)), Mapping)


@given(texts())
def test_every_refusal_can_be_told(text: str) -> None:
    world = World(text)

    found = attempt(world)

    if not isinstance(found, Mapping):
        assert explanation(text).endswith("your requirements are unsatisfiable.")
