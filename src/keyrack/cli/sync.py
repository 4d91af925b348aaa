"""`keyrack sync`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, RESOLVER, choice, defaulted, switch
from keyrack.cli.grammar import Grammar, Group

_WAYS = (
    switch("--inexact --no-exact", "inexact", "Leave what the lock does not name"),
    switch("--exact", "inexact", kind="no"),
    switch("--dry-run", "dry-run", "Say what would be done, and do nothing"),
    switch("--check", "check", "Do nothing, and end with 1 if anything would have to be done"),
    defaulted(choice("--output-format", "output-format", "text json", "The form of the result"), "text"),
)

GRAMMAR = Grammar(
    "sync",
    "Make the project's environment hold what its lock says",
    (
        Group(
            "Options",
            (
                *project_flags.GROUPS,
                *project_flags.EDITABLE,
                *project_flags.ACTIVE,
                *project_flags.LEAVING,
                *project_flags.MODE,
                *project_flags.PACKAGES,
                project_flags.SCRIPT,
                *project_flags.PLATFORM,
                *_WAYS,
            ),
        ),
        INDEX,
        RESOLVER,
        INSTALLER,
        project_flags.PROJECT_BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    exclusive=(*EXCLUSIVE[:1], *project_flags.EXCLUSIVE),
)


def run(context: Context) -> int:
    """Sync, and say what happened."""
    from keyrack.cli.syncing import carry_out  # late: start-up

    return carry_out(context)
