"""Answer a command line at once that was answered before, where nothing has changed since."""

from __future__ import annotations

import os

from keyrack.operations.settled import Asked, Compiled, Environment, recall
from keyrack.operations.streams import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from keyrack.cli.output import Output


def asked_in(arguments: tuple[str, ...], variables: Mapping[str, str], folder: str | None) -> Asked | None:
    """Give the question that a command line is; `folder` None is the one that this process runs in."""
    try:
        return Asked(arguments, variables, folder or os.getcwd())
    except OSError:  # the folder is gone: it is said elsewhere
        return None


def say_if_settled(asked: Asked, open_terminal: Callable[[Mapping[str, object], Mapping[str, str]], Output]) -> bool:
    """Say what a whole run would say, if that is known."""
    began = monotonic()
    found = recall(asked)
    if found is None:
        return False
    if isinstance(found, Environment):
        return _make(found, asked, open_terminal)
    from keyrack.cli.summary import done  # late: only where there is something to say
    from keyrack.values.styled import Style, Styled  # late: as above

    terminal = open_terminal({}, asked.variables)
    if isinstance(found, Compiled):
        if terminal.is_read_by_people:
            return False  # they see it in colours
        if found.count is not None:
            terminal.say(*done("Resolved", found.count, monotonic() - began))
        terminal.raw_result(found.text)
        return True
    if found.environment:
        terminal.say(Styled(found.environment, Style.DIM))
    terminal.say(*done("Checked", found.count, monotonic() - began))
    return True


def _make(
    found: Environment, asked: Asked, open_terminal: Callable[[Mapping[str, object], Mapping[str, str]], Output]
) -> bool:
    from keyrack.operations.made_again import make  # late: hardly any run makes an environment

    if not make(found):
        return False  # a whole run says what stands in the way
    from keyrack.values.styled import Style, Styled  # late: only where there is something to say

    terminal = open_terminal({}, asked.variables)
    for line in found.lines[:-1]:
        terminal.say(line)
    terminal.say("Activate with: ", Styled(found.lines[-1], Style.GREEN))
    return True
