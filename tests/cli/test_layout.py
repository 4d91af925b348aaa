from textwrap import wrap

from hypothesis import given
from hypothesis import strategies as st

from keyrack.cli.layout import WIDTH, rows, wrapped

NAMES = st.text("abcdefgh-", min_size=1, max_size=40)
TEXTS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=40).map(" ".join)


def test_texts_stand_beside_short_names():
    found = rows([("-a", "first"), ("--longname", "second")])

    assert [("-a", "          first"), ("--longname", "  second")] == found


def test_texts_stand_below_names_that_take_too_much_of_the_width():
    found = rows([("--a-flag-with-a-name <AND_A_VALUE_THAT_IS_LONG>", "word " * 20)])

    assert ("--a-flag-with-a-name <AND_A_VALUE_THAT_IS_LONG>", "") == found[0]
    assert found[1][1].startswith(" " * 10 + "word word")


@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=8))
def test_every_word_of_help_is_there_in_its_order(entries):
    words = " ".join(f"{name} {text}" for name, text in entries).split()

    assert words == " ".join(f"{name} {text}" for name, text in rows(entries)).split()


@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=8))
def test_no_line_is_wider_than_the_page(entries):
    assert all(2 + len(name) + len(text) <= WIDTH + 2 for name, text in rows(entries))


@given(TEXTS, st.integers(1, 60))
def test_texts_are_broken_where_the_library_breaks_them(text, width):
    assert wrap(text, width, break_long_words=False, break_on_hyphens=False) == wrapped(text, width)
