"""A distribution that was found in an environment."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.values.artifact import Digest
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit
from keyrack.values.source_url import repository
from keyrack.values.url import Url


class DirectUrl(msgspec.Struct, frozen=True):
    """Where a distribution that no index served came from (PEP 610)."""

    url: Url
    editable: bool = False
    is_tree: bool = False
    revision: str = ""
    requested_revision: str = ""
    subdirectory: str = ""
    digests: tuple[Digest, ...] = ()
    lfs: bool = False

    def is_checkout(self, source: FromGit) -> bool:
        """Say whether it is the commit that a repository's source means."""
        return (
            bool(source.commit)
            and repository(self.url) == repository(source.url)
            and (self.revision, self.subdirectory, self.lfs) == (source.commit, source.subdirectory, bool(source.lfs))
        )


class Installed(msgspec.Struct, frozen=True):
    """One installed distribution: the folder (or egg-link, egg-info) that says so, and what it says.

    `location` is the folder that holds its modules (site-packages), `metadata_path` what was found in it; both are
    absolute. `whole` is False where its dist-info lacks RECORD or METADATA, or RECORD is empty (it is written last,
    and after a power cut the last files may be empty): such a one is broken and never satisfies anything. `legacy` are
    egg-info and egg-link, which have no RECORD.
    """

    name: PackageName
    version: Version
    location: str
    metadata_path: str
    direct_url: DirectUrl | None = None
    editable_at: str | None = None
    installer: str = ""
    whole: bool = True
    legacy: bool = False
