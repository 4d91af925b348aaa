"""Make an environment as it was made before by the same words (`settled`)."""

from __future__ import annotations

from keyrack.adapters.trees import put
from keyrack.operations.settled import Environment


def make(found: Environment) -> bool:
    """Make it; False, and nothing is there, where something stands in the way."""
    return put(found.path, found.taken)
