"""`keyrack cache size`: how much room the cache takes."""

from __future__ import annotations

from keyrack.cli.cache import cache_of
from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, choice, switch
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.summary import amount

GRAMMAR = Grammar(
    "cache size",
    "Show how much room the cache takes on the disk",
    (
        Group(
            "Options",
            (
                choice("--output-format", "output-format", "auto human machine", "How the size is written"),
                switch("--human -H", "human", "Write the size for people, as in `1.2GiB`, and not in bytes"),
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print the size: in bytes, unless people are to read it."""
    terminal, cache = context.terminal, cache_of(context)
    size = cache.size() if cache.exists else 0
    form = context.text("output-format") or "auto"
    is_human = context.has("human") or form == "human" or (form == "auto" and terminal.is_read_by_people)
    terminal.result(amount(size) if is_human else str(size))
    return 0
