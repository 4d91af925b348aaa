import sys

import pytest

from bench.local import OPERATIONS, table
from bench.measure import Took, in_turns, median, ratio, run, surroundings


def test_each_program_begins_a_round_in_its_turn():
    rounds = [in_turns(("a", "b", "c"), number) for number in range(4)]

    assert [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b"), ("a", "b", "c")] == rounds


def test_a_ratio_compares_runs_of_one_round():
    own, other = [Took(1, 2), Took(30, 20)], [Took(2, 2), Took(20, 40)]

    assert Took(1.0, 0.75) == ratio(own, other)


def test_the_median_is_that_of_each_number():
    assert Took(2, 5, 3) == median([Took(1, 9, 3), Took(2, 5, 2), Took(7, 1, 4)])


def test_a_run_that_fails_ends_the_measuring():
    with pytest.raises(SystemExit, match=r"ended with 3:\nsaid"):
        run((sys.executable, "-c", "print('said'); raise SystemExit(3)"), surroundings())


def test_a_run_takes_time():
    took = run((sys.executable, "-c", "sum(range(10**6))"), surroundings())

    assert took.wall > 0 < took.cpu


def test_the_table_has_a_row_for_each_operation_and_program():
    results = {(operation, name): [Took(1.0, 1.0, 2)] for operation in OPERATIONS for name in ("keyrack", "pip")}

    lines = table(results, ("keyrack", "pip"))

    assert "| operation | program | wall ms | x pip | CPU ms | x pip | requests |" == lines[0]
    assert "| print the version | keyrack | 1000 | 1.00 | 1000 | 1.00 | 2 |" == lines[2]
    assert len(lines) == 2 + 2 * len(OPERATIONS)
