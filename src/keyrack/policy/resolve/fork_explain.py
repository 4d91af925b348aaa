"""Why a fork has no solution, in words: markers stand behind names, and projects speak for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from keyrack.policy.index.tags import Tags
from keyrack.policy.markers.algebra import FALSE, TRUE, Bounds, both, holds, within_python
from keyrack.policy.markers.reading import read
from keyrack.policy.resolve.explain import explanation
from keyrack.policy.resolve.fork_universe import ForkUniverse
from keyrack.policy.resolve.hints import Tree
from keyrack.policy.resolve.packages import Package
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.words import Known, ResolverWords
from keyrack.values.names import PackageName

_OTHER_PYTHON = (
    "While the active Python version is {}, the resolution failed for other Python versions supported by your project."
    " Consider limiting your project's supported Python versions using `requires-python`."
)
_OTHER_ENVIRONMENT = (
    "The resolution failed for an environment that is not the current one, consider limiting the environments with"
    " `tool.uv.environments`."
)


class Reader(NamedTuple):
    """Whom the words are for: the user's projects, and the Pythons that go without saying."""

    members: frozenset[PackageName]
    pythons: Bounds


class ForkWords(ResolverWords):
    """Words about one fork."""

    def __init__(
        self,
        reader: Reader,
        known: Known,
        stable_only: frozenset[PackageName],
        python: PythonRequirement,
        tags: Tags,
    ) -> None:
        """Take what the words for one environment take, and the reader."""
        super().__init__(known, stable_only, python, tags)
        self._members = reader.members
        self._pythons = reader.pythons

    def name(self, package: Package) -> str:
        """Write a package, without what its marker says of Pythons that are out of the question."""
        if package.marker is None:
            return str(package)
        marker = within_python(package.marker, self._pythons)
        return str(package._replace(marker=None if marker is TRUE else marker))

    def member(self, package: Package) -> str | None:
        """Call the one project so; of several, and of their extras and groups, give the name."""
        if not package.name or package.name not in self._members:
            return None
        is_project = len(self._members) == 1 and not package.extra and not package.group and not package.is_proxy
        return "your project" if is_project else self.name(package)

    def root_requires(self) -> str:
        """Speak of the workspace, where there is one."""
        if not self._members:
            return "you require"
        return "your project requires" if len(self._members) == 1 else "your workspace requires"

    def root_requirements(self) -> str:
        """Speak of the workspace, where there is one."""
        if not self._members:
            return "your requirements"
        return "your project's requirements" if len(self._members) == 1 else "your workspace's requirements"


def fork_explanation(tree: Tree, universe: ForkUniverse, environment: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Give the sentences and the hints. `environment` are the markers of the Python at hand."""
    words = partial(ForkWords, Reader(universe.members, universe.python.whole))
    text, hints = explanation(tree, universe, universe.question, words)
    return text, (*_elsewhere(universe, environment), *hints)


def _elsewhere(universe: ForkUniverse, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Say that the fork is not the environment at hand, where that is so."""
    marker = universe.fork.marker
    here = environment["python_version"]
    if both(marker, read(f"python_version == '{here}'")) is FALSE:
        return (_OTHER_PYTHON.format(here),)
    return () if holds(marker, environment) else (_OTHER_ENVIRONMENT,)
