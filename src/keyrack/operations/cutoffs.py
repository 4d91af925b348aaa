"""Say of a text whether it can be an `exclude-newer`, for the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from keyrack.adapters import clock
from keyrack.errors import InvalidText
from keyrack.formats.cutoff_text import Moment, parse_cutoff


def why_not(text: str) -> str:
    """Say why a text is no cutoff; "" where it is one."""
    now = datetime.fromtimestamp(clock.now(), UTC)
    try:
        parse_cutoff(text, Moment(now, lambda local: local.astimezone(UTC)))
    except InvalidText as error:
        return error.message
    return ""
