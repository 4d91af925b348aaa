"""Solve a universe that falls apart on the way: each branch on its own, from where it left the others.

What was decided before a split holds in all branches unless one of them has to go back on it. Branches are solved one
after the other, the last one first, and what splits off a branch comes before its siblings.
See `docs/solver.md#branches`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from keyrack.policy.solver.derivation import P
from keyrack.policy.solver.ranges import V
from keyrack.policy.solver.solve import Branch, NoSolution, Solution, Solver, Split, Universe


def solve_branches(
    universes: Sequence[Universe[P, V]], root: P, version: V
) -> Iterator[tuple[Universe[P, V], Solution[P, V]]]:
    """Give the solution of each branch as it is found, with its universe.

    `universes` are several from the start, the first one solved first. Raises `NoSolution` for the first branch without
    a solution, whose `universe` it tells.
    """
    waiting = [_starting(universe, root, version) for universe in universes][::-1]
    while waiting:
        solver = waiting.pop()()
        try:
            solution = solver.run()
        except NoSolution as failure:
            failure.universe = solver.universe
            raise
        except Split as split:
            branches: list[Branch[P, V]] = list(split.branches)
            waiting += [partial(solver.branch, branch) for branch in branches]
        else:
            yield solver.universe, solution
        finally:
            solver.rest()


def _starting(universe: Universe[P, V], root: P, version: V) -> Callable[[], Solver[P, V]]:
    return lambda: Solver(universe, root, version)
