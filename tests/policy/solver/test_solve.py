"""The solver chooses versions, asks no more than it must, and goes back where it is told to."""

from collections.abc import Mapping

import pytest

from keyrack.policy.solver.derivation import Absent, NoVersions, Unusable, externals
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import NoSolution, Requires, solve
from tests.policy.solver.worlds import ROOT, Plain, World, failure, solution

DIAMOND = """
    root: a b
    a 1: c<3
    a 2: c<2
    b 1: c>=1
    b 2: c>=2
    c 1:
    c 2:
    c 3:
"""


def test_highest_versions_that_fit_together_are_chosen() -> None:
    found = solution(DIAMOND)

    assert {"root": 0, "a": 2, "b": 1, "c": 1} == found.decisions


def test_decisions_stand_in_their_order() -> None:
    found = solution("""
        root: b a==1
        a 1: c
        b 1:
        c 1:
    """)

    assert ["root", "a", "b", "c"] == list(found.decisions)


def test_tried_versions_are_counted() -> None:
    found = solution(DIAMOND)

    assert {"root": 1, "a": 1, "b": 2, "c": 1} == found.tried


def test_root_without_dependencies_is_a_solution() -> None:
    found = solution("root:")

    assert {"root": 0} == found.decisions


def test_dependencies_of_a_version_are_asked_for_once() -> None:
    world = World("""
        root: a
        a 3: b==3 c
        a 2: b==2 c
        a 1: b==1 c
        b 1:
        b 2: c==9
        b 3: c==9
        c 1:
    """)

    solve(world, ROOT, 0)

    assert 1 == max(world.asked.values())


def test_universe_hears_early_of_what_is_coming() -> None:
    world = World("""
        root: a b
        a 1: c
        b 1:
        c 1:
    """)

    solve(world, ROOT, 0)

    assert ["a", "b", "c"] == world.mentions


def test_cycle_of_packages_is_a_solution() -> None:
    found = solution("""
        root: a
        a 1: b
        b 1: a
    """)

    assert {"root": 0, "a": 1, "b": 1} == found.decisions


def test_dependency_on_the_same_version_of_itself_is_none() -> None:
    found = solution("""
        root: a
        a 1: a==1
    """)

    assert {"root": 0, "a": 1} == found.decisions


def test_dependency_on_another_version_of_itself_forbids_a_version() -> None:
    found = solution("""
        root: a
        a 1:
        a 2: a==1
    """)

    assert {"root": 0, "a": 1} == found.decisions


def test_version_that_cannot_be_used_is_passed_over() -> None:
    found = solution("""
        root: a
        a 1:
        a 2! was yanked
    """)

    assert {"root": 0, "a": 1} == found.decisions


def test_requirements_of_one_version_on_one_package_all_hold() -> None:
    found = solution("""
        root: a<3 a>1
        a 1:
        a 2:
        a 3:
    """)

    assert {"root": 0, "a": 2} == found.decisions


@pytest.mark.parametrize(
    ("text", "kind"),
    [("root: a\na 1! was yanked", Unusable), ("root: a", Absent), ("root: a>1\na 1:", NoVersions)],
)
def test_failure_names_what_came_from_outside(text: str, kind: type) -> None:
    found = [type(fact) for fact in externals(failure(text))]

    assert kind in found


def test_package_is_not_needed_where_no_version_asks_for_it() -> None:
    found = solution("""
        root: a
        a 1:
        a 2: b
        b 1: c
    """)

    assert {"root": 0, "a": 1} == found.decisions


class Proxies(World):
    """A world in which `p` stands for part of `a` and depends on the very version of it."""

    def dependencies(self, package: str, version: int) -> Requires[str, int]:
        if package == "p":
            self.ranks.setdefault("a", (0, 99))
            return Requires({"a": Ranges.singleton(version)})
        found = super().dependencies(package, version)
        assert isinstance(found, Requires)
        self.ranks.setdefault("a", (0, 99))
        return Requires(found.dependencies, {"p": "a"} if "p" in found.dependencies else {}, found.again)


def test_range_of_a_proxy_is_a_range_of_what_it_stands_for() -> None:
    world = Proxies("""
        root: p>1 a<2
        a 1:
        a 2:
        p 1:
        p 2:
    """)

    with pytest.raises(NoSolution):
        solve(world, ROOT, 0)

    assert {("root", 0)} == set(world.asked)


def test_plain_universe_is_enough() -> None:
    world = Plain(DIAMOND)

    found = solve(world, ROOT, 0)

    assert {"root": 0, "a": 2, "b": 1, "c": 1} == found.decisions


def test_plain_universe_hears_who_met_whom() -> None:
    world = Plain(DIAMOND)

    solve(world, ROOT, 0)

    assert [("b", "c")] == world.told


class Regretful(Plain):
    """Regrets, at the first conflict, to have decided on `a` before `b`."""

    regrets = "a"

    def next_package(self, undecided: Mapping[str, Ranges[int]]) -> str:
        """Put `a` last once there was a conflict."""
        return min(undecided, key=lambda name: (name == "a" and self.told != [], name))


def test_solver_goes_back_on_a_decision_that_the_universe_regrets() -> None:
    world = Regretful(DIAMOND)

    found = solve(world, ROOT, 0)

    assert {"root": 0, "b": 2, "c": 2, "a": 1} == found.decisions


class Silent(Plain):
    """Does not want to hear of anything early."""

    mentioned = None


def test_universe_need_not_hear_of_what_is_coming() -> None:
    world = Silent(DIAMOND)

    found = solve(world, ROOT, 0)  # type: ignore[arg-type]  # at run time the solver does without

    assert 1 == found.decisions["c"]


class Stubborn(World):
    """Chooses 7 whatever is allowed."""

    def choose_version(self, package: str, allowed: Ranges[int]) -> int:
        return 7


def test_choice_outside_what_is_allowed_is_refused() -> None:
    world = Stubborn("root: a==1\na 1:")

    with pytest.raises(ValueError, match=r"the universe chose a 7, which is not in Ranges\(==1\)"):
        solve(world, ROOT, 0)


class Broken(Exception):
    """What a universe raises."""


class Breaking(World):
    """Fails to read what a version depends on."""

    def dependencies(self, package: str, version: int) -> Requires[str, int]:
        raise Broken


def test_what_the_universe_raises_comes_through() -> None:
    with pytest.raises(Broken):
        solve(Breaking("root:"), ROOT, 0)


def test_often_conflicting_packages_change_the_order_and_not_the_answer() -> None:
    lines = [f"a {n}: c=={n}\nb {n}: c=={n if n == 3 else n + 8}\nc {n}:\nc {n + 8}:" for n in range(1, 9)]

    found = solution("\n".join(("root: a b", *lines)))

    assert {"root": 0, "a": 3, "b": 3, "c": 3} == found.decisions
