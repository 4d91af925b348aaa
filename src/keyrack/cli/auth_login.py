"""`keyrack auth login`: keep credentials for a service."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, secret, text
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.service import SERVICE, USERNAME, file_of, keys_of
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "auth login",
    "Keep credentials for a service: a URL and all below it",
    (
        Group(
            "Options",
            (
                USERNAME,
                secret(text("--password", "password", "The password there; `-` reads it from standard input")),
                secret(text("--token -t", "token", "A token in place of both; `-` reads it from standard input")),
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    operand=SERVICE,
    exclusive=(*EXCLUSIVE, ("token", "username"), ("token", "password")),
)


def run(context: Context) -> int:
    """Keep them, and say for whom; what is missing is asked for at a terminal."""
    from keyrack.operations.login import Person, log_in, shown  # late: start-up

    login = log_in(keys_of(context), Person(), file_of(context))
    context.terminal.say("Stored credentials for ", Styled(shown(login.service, login.username), Style.CYAN))
    return 0
