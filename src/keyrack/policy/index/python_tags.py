"""Which wheels a range of Pythons can use at all: every platform and implementation counts, only the Python is asked.

As uv: a wheel is out where its tags say for certain that no Python of the range can use it (PEP 425).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from keyrack.policy.index.tags import BestTag, Mismatch, Tags
from keyrack.policy.markers.algebra import Bounds
from keyrack.policy.markers.diagram import Cut
from keyrack.values.late import pattern
from keyrack.values.points import Point

STABLE: Final = frozenset(("abi3", "abi3t"))
_PYTHON = pattern(r"(py|cp|pp|graalpy|pyston)(\d)(\d{0,2})")
_ABI = pattern(r"(?:cp(\d)(\d+)[dmutw]*|pypy(\d)(\d+)_pp\d+|pypy_\d+|graalpy\d+_(\d)(\d+)_native|pyston_\d+_.*)")
Minor = tuple[int, int]


class PythonTag(NamedTuple):
    """The Python part of a tag, taken apart: `cp`, 3 and 12; `minor` is None in `py3`."""

    kind: str
    major: int
    minor: int | None


def python_tag(text: str) -> PythonTag | None:
    """Take the Python part of a tag apart; None for what no Python is known by."""
    found = _PYTHON.fullmatch(text)
    if found is None:
        return None
    kind, major, minor = found.groups()
    return PythonTag(kind, int(major), int(minor) if minor else None)


def fits(tags: Tags, filename: str) -> bool:
    """Say whether a wheel fits, by its name."""
    _, pythons, abis, platforms = filename.removesuffix(".whl").rsplit("-", 3)
    return not isinstance(tags.fit(pythons, abis, platforms), Mismatch)


def begins_below(filename: str, upper: Cut | None) -> bool:
    """Say whether the first Python that a wheel is for, by its name, lies below a bound."""
    last = _last_minor(upper)
    pythons = filename.removesuffix(".whl").rsplit("-", 3)[1].split(".")
    tags = [python_tag(python) for python in pythons if python != "none"]
    if last is None or len(tags) < len(pythons):
        return True
    return any((tag.major, tag.minor or 0) <= last for tag in tags if tag is not None)


class PythonTags(Tags):
    """Says of wheels whether some Python of a range can use them; all that can are as good as one another."""

    def __init__(self, bounds: Bounds) -> None:
        """Take the range."""
        super().__init__(())
        if bounds.lower is not None:
            major, minor = _minor(bounds.lower[0])
            self.best = BestTag("", f"cp{major}{minor}", "")
        self._lower = None if bounds.lower is None else _minor(bounds.lower[0])
        self._upper = _last_minor(bounds.upper)

    def _fit(self, pythons: list[str], abis: list[str], platforms: list[str]) -> int | Mismatch:
        fits = any(self._is_usable(abi, pythons) for abi in abis)
        return 0 if fits else Mismatch.PYTHON_VERSION

    def _is_usable(self, abi: str, pythons: Iterable[str]) -> bool:
        if abi in STABLE:
            return True
        if abi == "none":
            return any(self._is_usable_python(python) for python in pythons)
        found = _ABI.fullmatch(abi)
        if found is None:
            return False
        numbers = [int(number) for number in found.groups() if number is not None]
        if not numbers:
            return abi.startswith("pyston")
        return numbers[0] > 2 and (numbers[0] != 3 or self._holds((3, numbers[1])))

    def _is_usable_python(self, text: str) -> bool:
        if text == "none":
            return True
        found = python_tag(text)
        if found is None or found.major == 2:
            return False
        if found.major != 3 or found.minor is None:
            return True
        # `py37` works from 3.7 on, `cp37` with 3.7 alone.
        return self._is_below((3, found.minor)) if found.kind == "py" else self._holds((3, found.minor))

    def _holds(self, minor: Minor) -> bool:
        return (self._lower is None or minor >= self._lower) and self._is_below(minor)

    def _is_below(self, minor: Minor) -> bool:
        return self._upper is None or minor <= self._upper


def _minor(release: object) -> Minor:
    major, minor, *_ = (*(release.version.release if isinstance(release, Point) else ()), 0, 0)
    return major, minor


def _last_minor(upper: Cut | None) -> Minor | None:
    """Give the last minor version below an upper bound: 3.12 for `<3.13`, 3.13 for `<3.13.2`."""
    if upper is None:
        return None
    release, side = upper
    minor = _minor(release)
    patch = (*release.version.release, 0, 0, 0)[2] if isinstance(release, Point) else 0
    return minor if side or patch else (minor[0], minor[1] - 1)
