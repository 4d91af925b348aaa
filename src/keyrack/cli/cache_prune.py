"""`keyrack cache prune`: remove from the cache what nobody can use any more."""

from __future__ import annotations

from keyrack.cli.cache import cache_of, sentence, shown_cache
from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group

GRAMMAR = Grammar(
    "cache prune",
    "Remove from the cache what nobody can use any more",
    (
        Group(
            "Options",
            (
                switch("--ci", "ci", "Remove as well what an index can give again, and keep what was built here"),
                switch("--force", "force", "Do not wait for others who use the cache"),
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Remove, and say how much went."""
    terminal, shown, cache = context.terminal, shown_cache(context), cache_of(context, can_force=True)
    if not cache.exists:
        terminal.say("No cache found at: ", shown)
        return 0
    with cache.alone(force=context.has("force")):
        terminal.say("Pruning cache at: ", shown)
        gone = cache.prune(fetched=context.has("ci"))
    terminal.say(*sentence(gone, "No unused entries found"))
    return 0
