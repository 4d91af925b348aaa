"""The only reader of the time."""

import time

from keyrack.adapters import clock


def test_now_is_the_systems_time():
    before = time.time()

    assert before <= clock.now() <= time.time()


def test_durations_do_not_go_back():
    start = clock.monotonic()
    clock.sleep(0)

    assert 0 <= clock.monotonic() - start
