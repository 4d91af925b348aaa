"""The only reader of the environment: a snapshot, taken once, that everything else is handed as a mapping."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than `--version` has
    from collections.abc import Mapping


def environment() -> Mapping[str, str]:
    """Take a snapshot of this process's environment."""
    return dict(os.environ)
