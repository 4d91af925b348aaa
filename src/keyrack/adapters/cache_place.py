"""Where the cache lies, unless the user says otherwise."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than a run may that finds nothing to do
    from collections.abc import Mapping


def default_folder(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """Say where the cache lies unless the user says otherwise: a folder of our own, never uv's."""
    home = environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~")
    if platform == "win32":
        local = environment.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(local, "keyrack", "cache")
    given = environment.get("XDG_CACHE_HOME", "")
    # A relative path there is to be ignored (XDG Base Directory Specification).
    return os.path.join(given if os.path.isabs(given) else os.path.join(home, ".cache"), "keyrack")
