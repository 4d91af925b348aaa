"""What is wrong with an environment: the questions of `pip check` and `--strict`, and uv's words for the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
from packaging.markers import Marker
from packaging.version import Version

from keyrack.policy.environment.words import requirement_text, specifier_text
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement

Applies = Callable[[Marker | None], bool]
"""Whether a requirement with this marker counts in the environment, without any extra (PEP 508)."""


class Present(msgspec.Struct, frozen=True):
    """An installed distribution with what it says of itself.

    `metadata` is None where it cannot be read; `fits` says whether one of its wheel's tags is among the
    environment's, None where its WHEEL file cannot be read. Legacy distributions have no wheel, and fit.
    """

    distribution: Installed
    metadata: Metadata | None
    fits: bool | None = True


class Python(msgspec.Struct, frozen=True):
    """The Python that everything must fit: the version that runs, and the full one that ranges are held against."""

    shown: str
    full: Version


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong, as a sentence, and the packages that it is about."""

    message: str
    packages: frozenset[PackageName]


def faults(present: tuple[Present, ...], python: Python, applies: Applies) -> tuple[Fault, ...]:
    """Find everything that is wrong, by name in order; of a package that is there twice nothing else is said."""
    by_name = dict[PackageName, list[Present]]()
    for one in present:
        by_name.setdefault(one.distribution.name, []).append(one)
    found = list[Fault]()
    for name in sorted(by_name):
        if len(by_name[name]) > 1:
            paths = sorted(one.distribution.metadata_path for one in by_name[name])
            listed = "".join(f"\n  - {path}" for path in paths)
            message = f"The package `{name}` has multiple installed distributions: {listed}"
            found.append(Fault(message, frozenset((name,))))
        else:
            found += _of_one(by_name[name][0], by_name, python, applies)
    return tuple(found)


def _of_one(
    one: Present, by_name: Mapping[PackageName, list[Present]], python: Python, applies: Applies
) -> Iterator[Fault]:
    name, metadata = one.distribution.name, one.metadata
    itself = frozenset((name,))
    if metadata is None:
        yield Fault(_broken(one, "`METADATA`"), itself)
        return
    wanted = metadata.requires_python
    if wanted is not None and not wanted.contains(python.full, prereleases=True):
        message = f"The package `{name}` requires Python {specifier_text(wanted)}, but `{python.shown}` is installed"
        yield Fault(message, itself)
    if one.fits is None:
        yield Fault(_broken(one, "`WHEEL` file"), itself)
    elif not one.fits:
        yield Fault(f"The package `{name}` was built for a different platform", itself)
    for requirement in metadata.requires:
        if applies(requirement.marker):
            yield from _of_requirement(name, requirement, by_name.get(requirement.name, []))


def _of_requirement(name: PackageName, requirement: Requirement, there: list[Present]) -> Iterator[Fault]:
    about = frozenset((name, requirement.name))
    wanted = f"The package `{name}` requires `{requirement_text(requirement)}`"
    if not there:
        yield Fault(f"{wanted}, but it's not installed", frozenset((name,)))
    elif len(there) == 1:
        version = there[0].distribution.version
        if not requirement.specifier.contains(version, prereleases=True):
            yield Fault(f"{wanted}, but `{version}` is installed", about)


def _broken(one: Present, what: str) -> str:
    return (
        f"The package `{one.distribution.name}` is broken or incomplete (unable to read {what}). Consider recreating"
        f" the virtualenv, or removing the package directory at: {one.distribution.metadata_path}."
    )
