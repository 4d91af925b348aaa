"""`keyrack auth logout`: forget the credentials kept for a service."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.service import SERVICE, USERNAME, file_of, keys_of
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "auth logout",
    "Forget the credentials kept for a service",
    (Group("Options", (USERNAME,)), CACHE, GLOBAL),
    operand=SERVICE,
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Forget them, and say whose."""
    from keyrack.operations.login import log_out  # late: start-up

    gone = log_out(keys_of(context), file_of(context))
    context.terminal.say("Removed credentials for ", Styled(gone, Style.CYAN))
    return 0
