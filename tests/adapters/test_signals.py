import signal
import threading

import pytest

from keyrack.adapters.signals import signals_held


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_for_the_end_of_the_block_and_the_first_one_is_told(number):
    before = signal.getsignal(number)

    with signals_held() as heard:
        quiet = heard()
        signal.raise_signal(number)
        signal.raise_signal(signal.SIGINT)

    assert (0, number, before) == (quiet, heard(), signal.getsignal(number))


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_held() as heard:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert 0 == heard()


def test_in_another_thread_nothing_is_held():
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def look():
        with signals_held() as heard:
            seen.append((heard(), signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert [(0, before)] == seen
