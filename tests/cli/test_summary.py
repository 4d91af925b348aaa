import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.cli.summary import amount, counted, duration


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "0.00ms"),
        (0.000_812, "0.81ms"),
        (0.000_999_9, "0.99ms"),
        (0.001, "1ms"),
        (0.2079, "207ms"),
        (1.119, "1.11s"),
        (59.999, "59.99s"),
        (123.4, "2m 03s"),
        (3600, "60m 00s"),
    ],
)
def test_durations_read_as_cargo_and_uv_write_them(seconds, expected):
    assert expected == duration(seconds)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0B"),
        (1023, "1023B"),
        (1024, "1.0KiB"),
        (1_258_291, "1.2MiB"),
        (5 * 1024**3, "5.0GiB"),
        (3 * 1024**5, "3072.0TiB"),
    ],
)
def test_amounts_are_in_binary_units(size, expected):
    assert expected == amount(size)


@given(st.integers(2, 10**9))
def test_only_one_thing_is_in_the_singular(count):
    assert f"{count} files" == counted(count, "file")
    assert "1 file" == counted(1, "file")
