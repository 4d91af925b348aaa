import pytest

from keyrack.errors import InvalidText
from keyrack.formats.toml_text import marked, parse_toml


def cause(text):
    with pytest.raises(InvalidText) as caught:
        parse_toml(text, "uv.toml")
    assert "Failed to parse: uv.toml" == caught.value.message
    return caught.value.causes[0]


def test_a_document_becomes_tables():
    assert {"a": {"b": [1, 2]}} == parse_toml("[a]\nb = [1, 2]", "uv.toml")


def test_a_fault_shows_its_line_and_column():
    assert [
        "TOML parse error at line 2, column 4",
        "  |",
        "2 | b  1",
        "  |    ^",
        "expected '=' after a key in a key/value pair",
    ] == cause("a = 1\nb  1\nc = 2").split("\n")


def test_a_fault_at_the_end_shows_the_last_line():
    shown = cause('a = 1\nb = "x').split("\n")

    assert ["TOML parse error at line 2, column 7", "  |", '2 | b = "x', "  |       ^"] == shown[:4]


def test_a_line_with_credentials_is_masked_and_has_no_carets():
    shown = cause('index-url = "https://u:p/"w@a.example/simple').split("\n")

    assert ['1 | index-url = "https://****@a.example/simple', "  |"] == shown[2:4]


def test_a_line_end_of_windows_is_not_shown():
    assert "x = 1" == marked("x = 1\r", 10, 1, "why", 5).split("\n")[2].removeprefix("10 | ")


def test_a_document_that_nests_too_deeply_is_refused():
    assert "TOML parse error: it nests too deeply" == cause("a = " + "[" * 100_000)


def test_a_fault_without_a_place_is_told_as_it_is():
    assert cause("a = " + "9" * 5000).startswith("TOML parse error: Exceeds the limit")


def test_a_key_of_very_many_parts_is_refused_at_once():
    assert "TOML parse error: it nests too deeply" == cause("a." * 100_000 + "a = 1")


def test_a_very_long_line_is_not_shown():
    assert "TOML parse error at line 1, column 5" == cause("a = " + "://" * 100_000).split("\n")[0]
    assert 2 == len(cause("a = " + "://" * 100_000).split("\n"))
