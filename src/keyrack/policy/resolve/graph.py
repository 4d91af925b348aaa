"""The solver's decisions as a `Resolution`: versions, files, extras, who asked for whom, and what to tell the user."""

from __future__ import annotations

from collections.abc import Mapping

from keyrack.policy.index.files import to_file
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.packages import PYTHON, Package
from keyrack.policy.resolve.universe import Universe
from keyrack.values.artifact import File
from keyrack.values.graph import Pin, Resolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.points import Point


def to_resolution(universe: Universe, decisions: Mapping[Package, Point], *, with_all_files: bool) -> Resolution:
    """Make the graph. `with_all_files` gives every pin all files of its version, not only the one to install."""
    versions = {package.name: version for package, version in decisions.items() if package.name}
    extras: dict[PackageName, set[ExtraName]] = {}
    parents: dict[PackageName, set[PackageName]] = {}
    for package, version in decisions.items():
        if package.extra and not package.is_proxy:
            extras.setdefault(package.name, set()).add(package.extra)
        for dependency in universe.edges.get((package, version), ()):
            if dependency != PYTHON and dependency.name != package.name:
                parents.setdefault(dependency.name, set()).add(package.name)
    pins = []
    warnings: list[str] = []
    for name in sorted(versions):
        candidate = universe.selected(name, versions[name])
        metadata = universe.metadata.get((name, candidate.version)) or Metadata(name, candidate.version.version)
        wheel, files = _files(candidate, with_all_files=with_all_files)
        pin = Pin(
            name=name,
            version=candidate.version.version,
            extras=frozenset(extras.get(name, ())),
            wheel=wheel,
            files=files,
            metadata=metadata,
            required_by=tuple(sorted(parents.get(name, ()))),
            installed=candidate.installed,
        )
        pins.append(pin)
        warnings += _warnings(pin, candidate)
    return Resolution(tuple(pins), tuple(warnings))


def _files(candidate: Candidate, *, with_all_files: bool) -> tuple[File | None, tuple[File, ...]]:
    """Give the wheel to install, if it is one, and the files of the version."""
    choice = candidate.choice
    if choice is None or choice.installable is None:
        return None, ()
    best = to_file(*choice.installable)
    files = tuple(to_file(*listed) for listed in choice.files) if with_all_files else (best,)
    return (best if choice.is_wheel else None), files


def _warnings(pin: Pin, candidate: Candidate) -> list[str]:
    found = []
    listed = candidate.choice.installable if candidate.choice is not None else None
    if listed is not None and listed.link.yanked is not False:
        reason = (
            f' (reason: "{listed.link.yanked}")' if isinstance(listed.link.yanked, str) and listed.link.yanked else ""
        )
        found.append(f"`{pin.name}=={pin.version}` is yanked{reason}")
    found += [
        f"The package `{pin.name}=={pin.version}` does not have an extra named `{extra}`"
        for extra in sorted(pin.extras)
        if extra not in pin.metadata.extras
    ]
    return found
