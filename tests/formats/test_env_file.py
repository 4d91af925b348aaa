"""Files of environment variables."""

import pytest

from keyrack.errors import InvalidText
from keyrack.formats.env_file import parse_env_file

LINES = {
    "plain": ("A=b", "b"),
    "nothing": ("A=", ""),
    "exported": ("export A=b", "b"),
    "around the sign": (" A = b c ", "b c"),
    "a comment behind": ("A=b # c", "b"),
    "a sign that begins no comment": ("A=b#c", "b#c"),
    "single quotes keep all": (r"A='b\n#' # c", r"b\n#"),
    "double quotes have escapes": (r'A="b\n\"#\\" # c', 'b\n"#\\'),
    "a quote that does not end": ("A='b", "'b"),
}


@pytest.mark.parametrize(("line", "value"), LINES.values(), ids=LINES)
def test_a_line_sets_a_variable(line, value):
    assert {"A": value} == parse_env_file(line, "e.env")


def test_empty_lines_and_comments_set_nothing_and_the_last_of_a_name_counts():
    assert {"A": "2", "B": "3"} == parse_env_file("A=1\n\n  # C=4\nA=2\nB=3\n", "e.env")


def test_a_line_that_sets_nothing_is_told_by_its_number_not_by_what_stands_there():
    with pytest.raises(InvalidText) as caught:
        parse_env_file("A=1\nvery-secret\n", "e.env")

    assert ("Failed to parse environment file `e.env`", ("Line 2 sets no variable",)) == (
        str(caught.value),
        caught.value.causes,
    )
