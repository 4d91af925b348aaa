"""`keyrack auth explain`: which identity would go with a request, and why; nothing is sent."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, CERT, EXCLUSIVE, GLOBAL, INDEX
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "auth explain",
    "Say which identity would go with a request, and why; nothing is sent",
    (INDEX, Group("Options", CERT), CACHE, GLOBAL),
    operand=Operand("target", "URL|PACKAGE", "A URL, or a package: its page on each index is explained", required=True),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print what would happen to each request that the words stand for."""
    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.explain import explain  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    with open_run(Surround(words, context.terminal.log)) as tools:
        found = explain(context.text("target") or "", tools.settings.indexes, tools.lookups)
    for position, one in enumerate(found):
        heading, *facts = one.lines
        if position:
            context.terminal.detail("")
        context.terminal.detail(Styled(heading, Style.BOLD))
        for fact in facts:
            context.terminal.detail(fact)
    return 0
