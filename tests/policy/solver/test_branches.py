"""A universe that falls apart: each branch goes on from where it stood, and knows nothing of its siblings."""

import pytest

from keyrack.policy.solver.branches import solve_branches
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Barred, Branch, NoSolution, Requires, Split, Unusable, solve
from tests.policy.solver.worlds import ROOT, Plain


class Parting(Plain):
    """Falls apart once at a package: `parts` are the texts of what its choice needs in each part."""

    def __init__(self, text, parting="", parts=(), name="all", **settled):
        super().__init__(text)
        self.text = text
        self.parting = parting
        self.parts = parts
        self.name = name
        self.settled = settled

    def _split(self):
        branches = []
        for part in self.parts:
            kinds = {"version": self.settled.get("version")}
            if self.settled.get("answer"):
                kinds["answer"] = lambda world, part=part: Requires(dict(world.packages[part][0]))
            branches.append(Branch(lambda part=part: type(self)(self.text, name=part), **kinds))
        return Split(branches)

    def choose_version(self, package, allowed):
        if package == self.parting and not self.settled.get("answer"):
            raise self._split()
        if self.name != "all" and f"{package}@{self.name}" in self.packages:
            known = [one for one in self.packages[f"{package}@{self.name}"] if allowed.contains(one)]
            return max(known, default=None)
        return super().choose_version(package, allowed)

    def dependencies(self, package, version):
        if package == self.parting and self.settled.get("answer"):
            raise self._split()
        return super().dependencies(package, version)


def found(universe, **more):
    return {world.name: dict(solution.decisions) for world, solution in solve_branches([universe], ROOT, 0, **more)}


def test_a_universe_that_stays_whole_has_one_solution():
    world = Parting("root: a\na 1:")

    assert {"all": {"root": 0, "a": 1}} == found(world)


def test_each_branch_asks_for_the_version_again():
    world = Parting("root: a b\na 1:\na 2:\nb 1:\na@x 1:\na@y 2:", "a", ("x", "y"))

    assert {"y": {"root": 0, "a": 2, "b": 1}, "x": {"root": 0, "a": 1, "b": 1}} == found(world)


def test_the_last_branch_is_solved_first():
    world = Parting("root: a\na 1:", "a", ("x", "y", "z"))

    assert ["z", "y", "x"] == list(found(world))


def test_a_version_may_be_settled_for_the_branches():
    world = Parting("root: a\na 1:\na 2: b\nb 1:", "a", ("x",), version=2)

    assert {"x": {"root": 0, "a": 2, "b": 1}} == found(world)


def test_what_the_version_needs_may_be_settled_for_each_branch():
    text = "root: a\na 1:\nb 1:\nc 1:\nx: b\ny: c"

    world = Parting(text, "a", ("x", "y"), version=1, answer=True)

    assert {"x": {"root": 0, "a": 1, "b": 1}, "y": {"root": 0, "a": 1, "c": 1}} == found(world)


def test_what_was_decided_before_stands_in_all_branches_unless_one_goes_back_on_it():
    text = "root: a b\na 1:\na 2:\nb 1:\nx: a==1\ny: a"

    world = Parting(text, "b", ("x", "y"), version=1, answer=True)

    assert {"x": {"root": 0, "a": 1, "b": 1}, "y": {"root": 0, "a": 2, "b": 1}} == found(world)


def test_what_one_branch_learns_does_not_bind_its_sibling():
    text = "root: a b c\na 1:\na 2:\nb 1:\nc 1:\nx: a==2\ny: a==1 c"

    world = Parting(text, "b", ("x", "y"), version=1, answer=True)

    assert {"x": 2, "y": 1} == {name: decided["a"] for name, decided in found(world).items()}


def test_the_first_branch_without_a_solution_is_told_with_its_universe():
    text = "root: a\na 1:\nx: b\ny: c\nb 1:"

    world = Parting(text, "a", ("x", "y"), version=1, answer=True)

    with pytest.raises(NoSolution) as failure:
        found(world)

    assert "y" == failure.value.universe.name


def test_several_universes_may_start_and_the_first_is_solved_first():
    worlds = [Parting("root: a\na 1:", name="one"), Parting("root: a\na 2:", name="two")]

    solved = [(world.name, solution.decisions["a"]) for world, solution in solve_branches(worlds, ROOT, 0)]

    assert [("one", 1), ("two", 2)] == solved


def test_a_version_may_be_barred_although_its_dependencies_are_known():
    class Fickle(Plain):
        def choose_version(self, package, allowed):
            version = super().choose_version(package, allowed)
            if package == "a" and version == 2 and "b" in self.looked_at:
                return Barred(2, "is out of the question here")
            return version

    world = Fickle("root: a b\na 1:\na 2:\nb 1: a")

    assert 2 == solve(world, ROOT, 0).decisions["a"]


def test_a_barred_version_is_forbidden_like_one_that_cannot_be_used():
    class Strict(Plain):
        def choose_version(self, package, allowed):
            version = super().choose_version(package, allowed)
            return Barred(version, ("is barred", "are barred")) if (package, version) == ("a", 2) else version

    assert 1 == solve(Strict("root: a\na 1:\na 2:"), ROOT, 0).decisions["a"]


def test_ranks_are_handed_over_with_what_they_were_asked_for():
    class Ranked(Parting):
        def rank(self, package, allowed):
            return {"a": 2, "b": 1}.get(package, 3)

    text = "root: a b\na 1:\nb 1:\nx: c\nc 1:"
    world = Ranked(text, "b", ("x",), version=1, answer=True)

    assert {"x": {"root": 0, "b": 1, "a": 1, "c": 1}} == found(world)


def test_ranges_of_forbidden_versions_are_spans_where_the_universe_tells_them():
    class Spanning(Plain):
        def span(self, package, version):
            return Ranges.gap(version, self.known[package]) if package in self.known else None

        def choose_version(self, package, allowed):
            version = super().choose_version(package, allowed)
            return Barred(version, "is barred") if version == 2 else version

    assert 1 == solve(Spanning("root: a\na 1:\na 2:"), ROOT, 0).decisions["a"]


def test_unusable_versions_are_told_with_their_dependencies():
    class Refusing(Plain):
        def dependencies(self, package, version):
            return Unusable("is broken") if (package, version) == ("a", 2) else super().dependencies(package, version)

    assert 1 == solve(Refusing("root: a\na 1:\na 2:"), ROOT, 0).decisions["a"]
