import signal
import sys
import threading

import pytest

from keyrack.adapters.endings import Ended, ignore_signals, unwind_on_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def as_before():
    before = {number: signal.getsignal(number) for number in ALL}
    yield
    for number, action in before.items():
        signal.signal(number, action)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_a_process_unwinds_it(number):
    signal.signal(number, signal.SIG_DFL)
    unwind_on_signals()

    with pytest.raises(Ended) as caught:
        signal.raise_signal(number)

    assert (number, True) == (caught.value.number, isinstance(caught.value, KeyboardInterrupt))


def test_a_signal_that_is_ignored_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    unwind_on_signals()

    assert signal.SIG_IGN == signal.getsignal(signal.SIGHUP)


def test_elsewhere_than_in_the_main_thread_nothing_changes():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    thread = threading.Thread(target=unwind_on_signals)
    thread.start()
    thread.join()

    assert signal.SIG_DFL == signal.getsignal(signal.SIGTERM)


def test_what_is_left_to_do_at_the_end_is_not_interrupted():
    ignore_signals()

    for number in ALL:
        signal.raise_signal(number)

    assert [signal.SIG_IGN] * 3 == [signal.getsignal(number) for number in ALL]
