"""`keyrack cache clean`: empty the cache, or take out what belongs to some packages."""

from __future__ import annotations

from keyrack.cli.cache import cache_of, folder_of, sentence, shown_cache
from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group, Operand

GRAMMAR = Grammar(
    "cache clean",
    "Empty the cache, or take out what belongs to some packages",
    (Group("Options", (switch("--force", "force", "Do not wait for others who use the cache"),)), CACHE, GLOBAL),
    operand=Operand("packages", "PACKAGE", "The packages whose entries are removed", many=True, check="name"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Remove, and say how much went."""
    from keyrack.operations.caches import clean  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    terminal, shown, cache = context.terminal, shown_cache(context), cache_of(context, can_force=True)
    if not cache.exists:
        terminal.say("No cache found at: ", shown)
        return 0
    names = sorted({package_name(text) for text in context.listed("packages")})
    with cache.alone(force=context.has("force")):
        if not names:
            terminal.say("Clearing cache at: ", shown)
        done = clean(folder_of(context), names or None, terminal.log, force=True)
    terminal.say(*sentence(done.amount, "No cache entries found"))
    return 0
