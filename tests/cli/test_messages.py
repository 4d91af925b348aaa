import io

import pytest
from inline_snapshot import snapshot

from keyrack.adapters.terminal import Terminal
from keyrack.cli.messages import complain, confess
from keyrack.cli.usage import UsageError
from keyrack.errors import KeyrackError


def said(error, *, color=False):
    err = io.StringIO()
    complain(Terminal(io.StringIO(), err, colors=(color, color)), error)
    return err.getvalue()


def raised(error, cause):
    try:
        raise error from cause
    except KeyrackError as caught:
        return caught


def test_causes_and_hints_have_lines_of_their_own():
    error = KeyrackError("it failed", causes=("first\nmore of it", "second"), hints=("do this", "or that"))

    assert said(error) == snapshot("""\
error: it failed
  cause: first
         more of it
  cause: second

hint: do this

hint: or that
""")


def test_an_error_is_followed_by_what_it_was_raised_from():
    inner = raised(KeyrackError("inner", causes=("deepest",), hints=("one",)), ValueError("never shown"))
    outer = raised(KeyrackError("outer", causes=("own",), hints=("two", "one")), inner)

    assert said(outer) == snapshot("""\
error: outer
  cause: own
  cause: inner
  cause: deepest

hint: two

hint: one
""")


def test_a_cause_that_is_told_twice_is_said_once():
    outer = raised(KeyrackError("outer", causes=("inner", "deepest")), KeyrackError("inner", causes=("deepest",)))

    assert said(outer) == snapshot("""\
error: outer
  cause: inner
  cause: deepest
""")


def test_an_empty_line_of_a_cause_has_no_indent():
    assert said(KeyrackError("it failed", causes=("first\n\nlast",))) == snapshot("""\
error: it failed
  cause: first

         last
""")


def test_wrong_usage_comes_with_a_tip_and_the_right_one():
    assert said(UsageError("unexpected argument '--x' found", "Usage: keyrack", "a similar one exists")) == snapshot("""\
error: unexpected argument '--x' found

  tip: a similar one exists

Usage: keyrack

For more information, try '--help'.
""")


def test_colours_mark_what_a_line_is():
    assert said(KeyrackError("no", causes=("why",), hints=("do",)), color=True) == snapshot("""\
\x1b[1;31merror\x1b[0m: no
  \x1b[1;31mcause\x1b[0m: why

\x1b[1;36mhint\x1b[0m: do
""")


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "a\rb", "\u202egnp", "bell\x07"])
def test_nothing_foreign_reaches_the_terminal_as_a_command(text):
    printed = said(KeyrackError(text, causes=(text,), hints=(text,)))

    assert not set(printed) & set("\x1b\r\u202e\x07")


def test_a_fault_of_our_own_shows_places_and_no_secret():
    class Terminal:
        def __init__(self):
            self.lines = []

        def complain(self, *pieces):
            self.lines.append("".join(getattr(piece, "text", piece) for piece in pieces))

    def fail():
        raise RuntimeError("cannot read https://user:secret@pkgs.example/?sig=signature")

    terminal = Terminal()

    try:
        fail()
    except RuntimeError as error:
        confess(terminal, error)

    assert "error: Something unforeseen happened" == terminal.lines[0]
    assert "  cause: RuntimeError: cannot read https://****@pkgs.example/?sig=****" == terminal.lines[1]
    assert any(line.endswith("in fail") for line in terminal.lines)
