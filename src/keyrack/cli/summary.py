"""How amounts, durations and changes read: the lines that a changed environment is summed up in."""

from __future__ import annotations

from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from collections.abc import Iterable
    from typing import Protocol

    from keyrack.cli.output import Output
    from keyrack.values.styled import Piece
else:
    Protocol = object

SIGNS = {"+": Style.GREEN, "-": Style.RED, "~": Style.YELLOW}


class Change(Protocol):
    """One changed distribution."""

    @property
    def sign(self) -> str:
        """`+`, `-` or `~`."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def version(self) -> object:
        """Its version."""

    @property
    def source(self) -> str:
        """Where it came from if no index served it, else ""."""


def duration(seconds: float) -> str:
    """Write a time as uv does: `0.81ms`, `207ms`, `1.11s`, `2m 03s`."""
    nanoseconds = int(seconds * 1_000_000_000)
    whole, rest = divmod(nanoseconds, 1_000_000_000)
    if whole >= 60:
        return f"{whole // 60}m {whole % 60:02}s"
    if whole:
        return f"{whole}.{rest // 10_000_000:02}s"
    return f"{rest // 1_000_000}ms" if rest >= 1_000_000 else f"0.{rest // 10_000:02}ms"


def counted(count: int, what: str = "package") -> str:
    """Write a number of things: `1 package`, `2 packages`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def amount(size: int) -> str:
    """Write a number of bytes in binary units, with one digit after the point: `512B`, `1.2KiB`, `34.0MiB`."""
    value, unit = float(size), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            break
        value /= 1024
    return f"{size}B" if unit == "B" else f"{value:.1f}{unit}"


def done(verb: str, count: int, seconds: float, what: str = "package") -> tuple[Piece, ...]:
    """Write what was done and how long it took: `Resolved 3 packages in 12ms`; without packages only the time."""
    time = Styled(f"in {duration(seconds)}", Style.DIM)
    if not count:
        return (Styled(f"{verb} ", Style.DIM), time)
    return (Styled(f"{verb} ", Style.DIM), Styled(counted(count, what), Style.DIM_BOLD), " ", time)


def would(verb: str, count: int) -> tuple[Piece, ...]:
    """Write what would be done: `Would install 3 packages`."""
    return (Styled(f"Would {verb} ", Style.DIM), Styled(counted(count), Style.DIM_BOLD))


def warn(output: Output, text: str) -> None:
    """Write a warning. What was mistyped may be repeated in it."""
    from keyrack.values.redaction import redacted  # late: start-up

    output.say(Styled("warning", Style.WARNING), Styled(":", Style.BOLD), " ", Styled(redacted(text), Style.BOLD))


def list_changes(output: Output, changes: Iterable[Change]) -> None:
    """Write one line for each change: ` + name==1.0 (from URL)`."""
    for one in changes:
        source = f" (from {one.source})" if one.source else ""
        sign = Styled(one.sign, SIGNS[one.sign])
        output.say(" ", sign, " ", Styled(one.name, Style.BOLD), Styled(f"=={one.version}{source}", Style.DIM))
