"""The agenda takes the smallest rank, and asks for a rank only when something changed."""

from keyrack.policy.solver.agenda import Agenda
from keyrack.policy.solver.derivation import NotRoot
from keyrack.policy.solver.incompatibility import Incompatibility
from keyrack.policy.solver.partial import PartialSolution
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.term import Term


class Bench:
    """A partial solution with packages that are wanted, and an agenda that counts what it asks."""

    def __init__(self, **ranks: int) -> None:
        self.ranks = ranks
        self.asked: list[str] = []
        self.partial: PartialSolution[str, int] = PartialSolution()
        self.numbers = {name: self.partial.add_package(name) for name in ranks}
        for name in ranks:
            self.want(name, Ranges.full())
        self.agenda: Agenda[str, int, int] = Agenda(self.rank)

    def rank(self, package: str, allowed: Ranges[int]) -> int:
        self.asked.append(package)
        return self.ranks[package]

    def want(self, name: str, versions: Ranges[int]) -> None:
        number = self.numbers[name]
        cause = Incompatibility({number: Term.positive(versions).negate()}, NotRoot(name, 0))
        self.partial.derive(number, cause)

    def next_package(self) -> str:
        return self.agenda.next_package(self.partial)


def test_smallest_rank_is_first_and_equal_ones_go_by_discovery() -> None:
    bench = Bench(a=2, c=1, b=1)

    found = []
    for _ in range(3):
        found.append(bench.next_package())
        bench.partial.decide(bench.numbers[found[-1]], 1)

    assert ["c", "b", "a"] == found


def test_rank_is_asked_for_once_while_nothing_changes() -> None:
    bench = Bench(a=1, b=2)

    bench.partial.decide(bench.numbers[bench.next_package()], 1)
    bench.next_package()

    assert ["a", "b"] == bench.asked


def test_rank_is_asked_for_again_when_more_is_known() -> None:
    bench = Bench(a=1, b=2, c=3)
    bench.partial.decide(bench.numbers[bench.next_package()], 1)
    bench.ranks["c"] = 0

    bench.want("c", Ranges.lower_than(5))
    found = bench.next_package()

    assert "c" == found


def test_package_that_could_not_be_decided_is_asked_for_again() -> None:
    bench = Bench(a=1, b=2)
    bench.next_package()
    bench.ranks["a"] = 3

    found = bench.next_package(), bench.asked

    assert ("b", ["a", "b", "a"]) == found


def test_package_that_is_no_longer_wanted_is_passed_over() -> None:
    bench = Bench(a=1, b=2)
    bench.partial.decide(bench.numbers[bench.next_package()], 1)
    bench.numbers["c"], bench.ranks["c"] = bench.partial.add_package("c"), 3
    bench.want("c", Ranges.full())
    bench.next_package()
    bench.partial.backtrack(0)
    bench.ranks.update(a=8, b=9)

    found = bench.next_package()

    assert "a" == found
