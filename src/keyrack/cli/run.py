"""`keyrack run`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, RESOLVER, separated, several, switch
from keyrack.cli.grammar import Grammar, Group, Operand

_WAYS = (
    switch("--module -m", "module", "Run a module of Python"),
    switch("--script -s", "as-script", "Run a file as a script of Python"),
    separated(several("--with", "with", "Have this package too; repeatable"), ","),
    several("--with-editable", "with-editable", "Have this source tree too, editable; repeatable"),
    several("--with-requirements", "with-requirements", "Have what this file lists too; repeatable"),
    separated(several("--env-file", "env-file", "Set the variables of this file; repeatable", "UV_ENV_FILE"), " "),
    switch("--no-env-file", "no-env-file", "Read no file of variables", "UV_NO_ENV_FILE"),
    switch("--exact", "exact", "Take out what the lock does not name"),
    switch("--inexact", "exact", kind="no"),
    switch("--isolated", "isolated", "Take another environment than the project's"),
    switch("--no-sync", "no-sync", "Leave the environment as it is", "UV_NO_SYNC"),
    switch("--no-project", "no-project", "Look for no project", "UV_NO_PROJECT"),
)

GRAMMAR = Grammar(
    "run",
    "Run a command in the project's environment",
    (
        Group(
            "Options",
            (
                *project_flags.GROUPS,
                *project_flags.EDITABLE,
                *_WAYS,
                *project_flags.ACTIVE,
                *project_flags.LEAVING,
                *project_flags.MODE,
                *project_flags.PACKAGES,
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
    operand=Operand("command", "COMMAND", "The command and its words", many=True, takes_rest=True),
    exclusive=(*EXCLUSIVE[:1], *project_flags.EXCLUSIVE),
)


def run(context: Context) -> int:
    """Prepare the environment, run the command in it, and give its exit code."""
    from keyrack.cli.running import carry_out  # late: start-up

    return carry_out(context)
