import pytest

from bench.counting import Counted, imported, total_calls
from bench.measure import Took
from bench.rounds import OPERATIONS, Case, Plan
from bench.table import BUDGETS, budget_of, rows, table

COLD = Case("cold-install", "web", 0)
RESULTS = {
    (COLD, "keyrack"): [Took(0.05, 0.5, 1 << 20, 3)],
    (COLD, "uv"): [Took(0.1, 1.0, 2 << 20, 4)],
    (COLD, "pip"): [Took(2.0, 1.5, 3 << 20, 5)],
    (Case("start", "", 0), "keyrack"): [Took(3.0, 1.0)],
    (Case("start", "", 0), "uv"): [Took(1.0, 1.0)],
}
NOTHING = Counted({}, {})


def test_rows_come_in_the_order_of_the_operations():
    assert ["start", "start", "cold-install", "cold-install", "cold-install"] == [
        row.case.operation for row in rows(RESULTS, NOTHING)
    ]


def test_a_row_tells_times_ratios_and_counts():
    counted = Counted({(COLD, "keyrack"): 12345}, {(COLD, "keyrack"): 7})

    assert (
        "| install, nothing in the cache | web | 0 ms | keyrack | 50.0 | 0.50 | 0.60 | 500 | 0.50 | 1 | 3 | 12,345 | 7 |"
    ) == table(rows(RESULTS, counted))[4]


def test_who_is_compared_with_has_no_ratio_and_no_budget():
    assert (
        "| install, nothing in the cache | web | 0 ms | uv | 100 | 1 |  | 1000 | 1 | 2 | 4 |  |  |"
        == (table(rows(RESULTS, NOTHING))[5])
    )


def test_a_ratio_over_its_budget_is_bold():
    assert "| **3.00** | 2.30 |" in table(rows(RESULTS, NOTHING))[2]


def test_without_uv_pip_is_compared_with_and_there_are_no_budgets():
    without = {key: took for key, took in RESULTS.items() if key[0] == COLD and key[1] != "uv"}

    assert [(0.025, None), (None, None)] == [
        (row.times and row.times.wall, row.budget) for row in rows(without, NOTHING)
    ]


def test_every_operation_has_a_budget():
    assert {operation.name for operation in OPERATIONS} == {operation for operation, _ in BUDGETS}


@pytest.mark.parametrize(("name", "budget"), [("web", 0.6), ("jupyter", 0.85), ("sci", 1.0)])
def test_a_set_may_have_a_budget_of_its_own(name, budget):
    assert budget == budget_of(Case("cold-install", name, 25))


def test_a_slow_program_takes_part_in_few_rounds_and_does_not_warm_up():
    plan = Plan({}, (0,), 3, {"pip": 1})

    joined = ["pip" in plan.joining(("keyrack", "uv", "pip"), number) for number in range(-1, 3)]

    assert [False, True, False, False] == joined


def test_calls_are_read_from_the_last_line_of_the_table():
    text = "% time seconds usecs/call calls errors syscall\n 50.00 0.1 1 20 3 openat\n100.00 0.2 1 1234 3 total\n"

    assert 1234 == total_calls(text)


def test_a_table_without_a_total_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        total_calls("nothing")


def test_modules_are_counted_between_other_lines():
    said = "import time: self [us] | cumulative | imported package\nimport time: 1 | 1 | _io\nerror: x\nimport time: 2 | 2 | os\n"

    assert 2 == imported(said)


def test_keyrack_alone_is_compared_with_itself():
    alone = {key: took for key, took in RESULTS.items() if key[1] == "keyrack"}

    assert [None, None] == [row.times for row in rows(alone, NOTHING)]
