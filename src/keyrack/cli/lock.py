"""`keyrack lock`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, RESOLVER, switch
from keyrack.cli.grammar import Grammar, Group

GRAMMAR = Grammar(
    "lock",
    "Write down which versions of everything a project gets",
    (
        Group(
            "Options",
            (
                switch("--check --locked", "check", "Fail where the lock is not up to date", "UV_LOCKED"),
                switch("--check-exists --frozen", "frozen", "Fail where there is no lock", "UV_FROZEN"),
                switch("--dry-run", "dry-run", "Say what would change, and write nothing"),
                project_flags.SCRIPT,
            ),
        ),
        INDEX,
        RESOLVER,
        project_flags.PROJECT_BUILD,
        Group("Installer options", tuple(flag for flag in INSTALLER.flags if flag.key == "link-mode")),
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    exclusive=(*EXCLUSIVE[:1], ("check", "frozen")),
)


def run(context: Context) -> int:
    """Lock, and say what happened."""
    from keyrack.cli.locking import carry_out  # late: start-up

    return carry_out(context)
