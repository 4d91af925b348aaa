"""`keyrack python dir`: where Pythons of one's own would lie."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar("python dir", "Show where Pythons of one's own would lie", (CACHE, GLOBAL), exclusive=EXCLUSIVE)


def run(context: Context) -> int:
    """Print the folder."""
    from keyrack.operations.python_dir import python_dir  # late: start-up

    context.terminal.detail(Styled(python_dir(context.variables), Style.CYAN))
    return 0
