import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.toml_array import (
    ArrayItem,
    ArrayText,
    inline_table,
    inline_table_text,
    one_a_line,
    quoted,
    read_array,
)

COMMENTED = """[ # open
    # own
    "a", # behind a
    'b' # behind b
    # last
]"""


@pytest.mark.parametrize(
    "text",
    ["[]", "[ ]", '["a"]', '["a",]', COMMENTED, '["a,]", {x = [1, 2]}, """q"r""", [1,2] ]', "[\n# only\n]"],
    ids=range(7),
)
def test_an_array_is_written_as_it_was_read(text):
    assert text == str(read_array(text))


@pytest.mark.parametrize("text", ["", "a", "[1", "1]"])
def test_what_is_no_array_is_an_error(text):
    with pytest.raises(InvalidText):
        read_array(text)


def test_only_strings_are_strings():
    assert ("a", "b") == read_array("['a', 1, {x = 'y'}, \"b\"]").strings


def test_comments_stay_with_their_lines():
    expected = "[ # open\n    # own\n    \"a\", # behind a\n    'b', # behind b\n    # last\n]"

    assert expected == str(one_a_line(read_array(COMMENTED)))


def test_the_first_line_says_how_far_lines_go_in():
    assert '[\n\t"a",\n\t"b",\n]' == str(one_a_line(read_array('[\n\t"a", "b"]')))


def test_an_empty_array_stays_on_its_line():
    assert "[]" == str(one_a_line(ArrayText()))


def test_a_comment_in_an_empty_array_stays():
    assert "[ # why\n]" == str(one_a_line(read_array("[ # why\n]")))


def test_an_item_says_its_string():
    assert "a" == ArrayItem("'''a'''").string
    assert ArrayItem("1").string is None


@given(st.text(st.characters(codec="utf-8")))
def test_quoted_text_reads_the_same(text):
    assert text == tomllib.loads(f"x = {quoted(text)}")["x"]


@pytest.mark.parametrize(
    ("text", "expected"), [("a", '"a"'), ('a"b', "'a\"b'"), ("a'b", '"a\'b"'), ("a\\b", '"a\\\\b"'), ("\n", '"\\n"')]
)
def test_double_quotes_are_taken_where_they_can_be(text, expected):
    assert expected == quoted(text)


def test_an_inline_table_is_written_with_spaces():
    assert '{ git = "x", lfs = true, extras = ["a", "b"] }' == inline_table(
        {"git": "x", "lfs": True, "extras": ("a", "b")}
    )


def test_an_inline_table_gives_its_values_as_written():
    assert {("a", "b"): "'x'", ("c",): '["d"]'} == inline_table_text("{ a.b = 'x', c = [\"d\"] }")


def test_what_is_no_inline_table_has_no_values():
    assert {} == inline_table_text("[1]")


TEXTS = st.lists(st.sampled_from(["a", "b>1", "c # no comment", 'd"e', "f'g"]), max_size=4)
GAPS = st.sampled_from(["", " ", "\n  ", " # x\n", "\n\n# own\n\t"])


@given(TEXTS, GAPS, GAPS, st.booleans())
def test_one_a_line_loses_neither_values_nor_comments_and_is_settled(texts, before, after, comma):
    items = tuple(ArrayItem(quoted(text), before, after) for text in texts)
    array = read_array(str(ArrayText(items, after if comma or not items else "", comma and bool(items))))

    made = one_a_line(array)

    assert tuple(texts) == made.strings
    assert str(array).count("# x") == str(made).count("# x")
    assert str(array).count("# own") == str(made).count("# own")
    assert texts == tomllib.loads(f"x = {made}")["x"]
    assert str(made) == str(one_a_line(read_array(str(made))))
