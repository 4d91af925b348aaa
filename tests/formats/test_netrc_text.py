from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.netrc_text import NetrcEntry, parse_netrc
from keyrack.values.secret import Secret

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


def entry(machine, login="", password=""):
    return NetrcEntry(machine, login, Secret(password))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(text):
    return "".join(f"\\{letter}" if letter in ' \t\r\n"\\' else letter for letter in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n \t\n", []),
        ("machine a.example login u password p", [entry("a.example", "u", "p")]),
        ("machine A.Example. login u password p", [entry("a.example", "u", "p")]),
        ("machine a\n\tlogin u\n\tpassword p\nmachine b login v", [entry("a", "u", "p"), entry("b", "v")]),
        ("machine a password p login u account x", [entry("a", "u", "p")]),
        ("machine a user u password p", [entry("a", "u", "p")]),
        ("default login u password p", [entry(None, "u", "p")]),
        ("machine a", [entry("a")]),
        ("machine a login u password #hash", [entry("a", "u", "#hash")]),
        ('machine a login "u v" password "p \\"q"', [entry("a", "u v", 'p "q')]),
        ('machine a login "" password p', [entry("a", "", "p")]),
        ("machine a login u\\ v password p\\\\", [entry("a", "u v", "p\\")]),
        ("# machine x login y\nmachine a login u # a note\npassword p", [entry("a", "u", "p")]),
        ("#\nmachine a login u", [entry("a", "u")]),
        ("machine a login u #", [entry("a", "u")]),
        ("macdef init\nmachine x\nquit\n\nmachine a login u", [entry("a", "u")]),
        ("machine a login u\nmacdef init\nquit", [entry("a", "u")]),
        ("machine a login machine password default", [entry("a", "machine", "default")]),
    ],
)
def test_entries_are_read_in_order(text, expected):
    assert tuple(expected) == parse_netrc(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("login u", 1), ("machine a\nlogin u\ns3cr3t x", 3), ("machine a login u password p s3cr3t", 1), ("\n\nwrong", 3)],
)
def test_a_word_out_of_place_is_named_by_its_line_and_not_repeated(text, line):
    with pytest.raises(InvalidText, match=f"line {line} holds a word") as caught:
        parse_netrc(text)

    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("text", ["machine", "machine a\nlogin", "machine a login u password"])
def test_a_word_that_must_be_followed_by_another_says_so(text):
    with pytest.raises(InvalidText, match="is followed by nothing"):
        parse_netrc(text)


@pytest.mark.parametrize("text", ['machine a login "', "machine a login \\"])
def test_a_quote_or_an_escape_that_nothing_ends_is_an_empty_word(text):
    assert (entry("a"),) == parse_netrc(text)


@given(WORDS, WORDS, st.sampled_from([quoted, escaped]))
def test_any_name_and_password_can_be_written(login, password, write):
    text = f"machine a login {write(login)} password {write(password)}\nmachine b"

    assert (entry("a", login, password), entry("b")) == parse_netrc(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    entries: tuple[NetrcEntry, ...] = ()
    with suppress(InvalidText):
        entries = parse_netrc(text)

    assert all(isinstance(each, NetrcEntry) for each in entries)
