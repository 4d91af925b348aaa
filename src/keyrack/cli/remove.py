"""`keyrack remove`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, RESOLVER, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand

GRAMMAR = Grammar(
    "remove",
    "Take requirements out of the project",
    (
        Group(
            "Options",
            (
                switch("--dev", "dev", "Take out of the group `dev`", "UV_DEV"),
                text("--optional", "optional", "Take out of the requirements of this extra", check="name"),
                text("--group", "group", "Take out of this dependency group", check="name"),
                text("--package", "package", "The member of the workspace that is meant", check="name"),
                switch("--no-sync", "no-sync", "Leave the environment as it is", "UV_NO_SYNC"),
                *project_flags.MODE,
                *project_flags.ACTIVE,
                project_flags.SCRIPT,
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
    operand=Operand("packages", "PACKAGES", "The packages that are taken out", many=True, required=True),
    exclusive=(*EXCLUSIVE[:1], ("locked", "frozen"), ("dev", "optional"), ("dev", "group"), ("optional", "group")),
)


def run(context: Context) -> int:
    """Remove, lock and sync."""
    from keyrack.cli.editing import carry_out_remove  # late: start-up

    return carry_out_remove(context)
