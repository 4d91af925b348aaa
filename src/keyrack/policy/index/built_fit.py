"""Whether what a backend built is the wheel that was meant, and can be used where it was built (PEP 427, 517)."""

from __future__ import annotations

from itertools import product

from keyrack.errors import InvalidText
from keyrack.policy.index.tags import Mismatch, tags_of
from keyrack.values.artifact import parse_wheel_name
from keyrack.values.interpreter import Interpreter
from keyrack.values.source_tree import SourceTree


def check_built(filename: str, tree: SourceTree, python: Interpreter) -> None:
    """Raise `InvalidText` for a name that is no wheel's, or another package's, or another version's or Python's."""
    try:
        wheel = parse_wheel_name(filename)
        version = wheel.version
    except InvalidText as error:
        raise InvalidText("Built wheel has an invalid filename", causes=(error.message,)) from error
    if tree.name is not None and wheel.name != tree.name:
        raise InvalidText(f"Package metadata name `{wheel.name}` does not match given name `{tree.name}`")
    # A build may add a local version: of which compiler, of which library.
    if tree.version is not None and tree.version not in (version, type(version)(version.public)):
        raise InvalidText(f"Package metadata version `{version}` does not match given version `{tree.version}`")
    tags = tags_of(python)
    fits = (tags.fit(*tag) for tag in product(wheel.pythons, wheel.abis, wheel.platforms))
    if all(isinstance(fit, Mismatch) for fit in fits):
        system = python.markers.get("platform_system", "this platform")
        raise InvalidText(
            f"The built wheel `{filename}` is not compatible with the current Python {python.minor} on {system}"
        )
