from keyrack.values.lock_inputs import LockInputs


def test_what_says_nothing_asks_for_nothing():
    assert ((), None) == (LockInputs().conflicts, LockInputs().fork_strategy)
