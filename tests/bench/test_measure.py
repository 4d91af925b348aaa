import sys

import pytest

from bench.measure import Starter, Took, in_turns, median, ratio, surroundings


@pytest.fixture
def starter(tmp_path):
    with Starter(tmp_path) as started:
        yield started


def test_each_program_begins_a_round_in_its_turn():
    rounds = [in_turns(("a", "b", "c"), number) for number in range(4)]

    assert [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b"), ("a", "b", "c")] == rounds


def test_a_ratio_compares_runs_of_one_round():
    own, other = [Took(1, 2), Took(30, 20)], [Took(2, 2), Took(20, 40)]

    assert Took(1.0, 0.75) == ratio(own, other)


def test_a_ratio_counts_the_rounds_in_which_both_took_part():
    own, other = [Took(1, 2)], [Took(2, 2), Took(20, 40)]

    assert Took(0.5, 1.0) == ratio(own, other)


def test_the_median_is_that_of_each_number():
    assert Took(2, 5, 7, 3) == median([Took(1, 9, 8, 3), Took(2, 5, 7, 2), Took(7, 1, 6, 4)])


def test_a_run_that_fails_ends_the_measuring(starter):
    with pytest.raises(SystemExit, match=r"ended with 3:\nsaid"):
        starter.must((sys.executable, "-c", "print('said'); raise SystemExit(3)"), surroundings())


def test_a_run_takes_time_and_memory(starter):
    took = starter.must((sys.executable, "-c", "sum(range(10**6))"), surroundings())

    assert took.wall > 0 < took.cpu
    assert took.memory > 1 << 20


def test_what_a_program_needs_does_not_count_what_the_tests_need(starter):
    little = (sys.executable, "-I", "-S", "-c", "pass")

    assert starter.must(little, surroundings()).memory < 30 << 20


def test_both_streams_are_told(starter):
    ended = starter.run(
        (sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr)"), surroundings()
    )

    assert {"out", "err"} == set(ended.said.split())


def test_a_signal_counts_as_an_exit_code(starter):
    ended = starter.run((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"), surroundings())

    assert 137 == ended.code
