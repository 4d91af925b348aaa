"""`keyrack cache dir`: where the cache lies."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar("cache dir", "Show where the cache lies", (CACHE, GLOBAL), exclusive=EXCLUSIVE)


def run(context: Context) -> int:
    """Print the folder."""
    from keyrack.operations.caches import cache_folder  # late: start-up
    from keyrack.operations.configure import Words  # late: start-up

    folder = cache_folder(Words(context.words, context.variables, context.folder), context.terminal.log)
    context.terminal.detail(Styled(folder, Style.CYAN))
    return 0
