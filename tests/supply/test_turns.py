from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from keyrack.supply.turns import Circle, Needs, Turns


def test_work_is_done_once():
    turns = Turns(Needs())
    done = []

    found = [turns.take("a", (), lambda: done.append(1) or "value") for _ in range(3)]

    assert (["value"] * 3, [1]) == (found, done)


def test_what_went_wrong_is_told_to_everybody():
    turns = Turns(Needs())

    def fail():
        raise KeyError("no")

    for _ in range(2):
        with pytest.raises(KeyError):
            turns.take("a", (), fail)


def test_work_that_needs_itself_is_a_circle():
    turns = Turns(Needs())

    with pytest.raises(Circle):
        turns.take("a", (), lambda: turns.take("b", ("a",), lambda: turns.take("a", ("a", "b"), str)))


def test_two_threads_that_would_wait_for_each_other_are_a_circle():
    turns, both = Turns(Needs()), Barrier(2)

    def make(own, other):
        def work():
            both.wait(30)
            return turns.take(other, (own,), lambda: "never")

        return turns.take(own, (), work)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(make, "a", "b"), pool.submit(make, "b", "a")]
        failures = [type(job.exception(30)) for job in jobs]

    assert [Circle, Circle] == failures


def test_kinds_of_work_that_share_their_needs_notice_circles_between_them():
    needs = Needs()
    one, other, both = Turns(needs), Turns(needs), Barrier(2)

    def make(first, own, second, wanted):
        def work():
            both.wait(30)
            return second.take(wanted, (own,), lambda: "never")

        return first.take(own, (), work)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(make, one, "a", other, "b"), pool.submit(make, other, "b", one, "a")]
        failures = [job.exception(30) for job in jobs]

    assert any(isinstance(failure, Circle) for failure in failures)


def test_who_needs_what_another_is_making_waits_for_it():
    turns, begun, go_on = Turns(Needs()), Event(), Event()

    def slow():
        begun.set()
        go_on.wait(30)
        return "value"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(turns.take, "a", ("x",), slow)
        begun.wait(30)
        second = pool.submit(turns.take, "a", ("y",), slow)
        go_on.set()
        found = first.result(30), second.result(30)

    assert ("value", "value") == found
