import re

from keyrack.values.styled import Style, Styled

STYLES = [value for value in vars(Style).values() if isinstance(value, Style)]


def test_every_look_is_a_code_of_terminals():
    assert [] == [style for style in STYLES if not re.fullmatch(r"\d+(;\d+)*", style)]


def test_no_two_looks_are_the_same():
    assert len(STYLES) == len(set(STYLES))


def test_a_piece_has_its_text_and_its_looks():
    piece = Styled("six", Style.BOLD)

    assert ("six", Style.BOLD) == (piece.text, piece.style)
