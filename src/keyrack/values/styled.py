"""Text with looks: what the command line hands to a terminal."""

from __future__ import annotations

from keyrack.values.light import Light


class Style(str):
    """How a piece of text looks on a terminal that has colours: the SGR codes. No `Enum`, for start-up."""

    __slots__ = ()

    BOLD: Style
    DIM: Style
    ITALIC: Style
    RED: Style
    GREEN: Style
    YELLOW: Style
    CYAN: Style
    ERROR: Style
    WARNING: Style
    HINT: Style
    HEADING: Style
    DIM_BOLD: Style


Style.BOLD = Style("1")
Style.DIM = Style("2")
Style.ITALIC = Style("3")
Style.RED = Style("31")
Style.GREEN = Style("32")
Style.YELLOW = Style("33")
Style.CYAN = Style("36")
Style.ERROR = Style("1;31")
Style.WARNING = Style("1;33")
Style.HINT = Style("1;36")
Style.HEADING = Style("1;32")
Style.DIM_BOLD = Style("2;1")


class Styled(Light):
    """A piece of text and its looks."""

    text: str
    style: Style


Piece = str | Styled
