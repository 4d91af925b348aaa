"""Text with looks: what the command line hands to a terminal."""

from __future__ import annotations

from enum import Enum

import msgspec


class Style(Enum):
    """How a piece of text looks on a terminal that has colours: the SGR codes."""

    BOLD = "1"
    DIM = "2"
    ITALIC = "3"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"
    ERROR = "1;31"
    WARNING = "1;33"
    HINT = "1;36"
    HEADING = "1;32"
    DIM_BOLD = "2;1"


class Styled(msgspec.Struct, frozen=True):
    """A piece of text and its looks."""

    text: str
    style: Style


Piece = str | Styled
