"""`keyrack auth dir`: where credentials are kept."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar("auth dir", "Show where credentials are kept", (CACHE, GLOBAL), exclusive=EXCLUSIVE)


def run(context: Context) -> int:
    """Print the folder."""
    from keyrack.operations.login import credentials_folder  # late: start-up

    context.terminal.detail(Styled(credentials_folder(context.variables), Style.CYAN))
    return 0
