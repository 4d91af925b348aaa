"""What the commands share that look after the cache."""

from __future__ import annotations

from keyrack.cli.environment import shown_path
from keyrack.cli.summary import amount
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from keyrack.cli.context import Context
    from keyrack.operations.upkeep import Amount, Upkeep
    from keyrack.values.styled import Piece


def folder_of(context: Context) -> str:
    """Give the cache's folder."""
    from keyrack.operations.caches import cache_folder  # late: start-up
    from keyrack.operations.configure import Words  # late: start-up

    return cache_folder(Words(context.words, context.variables, context.folder), context.terminal.log)


def shown_cache(context: Context) -> Styled:
    """Write the cache's folder for people."""
    return Styled(shown_path(folder_of(context), context.folder), Style.CYAN)


def cache_of(context: Context, *, can_force: bool = False) -> Upkeep:
    """Give the cache; who has to wait for others is told so."""
    from keyrack.operations.upkeep import Upkeep  # late: start-up

    way_out = " (use `--force` to override)" if can_force else ""

    def waiting() -> None:
        context.terminal.say(f"Cache is currently in-use, waiting for other keyrack processes to finish{way_out}")

    return Upkeep(folder_of(context), context.variables, waiting)


def sentence(gone: Amount, nothing: str) -> tuple[Piece, ...]:
    """Say how much went."""
    if gone.files:
        what = "Removed 1 file" if gone.files == 1 else f"Removed {gone.files} files"
    elif gone.folders:
        what = "Removed 1 directory" if gone.folders == 1 else f"Removed {gone.folders} directories"
    else:
        what = nothing
    return (what, " (", Styled(amount(gone.size), Style.GREEN), ")") if gone.size else (what,)
