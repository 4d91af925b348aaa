"""`keyrack cache clean`: empty the cache, or take out what belongs to some packages."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import shown_path
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import amount
from keyrack.operations.caches import Amount
from keyrack.values.styled import Piece, Style, Styled

GRAMMAR = Grammar(
    "cache clean",
    "Empty the cache, or take out what belongs to some packages",
    (Group("Options", (switch("--force", "force", "Do not wait for others who use the cache"),)), CACHE, GLOBAL),
    operand=Operand("packages", "PACKAGE", "The packages whose entries are removed", many=True, check="name"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Remove, and say how much went."""
    from keyrack.operations.caches import cache_folder, clean, exists  # late: start-up
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    terminal = context.terminal
    folder = cache_folder(Words(context.words, context.variables, context.folder), terminal.log)
    shown = Styled(shown_path(folder, context.folder), Style.CYAN)
    names = sorted({package_name(text) for text in context.listed("packages")})
    if not names and exists(folder):
        terminal.say("Clearing cache at: ", shown)
    done = clean(folder, names or None, terminal.log, force=context.has("force"))
    terminal.say(*_sentence(done.amount) if done.existed else ("No cache found at: ", shown))
    return 0


def _sentence(gone: Amount) -> tuple[Piece, ...]:
    if gone.files:
        what = "Removed 1 file" if gone.files == 1 else f"Removed {gone.files} files"
    elif gone.folders:
        what = "Removed 1 directory" if gone.folders == 1 else f"Removed {gone.folders} directories"
    else:
        what = "No cache entries found"
    return (what, " (", Styled(amount(gone.size), Style.GREEN), ")") if gone.size else (what,)
