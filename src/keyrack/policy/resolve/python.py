"""Whether a Python is new enough for a `Requires-Python` (core metadata), as uv reads it: only lower bounds count."""

from __future__ import annotations

from enum import Enum

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from keyrack.policy.resolve.versions import ANY, Versions, lower_bound, release_range
from keyrack.values.late import pattern
from keyrack.values.points import point_of

_STAR_AFTER_ORDER = pattern(r"([<>]=?\s*[0-9.]+?)\.\*")


class PythonFrom(Enum):
    """Who said for which Python files are chosen."""

    PYTHON_VERSION = "--python-version"
    REQUIRES_PYTHON = "requires-python"
    INTERPRETER = "the interpreter"


class PythonRequirement:
    """The Python that files are chosen for, and which texts of `Requires-Python` it meets."""

    def __init__(self, target: Version, installed: Version) -> None:
        """`target` is what is resolved for, `installed` what runs: they differ with `--python-version`.

        As attributes they are texts, without the zeros at the end of a release, which is how uv writes them; `wanted`
        is the target as a specifier.
        """
        self._release = point_of(Version(target.base_version))
        self.target = _trimmed(target)
        self.wanted = f">={self.target}"
        self.installed = _trimmed(installed)
        self.is_installed = target == installed
        self.said_by = PythonFrom.PYTHON_VERSION
        self._known: dict[str, tuple[bool, Versions]] = {}

    def meets(self, text: str | None) -> bool:
        """Say whether the Python is not older than a `Requires-Python` asks; upper bounds say nothing reliable."""
        return text is None or self._read(text)[0]

    def allowed(self, text: str) -> Versions:
        """Give the Python versions that a `Requires-Python` names."""
        return self._read(text)[1]

    def _read(self, text: str) -> tuple[bool, Versions]:
        found = self._known.get(text)
        if found is None:
            allowed = read_requires_python(text)
            bound, included = lower_bound(allowed)
            met = bound is None or bound < self._release or (included and bound == self._release)
            found = self._known[text] = met, allowed
        return found


def _trimmed(version: Version) -> str:
    release = list(version.release)
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    return ".".join(map(str, release))


def read_requires_python(text: str) -> Versions:
    """Read a `Requires-Python`; the older form `>=3.6.*` as `>=3.6`, and what cannot be read as no limit."""
    try:
        return release_range(SpecifierSet(text))
    except InvalidSpecifier:
        pass
    try:
        return release_range(SpecifierSet(_STAR_AFTER_ORDER.sub(r"\1", text)))
    except InvalidSpecifier:
        return ANY
