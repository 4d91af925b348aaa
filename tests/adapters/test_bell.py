"""A bell that wakes a thread which sleeps in a selector."""

import selectors

import pytest

from keyrack.adapters.bell import Bell


@pytest.fixture
def bell():
    made = Bell()
    yield made
    made.close()


def rings(bell):
    with selectors.DefaultSelector() as selector:
        selector.register(bell, selectors.EVENT_READ)
        return bool(selector.select(0))


def test_a_bell_is_quiet_until_it_is_rung(bell):
    assert not rings(bell)


def test_a_bell_that_was_rung_is_heard(bell):
    bell.ring()

    assert rings(bell)


def test_a_bell_that_was_heard_is_quiet(bell):
    bell.ring()
    bell.ring()
    bell.hear()

    assert not rings(bell)


def test_a_bell_can_be_rung_again(bell):
    bell.ring()
    bell.hear()
    bell.ring()

    assert rings(bell)


def test_a_bell_that_was_taken_down_wakes_nobody():
    bell = Bell()
    bell.close()
    bell.ring()
    bell.hear()
