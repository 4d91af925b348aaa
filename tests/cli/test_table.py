from hypothesis import given
from hypothesis import strategies as st

from keyrack.cli.table import table, width


def test_columns_are_as_wide_as_their_widest_text():
    lines = table(["Package", "Version"], [["a", "1.0"], ["a-long-name", "2.0.dev1"]])

    assert [
        "Package     Version",
        "----------- --------",
        "a           1.0",
        "a-long-name 2.0.dev1",
    ] == lines


def test_wide_letters_take_two_columns_and_combining_marks_none():
    assert [5, 4, 1] == [width("ascii"), width("漢字"), width("e\u0301")]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_no_line_ends_in_spaces(rows):
    lines = table(["One", "Two"], [list(row) for row in rows])

    assert [line.rstrip() for line in lines] == lines
