"""Whether metadata belongs to the file that it was read for (PEP 427, PEP 625)."""

from __future__ import annotations

from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.values.artifact import parse_sdist_name, parse_wheel_name
from keyrack.values.metadata import Metadata


def check_fit(filename: str, metadata: Metadata) -> None:
    """Raise `InvalidText` unless name and version are those of the file's name.

    A file's name may add a local version to that of its metadata, as some mirrors do with wheels for one machine.
    """
    if filename.endswith(".whl"):
        wheel = parse_wheel_name(filename)
        name, version = wheel.name, wheel.version
        if name != metadata.name:
            raise InvalidText(
                f"`{filename}` has inconsistent metadata",
                causes=(f"Package metadata name `{metadata.name}` does not match given name `{name}`",),
            )
    else:
        version = parse_sdist_name(filename, metadata.name).version
    if metadata.version not in (version, Version(version.public)):
        raise InvalidText(
            f"`{filename}` has inconsistent metadata",
            causes=(f"Package metadata version `{metadata.version}` does not match given version `{version}`",),
        )
