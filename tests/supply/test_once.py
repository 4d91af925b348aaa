"""Work that is done once for each key."""

from threading import Barrier, Thread

import pytest

from keyrack.supply.once import Once


def test_a_key_is_worked_on_once():
    calls = []
    once = Once()

    found = [once.get("a", lambda: calls.append("a") or 1) for _ in range(3)]

    assert ([1, 1, 1], ["a"]) == (found, calls)


def test_every_key_has_its_own_value():
    once = Once()

    assert (1, 2) == (once.get("a", lambda: 1), once.get("b", lambda: 2))


def test_a_failure_is_remembered_as_a_value_is():
    once = Once()
    failure = ValueError("no")

    def fail():
        raise failure

    with pytest.raises(ValueError, match="no"):
        once.get("a", fail)
    with pytest.raises(ValueError, match="no") as raised:
        once.get("a", lambda: 1)

    assert failure is raised.value


def test_threads_that_come_later_wait_for_the_first():
    once, calls, found = Once(), [], []
    start = Barrier(8)

    def ask():
        start.wait()
        found.append(once.get("a", lambda: calls.append(1) or len(calls)))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ([1] * 8, [1]) == (found, calls)
