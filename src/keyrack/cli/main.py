"""argv -> exit code; the one try/except. Everything but the words themselves is imported late, for start-up."""

from __future__ import annotations

import gc
import os
import sys

from keyrack.values.version import SPEAKS, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from collections.abc import Callable, Mapping, Sequence

    from keyrack.cli.commands import Command, Found
    from keyrack.cli.output import Output
    from keyrack.operations.settled import Asked

    Open = Callable[[Mapping[str, object], Mapping[str, str]], Output]

SIGNALLED = 128
"""To which a signal's number is added: the exit code after Ctrl-C is 130."""
BROKEN_PIPE = 141
"""The exit code when nobody reads our output any more: 128 and the signal's number."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and give the exit code: 0 done, 1 cannot be met, 2 an error, 128 and more a signal."""
    from keyrack.operations import streams  # late: start-up

    arguments = tuple(sys.argv[1:] if argv is None else argv)
    if argv is None and not sys.flags.safe_path and sys.path[0] == os.path.dirname(os.path.abspath(sys.argv[0])):
        del sys.path[0]  # the folder of scripts: a `csv.py` there would be imported in place of Python's own
    if arguments and arguments[0] in ("--version", "-V"):
        streams.open_terminal({}, {}).result(f"keyrack {VERSION} (speaks uv {SPEAKS})")
        if argv is None:
            streams.leave(0)
        return 0
    # A run is short and makes few circles, but hundreds of thousands of things that stay: to look for circles in them
    # takes a twentieth of a cold resolution.
    gc.set_threshold(1_000_000, 50, 100)
    try:
        if argv is None:
            streams.unwind_on_signals()
        code = Program(streams.environment(), streams.open_terminal).run(arguments)
        if argv is None and code == 0:
            streams.leave(code)
        return code
    except KeyboardInterrupt as interrupt:
        code = SIGNALLED + getattr(interrupt, "number", 2)
        if argv is None:
            # A thread that waits for a server or for a program must not keep us: everything is rolled back by now.
            streams.ignore_signals()
            try:
                streams.leave(code)
            finally:  # where nobody reads our output any more
                os._exit(code)
        return code
    except BrokenPipeError:
        streams.silence_broken_pipe()
        return BROKEN_PIPE


_ISOLATED = (
    "The `--isolated` flag is deprecated. Instead, use `--no-config` to prevent keyrack from discovering configuration"
    " files."
)


class Program:
    """One run: what surrounds it comes in, so that it can run anywhere."""

    def __init__(self, variables: Mapping[str, str], open_terminal: Open, folder: str | None = None) -> None:
        """`folder` None is the one that this process runs in; only then `--directory` changes it."""
        self._variables = variables
        self._open = open_terminal
        self._folder = folder
        self._asked: Asked | None = None
        self._arguments: tuple[str, ...] = ()

    def run(self, arguments: tuple[str, ...]) -> int:
        """Carry out a command line and give the exit code."""
        self._arguments = arguments
        if arguments[:1] == ("venv",) or arguments[:2] in (("pip", "install"), ("pip", "compile")):
            from keyrack.cli.settled import asked_in, say_if_settled  # late: start-up

            self._asked = asked_in(arguments, self._variables, self._folder)
            if self._asked is not None and say_if_settled(self._asked, self._open):
                return 0
        from keyrack.cli.commands import find_command  # late: start-up
        from keyrack.cli.messages import complain  # late: start-up
        from keyrack.errors import KeyrackError  # late: start-up

        terminal = self._open({}, self._variables)
        try:
            found = find_command(arguments)
            if found.command is None:
                from keyrack.cli.overview import answer  # late: start-up

                return answer(terminal, found)
            return self._command(found, found.command, terminal)
        except KeyrackError as error:
            complain(terminal, error)
            return error.exit_code
        except BrokenPipeError:
            raise
        except OSError as error:
            path = f"Failed to access `{error.filename}`: " if error.filename else ""
            complain(terminal, KeyrackError(f"{path}{error.strerror or error}"))
            return KeyrackError.exit_code
        except Exception as error:  # noqa: BLE001 - a fault of ours: whatever it says passes the same filters
            from keyrack.cli.messages import confess  # late: rarely needed

            confess(terminal, error)
            return KeyrackError.exit_code

    def _command(self, found: Found, command: Command, first: Output) -> int:
        from keyrack.cli.context import Context, command_module, enter_folder  # late: start-up
        from keyrack.cli.messages import complain  # late: start-up
        from keyrack.cli.reading import read_words  # late: start-up
        from keyrack.errors import KeyrackError  # late: start-up

        module = command_module(command)
        words = read_words(module.GRAMMAR, found.rest, self._variables)
        if words.get("help"):
            from keyrack.cli.help import describe  # late: start-up

            return describe(first, module.GRAMMAR)
        variables = self._variables
        if cert := words.get("cert"):
            variables = {**variables, "SSL_CERT_FILE": str(cert)}
        terminal = self._open(words, variables)
        if words.get("isolated"):
            from keyrack.cli.summary import warn  # late: hardly anybody says so

            words = {**words, "no-config": True}
            warn(terminal, _ISOLATED)
        try:
            folder = self._folder or enter_folder(words, variables)
            return module.run(Context(terminal, variables, words, folder, self._asked, self._arguments))
        except KeyrackError as error:
            terminal.progress("")
            complain(terminal, error)
            return error.exit_code
        finally:
            terminal.progress("")
