"""Faults in texts become errors with carets below the place."""

import pytest

from keyrack.formats.text_fault import LONGEST, Fault, failed_to_parse


def test_carets_stand_below_the_place():
    error = failed_to_parse("ok ==", Fault("Unexpected end", 3, 2))

    assert ("Failed to parse: `ok ==`", ("Unexpected end\nok ==\n   ^^",)) == (error.message, error.causes)


def test_a_fault_at_the_end_has_one_caret_there():
    assert ("No more\nok\n  ^",) == failed_to_parse("ok", Fault("No more", 2, 0)).causes


@pytest.mark.parametrize("text", ["", "  ", "a\nb"])
def test_a_text_that_fills_no_line_has_no_carets(text):
    assert ("Wrong",) == failed_to_parse(text, Fault("Wrong", 0)).causes


def test_credentials_of_a_url_do_not_stand_in_the_error():
    error = failed_to_parse("a @ https://me:hunter2@[", Fault("Wrong", 4, 20))

    assert ("Failed to parse: `a @ https://****@[`", ("Wrong\na @ https://****@[",)) == (error.message, error.causes)


def test_a_long_text_is_cut_short():
    error = failed_to_parse((LONGEST + 1) * "a", Fault("Wrong", 4))

    assert (f"Wrong\n{LONGEST * 'a'}...",) == error.causes


def test_a_fault_can_be_seen_from_a_longer_text():
    fault = Fault("Wrong", 1, 2).shifted(3)

    assert ("Wrong", 4, 2) == (fault.message, fault.start, fault.length)
