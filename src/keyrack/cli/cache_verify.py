"""`keyrack cache verify`: hash everything in the cache again, and remove what is not as it was stored."""

from __future__ import annotations

from keyrack.cli.cache import cache_of, shown_cache
from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL
from keyrack.cli.grammar import Grammar
from keyrack.cli.summary import amount, counted
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "cache verify",
    "Hash every file of every wheel in the cache again, and remove what is damaged",
    (CACHE, GLOBAL),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Name what is damaged and was removed; the exit code is 1 if anything was."""
    terminal, shown, cache = context.terminal, shown_cache(context), cache_of(context)
    if not cache.exists:
        terminal.say("No cache found at: ", shown)
        return 0
    terminal.say("Verifying cache at: ", shown)
    found = cache.verify()
    for damage in found.damages:
        terminal.detail(Styled("-", Style.RED), " ", Styled(damage.name, Style.BOLD), f": {damage.fault}")
    entries = "1 other entry" if found.entries == 1 else f"{found.entries} other entries"
    size = Styled(amount(found.size), Style.GREEN)
    terminal.say(f"Verified {counted(found.wheels, 'wheel')} and {entries} (", size, ")")
    if not found.damages:
        return 0
    number = len(found.damages)
    terminal.say("Removed 1 damaged entry" if number == 1 else f"Removed {number} damaged entries")
    return 1
