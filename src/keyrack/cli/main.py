"""argv -> exit code; the one try/except. Everything but the words themselves is imported late, for start-up."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from keyrack.values.version import SPEAKS, VERSION

if TYPE_CHECKING:
    from keyrack.cli.commands import Found
    from keyrack.cli.output import Output

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the signal's number."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and give the exit code: 0 done, 1 cannot be met, 2 an error, 130 interrupted."""
    arguments = tuple(sys.argv[1:] if argv is None else argv)
    from keyrack.operations.streams import environment, open_terminal  # late: start-up

    if arguments in (("--version",), ("-V",)):
        open_terminal({}, {}).result(f"keyrack {VERSION} (speaks uv {SPEAKS})")
        return 0
    from keyrack.cli.commands import find_command  # late: start-up

    variables = environment()
    found = find_command(arguments)
    if found.command is None:
        from keyrack.cli.help import misnamed, overview  # late: start-up

        terminal = open_terminal({}, variables)
        return overview(terminal, found) if not found.words or _asks_help(found) else misnamed(terminal, found)
    return _carry_out(found, variables)


def _asks_help(found: Found) -> bool:
    return not {"-h", "--help"}.isdisjoint(found.rest)


def _carry_out(found: Found, variables: Mapping[str, str]) -> int:
    from keyrack.cli.context import Context, command_module, enter_folder, read_words  # late: start-up
    from keyrack.cli.help import describe  # late: start-up
    from keyrack.cli.messages import complain  # late: start-up
    from keyrack.errors import KeyrackError  # late: start-up
    from keyrack.operations.streams import open_terminal  # late: start-up

    terminal: Output = open_terminal({}, variables)
    if found.command is None:
        return 2
    try:
        if _asks_help(found):
            return describe(terminal, found.command)
        words = read_words(found)
        terminal = open_terminal(words, variables)
        folder = enter_folder(words)
        return command_module(found.command).run(Context(terminal, variables, words, folder))
    except KeyrackError as error:
        complain(terminal, error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
