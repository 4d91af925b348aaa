"""`keyrack pip freeze`: what is installed, as a requirements file."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment
from keyrack.cli.flags import CACHE, PYTHON, Flag, add_flags
from keyrack.cli.usage import Parser

OWN = (
    Flag(("--exclude-editable",), "exclude-editable", help="Exclude any editable packages from output"),
    Flag(("--exclude",), "exclude", "list", "Exclude the specified package(s) from the output", "EXCLUDE"),
    Flag(("--path",), "path", "list", "Look at this folder only; may be repeated", "PATHS"),
)


def configure(parser: Parser) -> None:
    """Take no words but flags."""
    add_flags(parser, OWN, PYTHON, CACHE)


def run(context: Context) -> int:
    """Print one line for each distribution."""
    from keyrack.operations.show import at_paths, frozen, listed  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    found = find_environment(context).installed
    if paths := context.listed("path"):
        found = at_paths(paths)
    excluded = frozenset(map(package_name, context.listed("exclude")))
    editable = False if context.has("exclude-editable") else None
    for line in dict.fromkeys(map(frozen, listed(found, editable=editable, excluded=excluded))):
        context.terminal.result(line)
    return 0
