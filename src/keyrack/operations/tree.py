"""What is installed, as a tree of dependencies."""

from __future__ import annotations

from keyrack.errors import KeyrackError
from keyrack.operations.environments import Surveyed, metadata_of
from keyrack.policy.environment.tree import TreeOptions, draw
from keyrack.policy.resolve.environment import Environment
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata


def tree(found: Surveyed, options: TreeOptions) -> tuple[str, ...]:
    """Give the lines of the tree. Raises `KeyrackError` for a distribution whose metadata cannot be read."""
    environment = Environment(found.interpreter.markers)
    return draw(map(_metadata, found.installed), options, environment.holds)


def _metadata(one: Installed) -> Metadata:
    metadata = metadata_of(one)
    if metadata is None:
        raise KeyrackError(f"Failed to read metadata from: `{one.metadata_path}`")
    return metadata
