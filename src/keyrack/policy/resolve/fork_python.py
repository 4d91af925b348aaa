"""The Pythons that a fork is solved for: which `Requires-Python` all of them meet, and how a fork narrows them."""

from __future__ import annotations

from functools import lru_cache

from packaging.version import Version

from keyrack.policy.markers.algebra import Bounds, Diagram, python_diagram
from keyrack.policy.resolve.python import PythonFrom, PythonRequirement, read_requires_python


class PythonRange(PythonRequirement):
    """A range of Pythons in place of one. Only lower bounds count: no package knows which Pythons are to come."""

    def __init__(self, bounds: Bounds, installed: Version, said_by: PythonFrom = PythonFrom.REQUIRES_PYTHON) -> None:
        """`installed` is the Python at hand. Messages tell of the whole range, also where a fork has less of it."""
        super().__init__(installed, installed)
        self.is_installed = False
        self.said_by = said_by
        self.wanted = str(bounds).replace(",", ", ")
        self.bounds = self.whole = bounds
        self.marker: Diagram = python_diagram(bounds)
        self._python = installed

    def meets(self, text: str | None) -> bool:
        """Say whether none of the Pythons is older than a `Requires-Python` asks."""
        if text is None:
            return True
        wanted = wanted_bounds(text).lower
        return wanted is None or (self.bounds.lower is not None and wanted <= self.bounds.lower)

    def is_raised_by(self, bounds: Bounds) -> bool:
        """Say whether a marker begins at a later Python."""
        return bounds.lower is not None and (self.bounds.lower is None or bounds.lower > self.bounds.lower)

    def narrowed(self, bounds: Bounds) -> PythonRange:
        """Give the range that is left in a fork."""
        met = self.bounds.meet(bounds)
        if met == self.bounds:
            return self
        narrowed = PythonRange(met, self._python, self.said_by)
        narrowed.wanted = self.wanted
        narrowed.whole = self.whole
        return narrowed


@lru_cache(maxsize=8192)
def wanted_bounds(text: str) -> Bounds:
    """Give the bounds of a `Requires-Python`."""
    segments = list(read_requires_python(text).segments())
    if not segments:
        return Bounds()
    first, last = segments[0], segments[-1]
    return Bounds(
        None if first.lower is None else (first.lower, 0 if first.includes_lower else 1),
        None if last.upper is None else (last.upper, 1 if last.includes_upper else 0),
    )
