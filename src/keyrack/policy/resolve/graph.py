"""The solver's decisions as a `Resolution`: versions, files, extras, who asked for whom, and what to tell the user."""

from __future__ import annotations

from collections.abc import Mapping

from keyrack.policy.index.files import to_file
from keyrack.policy.resolve.bounds import unbounded_transitively
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.direct import file_of
from keyrack.policy.resolve.hashes import Hashes
from keyrack.policy.resolve.packages import Package
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.universe import Universe
from keyrack.values.artifact import Digest, File
from keyrack.values.graph import Pin, Resolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.points import Point
from keyrack.values.requirement import FromIndex, FromUrl


def to_resolution(
    question: Question, universe: Universe, decisions: Mapping[Package, Point], *, with_all_files: bool
) -> Resolution:
    """Make the graph. `with_all_files` gives every pin all files of its version, not only the one to install."""
    versions = {package.name: version for package, version in decisions.items() if package.name}
    extras: dict[PackageName, set[ExtraName]] = {}
    parents: dict[PackageName, set[PackageName]] = {}
    for package, version in decisions.items():
        if package.extra and not package.is_proxy:
            extras.setdefault(package.name, set()).add(package.extra)
        for dependency in universe.edges.get((package, version), ()):
            if dependency.name != package.name:
                parents.setdefault(dependency.name, set()).add(package.name)
    pins = []
    warnings: list[str] = []
    for name, version in sorted(versions.items()):
        candidate = universe.selected(name, version)
        metadata = universe.knowledge.metadata.get((name, version))
        wheel, files = _files(candidate, question.hashes, with_all_files=with_all_files)
        source = question.urls.get(name)
        pin = Pin(
            name=name,
            version=version.version,
            extras=frozenset(extras.get(name, ())),
            wheel=wheel,
            files=files,
            metadata=metadata or Metadata(name, version.version),
            source=source or FromIndex(question.pins.get(name)),
            required_by=tuple(sorted(parents.get(name, ()))),
            installed=candidate.installed,
            expected=_expected(question, name, version),
        )
        pins.append(pin)
        warnings += _warnings(pin, candidate, metadata)
        passed_over = universe.knowledge.unbuilt.get(name)
        if passed_over is not None and candidate.installed is None:
            warnings.append(
                f"`{name}=={passed_over}` was passed over for `{name}=={version}`: it must be built from source, and"
                " this run builds nothing"
            )
    return Resolution(tuple(pins), (*warnings, *unbounded_transitively(question, pins)))


def _expected(question: Question, name: PackageName, version: Point) -> tuple[Digest, ...]:
    """Give the hashes that the user's requirements ask for: of the version, or of the URL that it comes from."""
    source = question.urls.get(name)
    if source is None:
        return question.hashes.versions.get((name, version), ())
    return question.hashes.urls.get(source.url.exact, ()) if isinstance(source, FromUrl) else ()


def _files(candidate: Candidate, hashes: Hashes, *, with_all_files: bool) -> tuple[File | None, tuple[File, ...]]:
    """Give the wheel to install, if it is one, and the files of the version."""
    if isinstance(candidate.direct, File):
        return candidate.direct, (candidate.direct,)
    if isinstance(candidate.direct, FromUrl):
        return None, (file_of(candidate.direct, hashes),)
    choice = candidate.choice
    if choice is None or choice.installable is None:
        return None, ()
    best = to_file(*choice.installable)
    files = tuple(to_file(*listed) for listed in choice.files) if with_all_files else (best,)
    return (best if choice.is_wheel else None), files


def _warnings(pin: Pin, candidate: Candidate, metadata: Metadata | None) -> list[str]:
    found = []
    listed = None if candidate.choice is None else candidate.choice.installable
    if listed is not None and listed.link.yanked is not False:
        why = listed.link.yanked if isinstance(listed.link.yanked, str) else ""
        found.append(f"`{pin.name}=={pin.version}` is yanked" + (f' (reason: "{why}")' if why else ""))
    if metadata is not None:
        found += [
            f"The package `{pin.name}=={pin.version}` does not have an extra named `{extra}`"
            for extra in sorted(pin.extras)
            if extra not in metadata.extras
        ]
    return found
