"""`keyrack pip freeze`: what is installed, as a requirements file."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment, warn_of_faults
from keyrack.cli.flags import CACHE, CERT, EXCLUSIVE, GLOBAL, PLACES, PYTHON, STRICT, SYSTEM, several, switch
from keyrack.cli.grammar import Grammar, Group
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "pip freeze",
    "List what is installed as a requirements file",
    (
        Group(
            "Options",
            (
                switch("--exclude-editable", "exclude-editable", "Leave out editable packages"),
                several("--exclude", "exclude", "Leave out this package; repeatable", check="name"),
                *STRICT,
                several("--path", "path", "Look into this folder only; repeatable"),
                *SYSTEM,
                *PLACES,
                *CERT,
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print one line for each distribution."""
    from keyrack.operations.show import at_paths, frozen, listed  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    environment = find_environment(context)
    paths = context.listed("path")
    found = at_paths(paths) if paths else environment.installed
    excluded = frozenset(map(package_name, context.listed("exclude")))
    editable = False if context.has("exclude-editable") else None
    for name, rest in dict.fromkeys(map(frozen, listed(found, editable=editable, excluded=excluded))):
        context.terminal.result(Styled(name, Style.BOLD) if name else "", rest)
    warn_of_faults(context, environment)
    return 0
