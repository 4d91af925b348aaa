import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.adapters.terminal import Terminal, clean
from keyrack.values.log import Level
from keyrack.values.styled import Style, Styled
from keyrack.values.volume import Volume


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def spoken(volume):
    """Say one line of each kind, and give which of them were written."""
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, volume=volume)
    terminal.result("result")
    terminal.raw_result("raw\n")
    terminal.detail("detail")
    terminal.say("say")
    terminal.complain("complain")
    for level in (Level.ERROR, Level.WARN, Level.DEBUG, Level.TRACE):
        terminal.log(level, "line")
    return out.getvalue().split(), err.getvalue().split("\n")[:-1]


TABLE = {
    Volume.SILENT: ([], []),
    Volume.QUIET: (["result", "raw"], ["complain"]),
    Volume.NORMAL: (["result", "raw", "detail"], ["say", "complain"]),
    Volume.VERBOSE: (["result", "raw", "detail"], ["say", "complain", "ERROR line", "WARN line", "DEBUG line"]),
    Volume.TRACE: (
        ["result", "raw", "detail"],
        ["say", "complain", "ERROR line", "WARN line", "DEBUG line", "TRACE line"],
    ),
}


@pytest.mark.parametrize("volume", TABLE)
def test_each_volume_lets_through_what_it_is_for(volume):
    assert TABLE[volume] == spoken(volume)


def test_each_stream_has_colours_of_its_own():
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, colors=(False, True))

    terminal.result(Styled("a", Style.BOLD), "b")
    terminal.say(Styled("a", Style.BOLD), "b")

    assert ("ab\n", "\x1b[1ma\x1b[0mb\n") == (out.getvalue(), err.getvalue())


@given(st.text())
def test_no_text_holds_a_control_after_it_was_cleaned(text):
    left = clean(text)

    assert all(letter in "\n\t" or not (letter < " " or "\x7f" <= letter <= "\x9f") for letter in left)
    assert not set(left) & set("\u202a\u202e\u2066\u200f\ud800")
    assert clean(left) == left


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_stays_as_it_is(text):
    assert text == clean(text)


def test_a_line_that_is_said_takes_the_drawn_one_away_and_draws_it_again():
    screen = Screen()
    terminal = Terminal(io.StringIO(), screen)

    terminal.progress("working")
    terminal.say("news")
    terminal.progress("")

    assert "\r\x1b[2Kworking\r\x1b[2Knews\nworking\r\x1b[2K" == screen.getvalue()


def test_the_same_line_is_not_drawn_twice():
    screen = Screen()
    terminal = Terminal(io.StringIO(), screen)

    terminal.progress("working")
    terminal.progress("working")

    assert 1 == screen.getvalue().count("working")


def test_a_drawn_line_never_wraps():
    screen = Screen()

    Terminal(io.StringIO(), screen).progress("x" * 500)

    assert 79 == screen.getvalue().count("x")


@pytest.mark.parametrize("volume", [Volume.QUIET, Volume.VERBOSE])
def test_nothing_is_drawn_where_other_lines_scroll_or_nothing_is_wanted(volume):
    screen = Screen()
    terminal = Terminal(io.StringIO(), screen, volume=volume)

    terminal.progress("working")

    assert (False, "") == (terminal.is_interactive, screen.getvalue())


def test_nothing_is_drawn_into_a_file():
    stream = io.StringIO()

    Terminal(io.StringIO(), stream).progress("working")

    assert "" == stream.getvalue()


def test_what_a_stream_cannot_encode_is_escaped():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    Terminal(stream, io.StringIO()).result("├── naïve")
    stream.flush()

    assert b"\\u251c\\u2500\\u2500 na\\xefve" == raw.getvalue().rstrip()
