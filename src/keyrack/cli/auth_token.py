"""`keyrack auth token`: the password or token kept for a service, and nothing else, for another program to read."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.service import SERVICE, USERNAME, file_of, keys_of

GRAMMAR = Grammar(
    "auth token",
    "Show the password or token kept for a service",
    (Group("Options", (USERNAME,)), CACHE, GLOBAL),
    operand=SERVICE,
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print it."""
    from keyrack.operations.login import token  # late: start-up

    context.terminal.raw_result(token(keys_of(context), file_of(context)).reveal() + "\n")
    return 0
