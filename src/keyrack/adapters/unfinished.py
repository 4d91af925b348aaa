"""Whether a run that was killed left a change of an environment behind: told by one look into each folder."""

from __future__ import annotations

import os
from collections.abc import Iterable

PREFIX = ".keyrack-"
"""How a folder of unfinished work in a site-packages begins; no Python looks into it."""


def is_unfinished(folders: Iterable[str]) -> bool:
    """Say whether there is unfinished work, or what is left of it; it may be that of a run that goes on right now."""
    return any(name.startswith(PREFIX) for folder in dict.fromkeys(folders) for name in _listed(folder))


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
