"""Version specifiers as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.specifier_text import parse_requires_python, parse_specifier, repairs
from keyrack.formats.text_fault import Fault


@pytest.mark.parametrize(
    "text", ["", ">=1", ">=1,<2", " >= 1 , != 1.5.* ", "~=1.2.3", "==1.0+local", "===1.0", ">=1,", "==1!2.0a1"]
)
def test_specifiers_are_read_as_packaging_reads_them(text):
    assert SpecifierSet(text) == parse_specifier(text)


@pytest.mark.parametrize(
    ("text", "message", "start", "length"),
    [
        ("==", "Unexpected end of version specifier, expected version", 0, 2),
        (">=1, ==", "Unexpected end of version specifier, expected version", 5, 2),
        ("=!2", 'no such comparison operator "=!", must be one of ~= == != <= >= < > ===', 0, 3),
        ("1.0", 'no such comparison operator "", must be one of ~= == != <= >= < > ===', 0, 3),
        (">=1 <2", "Trailing `<2` is not allowed", 0, 6),
        (">=1.*", "Operator >= cannot be used with a wildcard version specifier", 0, 5),
        ("~=1", "The ~= operator requires at least two segments in the release version", 0, 3),
        (">=foo", "expected version to start with a number, but no leading ASCII digits were found", 0, 5),
        ("===foo", "expected version to start with a number, but no leading ASCII digits were found", 0, 6),
        (">=1.x", "after parsing `1`, found `.x`, which is not part of a valid version", 0, 5),
        (">1+a", "Operator > is incompatible with versions containing non-empty local segments (`+a`)", 0, 4),
        ("==1.0a1.*", "Not a valid version specifier", 0, 9),
        (
            "==" + 21 * "9",
            "expected number less than or equal to 18446744073709551615, but number found exceeds it",
            0,
            23,
        ),
    ],
)
def test_what_is_no_specifier_is_told_with_its_place(text, message, start, length):
    with pytest.raises(Fault) as raised:
        parse_specifier(text)

    assert (message, start, length) == (raised.value.message, raised.value.start, raised.value.length)


@given(st.text("0123456789.*,<>=!~ ab+", max_size=12))
def test_no_text_is_read_that_packaging_refuses(text):
    try:
        found = parse_specifier(text)
    except Fault:
        return

    assert SpecifierSet(text) == found


@given(st.lists(st.tuples(st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), st.integers(0, 99)), max_size=4))
def test_plain_clauses_are_always_read(clauses):
    text = ",".join(f"{operator}{number}" for operator, number in clauses)

    assert SpecifierSet(text) == parse_specifier(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (">=3.8", ">=3.8"),
        (">=7.2.0<8.0.0", ">=7.2.0,<8.0.0"),
        ("!=~5.0,>=4.12", "!=5.0.*,>=4.12"),
        ("!=~5,>=4.12", "!=5.*,>=4.12"),
        (">=1.9.*", ">=1.9"),
        (">= 1.9.*", ">=1.9"),
        ("!=3.0*", "!=3.0.*"),
        (">=2.7,!=3.0*,!=3.1*,", ">=2.7,!=3.0.*,!=3.1.*"),
        (">dev", ">0.0.0dev"),
        (">=9.0.0a1.0", ">=9.0.0a1"),
        (">= '2.7'", ">=2.7"),
        ('">=3.6"', ">=3.6"),
    ],
)
def test_what_older_tools_let_pass_is_mended(text, meant):
    assert SpecifierSet(meant) == parse_requires_python(text)


def test_what_cannot_be_mended_is_an_error():
    with pytest.raises(InvalidText) as raised:
        parse_requires_python(">=3.8', x.y<4")

    assert "Failed to parse: `>=3.8', x.y<4`" == raised.value.message


def test_a_good_text_needs_no_repair():
    assert [] == list(repairs(">=1"))


def test_repairs_leave_the_quotes_of_a_marker():
    assert ["a >= 1 ; os_name == 'x'"] == list(repairs("a >= '1' ; os_name == 'x'"))


def test_an_unreadable_specifier_is_one_for_packaging_too():
    with pytest.raises(InvalidSpecifier):
        SpecifierSet("==1.0a1.*")


def test_a_text_without_an_end_is_not_mended():
    assert [] == list(repairs(">=1.0<" * 1000))
