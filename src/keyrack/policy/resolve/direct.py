"""Packages that come from a URL: which they are, before the solver starts, and what is wrong with them (PEP 508, 440).

A URL may stand in what the user wrote, or in the metadata of a package that comes from a URL itself; an index's files
may not send their readers to other places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from keyrack.errors import InvalidText, KeyrackError
from keyrack.policy.resolve.catalogue import Catalogue, NeedsBuild, OfflineMetadata
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.artifact import File
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, Requirement


class NotBuilt(KeyrackError):
    """A source tree or a repository was asked for, and this version does not build packages."""


class ConflictingUrls(KeyrackError):
    """A package is asked for from two places."""


class DisallowedUrl(KeyrackError):
    """A package of an index asks for one from a URL."""


Direct = Mapping[PackageName, FromUrl]


def direct_urls(
    requirements: Iterable[Requirement], hashes: Hashes, environment: Environment, catalogue: Catalogue
) -> Direct:
    """Find every package that comes from a URL, following those that such packages ask for in turn."""
    found: dict[PackageName, FromUrl] = {}
    waiting = [one for one in requirements if environment.holds(one.marker)]
    for one in waiting:
        source = url_of(one)
        if source is not None:
            catalogue.expect_metadata(file_of(source, hashes))
    for one in waiting:
        source = url_of(one)
        if source is None:
            continue
        known = found.setdefault(one.name, source)
        if known is not source and not is_same(known, source):
            places = "\n- ".join(sorted((str(known.url), str(source.url))))
            raise ConflictingUrls(f"Requirements contain conflicting URLs for package `{one.name}`:\n- {places}")
        if known is source:
            waiting += _asked_by(file_of(source, hashes), one, environment, catalogue)
    return found


def _asked_by(
    file: File, requirement: Requirement, environment: Environment, catalogue: Catalogue
) -> list[Requirement]:
    try:
        metadata = catalogue.metadata(file)
    except (NeedsBuild, OfflineMetadata, InvalidText):
        return []  # the solver meets it again, and says what follows from it
    return [
        one
        for one in metadata.requires
        if environment.applies(one.marker) or any(environment.applies(one.marker, each) for each in requirement.extras)
    ]


def url_of(requirement: Requirement) -> FromUrl | None:
    """Give the URL that a requirement names, if any. Raises `NotBuilt` for what only a build could answer."""
    source = requirement.source
    match source:
        case FromIndex():
            return None
        case FromUrl():
            return source
        case FromTree():
            place = source.path
        case FromGit():
            place = str(source.url)
        case _:
            assert_never(source)
    raise NotBuilt(
        f"Cannot use `{requirement.name}` from `{place}`: this version of keyrack does not build packages",
        hints=(f"Build a wheel of `{requirement.name}`, and give its path or URL instead",),
    )


def is_same(one: FromUrl, other: FromUrl) -> bool:
    """Whether two requirements name one file; how it is asked for does not matter."""
    return (one.url.exact, one.subdirectory) == (other.url.exact, other.subdirectory)


def file_of(source: FromUrl, hashes: Hashes) -> File:
    """Make the file that a URL names; no index has listed it. Its digest is the one that the user asks for.

    Of several one suffices, where a file must have all of its own: then it has none, and they are looked at later.
    """
    asked_for = hashes.urls.get(source.url.exact, ())
    digests = asked_for if len(asked_for) == 1 else ()
    return File(source.url.filename, source.url, None, digests=digests, credentials=source.credentials)


def disallowed(parent: PackageName, requirement: Requirement, source: FromUrl) -> DisallowedUrl:
    """Say that an index's package may not ask for a URL."""
    name = requirement.name
    return DisallowedUrl(
        f"Package `{name}` was included as a URL dependency. URL dependencies must be expressed as direct requirements"
        f" or constraints. Consider adding `{name} @ {source.url}` to your dependencies or constraints file.",
        hints=(f"`{name}` was included because `{parent}` depends on it",),
    )
