"""What the state learns is filed once, and propagated to its end."""

import pytest

from keyrack.policy.solver.derivation import FromDependency, NoVersions
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.state import NoSolution, State

ALL: Ranges[int] = Ranges.full()


def depends(state: State[str, int], package: str, versions: Ranges[int], dependency: str, wanted: Ranges[int]) -> None:
    """Tell a state of a dependency."""
    state.add_dependency(state.number(package), FromDependency(package, versions, dependency, wanted))


def test_root_must_be_chosen_in_its_version() -> None:
    state = State("root", 7)

    conflicts = state.propagate(state.number("root"))

    assert ([], {"root": Ranges.singleton(7)}) == (conflicts, state.partial.undecided)


def test_package_keeps_its_number() -> None:
    state = State("root", 1)

    found = state.number("a"), state.number("b"), state.number("a")

    assert (1, 2, 1) == found


def test_consequences_of_consequences_are_derived() -> None:
    state = State("root", 1)
    depends(state, "root", ALL, "a", Ranges.higher_than(2))
    depends(state, "a", Ranges.higher_than(1), "b", Ranges.higher_than(3))

    state.propagate(state.number("root"))

    assert {"root", "a", "b"} == set(state.partial.undecided)


def test_failure_is_found_without_any_decision() -> None:
    state = State("root", 1)
    depends(state, "root", ALL, "a", Ranges.higher_than(2))
    state.forbid(state.number("a"), ALL, NoVersions("a", ALL))

    with pytest.raises(NoSolution, match="no solution"):
        state.propagate(state.number("root"))
