"""The bounds that a requirement gets when it is added: what counts as the next major or minor version (uv's rules)."""

from __future__ import annotations

from enum import Enum

from packaging.version import Version


class Bounds(Enum):
    """How far a new requirement reaches from the version that was locked."""

    LOWER = "lower"
    MAJOR = "major"
    MINOR = "minor"
    EXACT = "exact"


def bounded(version: Version, bounds: Bounds) -> str:
    """Write the specifier. Zeros in front do not count: what follows them is the major version (0.1.2 -> <0.2.0)."""
    public = version.public
    if bounds is Bounds.EXACT:
        return f"=={public}"
    if bounds is Bounds.LOWER:
        return f">={public}"
    release = version.release
    zeros = next((place for place, number in enumerate(release) if number), len(release))
    if zeros == len(release):  # nothing but zeros: as if there were more of them
        place = 1 if bounds is Bounds.MAJOR else 2
    else:
        # 0.0.1 has no minor version that could be raised without making it longer.
        place = zeros if bounds is Bounds.MAJOR or zeros >= 2 else zeros + 1
    numbers = [*release, *([0] * (place + 1 - len(release)))]
    upper = [*numbers[:place], numbers[place] + 1, *([0] * (len(numbers) - place - 1))]
    return f">={public},<{'.'.join(map(str, upper))}"
