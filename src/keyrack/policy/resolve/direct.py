"""Packages that come from a URL, a folder or a repository: which they are, and what is wrong with them (PEP 508, 440).

A URL may stand in what the user wrote, or in the metadata of a package that comes from a URL itself; an index's files
may not send their readers to other places.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from keyrack.errors import InvalidText, KeyrackError, UnmetRequest
from keyrack.policy.resolve.catalogue import Catalogue, Direct, NeedsBuild, OfflineMetadata
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.artifact import File
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement
from keyrack.values.source_url import repository, source_text


class ConflictingUrls(UnmetRequest):
    """A package is asked for from two places."""


class DisallowedUrl(KeyrackError):
    """A package of an index asks for one from a URL."""


def direct_urls(
    requirements: Iterable[Requirement], hashes: Hashes, environment: Environment, catalogue: Catalogue
) -> dict[PackageName, Direct]:
    """Find every package that comes from a URL, following those that such packages ask for in turn.

    Repositories come out with the commit that was found, archives with the hashes that are asked for.
    """
    found: dict[PackageName, Direct] = {}
    waiting = [one for one in requirements if environment.holds(one.marker)]
    for one in waiting:
        source = url_of(one)
        if source is not None:
            expect_direct(one.name, source, hashes, catalogue)
    for one in waiting:
        source = url_of(one)
        if source is None:
            continue
        known = found.get(one.name)
        if known is None:
            waiting += _asked_by(source, one, hashes, environment, catalogue)
            found[one.name] = catalogue.located(_with_hashes(source, hashes))
        else:
            found[one.name] = _joined(one.name, known, source, catalogue)
    return found


def _asked_by(
    source: Direct, requirement: Requirement, hashes: Hashes, environment: Environment, catalogue: Catalogue
) -> list[Requirement]:
    try:
        metadata = read_direct(requirement.name, source, hashes, catalogue)
    except (NeedsBuild, OfflineMetadata, InvalidText):
        return []  # the solver meets it again, and says what follows from it
    return [
        one
        for one in metadata.requires
        if environment.applies(one.marker) or any(environment.applies(one.marker, each) for each in requirement.extras)
    ]


def _joined(name: PackageName, known: Direct, source: Direct, catalogue: Catalogue) -> Direct:
    """Give the one place that two requirements name. Raises `ConflictingUrls` where they are two."""
    if not is_same(known, source) and not is_same(known, catalogue.located(source)):
        places = "\n- ".join(sorted((source_text(_as_asked(known)), source_text(source))))
        raise ConflictingUrls(f"Requirements contain conflicting URLs for package `{name}`:\n- {places}")
    if isinstance(known, FromTree) and isinstance(source, FromTree) and source.editable:
        return msgspec.structs.replace(known, editable=True)
    return known


def _as_asked(source: Direct) -> Direct:
    """Forget the commit that was found: the user did not write it."""
    return msgspec.structs.replace(source, commit="") if isinstance(source, FromGit) else source


def _with_hashes(source: Direct, hashes: Hashes) -> Direct:
    if not isinstance(source, FromUrl):
        return source
    return msgspec.structs.replace(source, digests=hashes.urls.get(source.url.exact, ()))


def url_of(requirement: Requirement) -> Direct | None:
    """Give the place that a requirement names, if any."""
    return None if isinstance(requirement.source, FromIndex) else requirement.source


def is_same(one: Direct, other: Direct) -> bool:
    """Whether two requirements name one thing; how it is asked for, or installed, does not matter."""
    match one, other:
        case FromUrl(), FromUrl():
            return (one.url.exact, one.subdirectory) == (other.url.exact, other.subdirectory)
        case FromTree(), FromTree():
            return one.path == other.path
        case FromGit(), FromGit():
            if repository(one.url) != repository(other.url) or one.subdirectory != other.subdirectory:
                return False
            if one.commit and other.commit:
                return one.commit == other.commit
            return (one.revision, one.kind) == (other.revision, other.kind)
        case _:
            return False


def read_direct(name: PackageName, source: Direct, hashes: Hashes, catalogue: Catalogue) -> Metadata:
    """Wait for the metadata of what a place gives; raises what the catalogue raises."""
    wheel = wheel_at(source, hashes)
    if wheel is not None:
        return catalogue.metadata(wheel)
    return catalogue.source_metadata(name, _with_hashes(source, hashes))


def expect_direct(name: PackageName, source: Direct, hashes: Hashes, catalogue: Catalogue) -> None:
    """Start to fetch what a place gives."""
    wheel = wheel_at(source, hashes)
    if wheel is not None:
        catalogue.expect_metadata(wheel)
    else:
        catalogue.expect_source(name, _with_hashes(source, hashes))


def wheel_at(source: Direct, hashes: Hashes) -> File | None:
    """Make the file that a URL names, if it is a wheel; from anything else a wheel has to be built."""
    is_wheel = isinstance(source, FromUrl) and source.url.filename.endswith(".whl")
    return file_of(source, hashes) if is_wheel and isinstance(source, FromUrl) else None


def file_of(source: FromUrl, hashes: Hashes) -> File:
    """Make the file that a URL names; no index has listed it. Its digest is the one that the user asks for.

    Of several one suffices, where a file must have all of its own: then it has none, and they are looked at later.
    """
    asked_for = hashes.urls.get(source.url.exact, ())
    digests = asked_for if len(asked_for) == 1 else ()
    return File(source.url.filename, source.url, None, digests=digests, credentials=source.credentials)


def disallowed(parent: PackageName, requirement: Requirement, source: Direct) -> DisallowedUrl:
    """Say that an index's package may not ask for a URL."""
    name = requirement.name
    return DisallowedUrl(
        f"Package `{name}` was included as a URL dependency. URL dependencies must be expressed as direct requirements"
        f" or constraints. Consider adding `{name} @ {source_text(source)}` to your dependencies or constraints file.",
        hints=(f"`{name}` was included because `{parent}` depends on it",),
    )
