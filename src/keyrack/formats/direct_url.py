"""direct_url.json: where a distribution that no index served came from (PEP 610, PEP 660 for editable ones)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.artifact import Digest
from keyrack.values.installed import DirectUrl
from keyrack.values.url import parse_url


def parse_direct_url(text: bytes) -> DirectUrl:
    """Read direct_url.json; userinfo in it is dropped. Raises `InvalidText` if it is not what PEP 610 says."""
    try:
        written = msgspec.json.decode(text, type=_Written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidText("Invalid direct_url.json", causes=(str(error),)) from error
    archive = written.archive_info or _Archive()
    vcs = written.vcs_info or _Vcs()
    return DirectUrl(
        url=parse_url(written.url).url,
        editable=bool(written.dir_info and written.dir_info.editable),
        is_tree=written.dir_info is not None,
        revision=vcs.commit_id,
        requested_revision=vcs.requested_revision or "",
        subdirectory=written.subdirectory or "",
        digests=_digests(archive),
        lfs=vcs.git_lfs,
    )


def write_direct_url(source: DirectUrl) -> bytes:
    """Write direct_url.json. A `Url` holds no userinfo, but `git@`, which PEP 610 allows; the query stays."""
    fields: dict[str, Any] = {"url": source.url.exact}
    if source.is_tree:
        fields["dir_info"] = {"editable": True} if source.editable else {}
    elif source.revision:
        requested = {"requested_revision": source.requested_revision} if source.requested_revision else {}
        large = {"git_lfs": True} if source.lfs else {}
        fields["vcs_info"] = {"vcs": "git", "commit_id": source.revision} | requested | large
    else:
        hashes = {digest.algorithm: digest.value for digest in source.digests}
        fields["archive_info"] = {"hashes": hashes} if hashes else {}
    if source.subdirectory:
        fields["subdirectory"] = source.subdirectory
    return msgspec.json.encode(fields)


def local_path(source: DirectUrl) -> str:
    """Give the path that a `file:` URL means, decoded once."""
    return unquote(source.url.path)


class _Archive(msgspec.Struct):
    hash: str | None = None
    hashes: dict[str, str] | None = None


class _Tree(msgspec.Struct):
    editable: bool = False


class _Vcs(msgspec.Struct):
    vcs: str = ""
    commit_id: str = ""
    requested_revision: str | None = None
    git_lfs: bool = False


class _Written(msgspec.Struct):
    url: str
    archive_info: _Archive | None = None
    dir_info: _Tree | None = None
    vcs_info: _Vcs | None = None
    subdirectory: str | None = None


def _digests(archive: _Archive) -> tuple[Digest, ...]:
    hashes = dict(archive.hashes or {})
    algorithm, equals, value = (archive.hash or "").partition("=")
    if equals:
        hashes.setdefault(algorithm, value)
    return tuple(Digest(name.lower(), value.lower()) for name, value in sorted(hashes.items()))
