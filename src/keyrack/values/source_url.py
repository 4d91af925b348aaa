"""Where a requirement comes from as a URL, and as the text that people read; and when two repositories are one."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, RequirementSource
from keyrack.values.url import Url

# What may stand in the path of a `file:` URL as it is, and in the name of a revision.
_PATH = "/:!$&'()*+,;=@~"
_REVISION = "/"


def file_url(path: str) -> Url:
    """Give the `file:` URL of an absolute path (RFC 8089)."""
    path = path.replace("\\", "/")
    return Url("file", "", None, quote(path if path.startswith("/") else f"/{path}", safe=_PATH))


def source_url(source: FromUrl | FromTree | FromGit) -> Url:
    """Give the URL of an archive, of a tree, or of a whole repository, without its query, which may be a signature."""
    if isinstance(source, FromTree):
        return file_url(source.path)
    return msgspec.structs.replace(source.url, query="", fragment="")


def source_text(source: RequirementSource) -> str:
    """Write a source as messages do, without secrets; "" for one that an index answers.

    A repository has `git+` in front and `@` with its commit behind, or with what was asked for as long as that is all.
    """
    if isinstance(source, FromIndex):
        return ""
    if isinstance(source, FromTree):
        return str(file_url(source.path))
    if isinstance(source, FromUrl):
        return f"{source.url}{_fragment(source.subdirectory)}"
    revision = source.commit or source.revision
    at = f"@{quote(revision, safe=_REVISION)}" if revision else ""
    return f"git+{source.url}{at}{_fragment(source.subdirectory, lfs=bool(source.lfs))}"


def repository(url: Url) -> str:
    """Name a repository so that the usual spellings of one URL are equal: login, slash and `.git` do not matter."""
    plain = msgspec.structs.replace(url, user="")
    return plain.bare.rstrip("/").removesuffix(".git")


def _fragment(subdirectory: str, *, lfs: bool = False) -> str:
    parts = [f"subdirectory={subdirectory}"] if subdirectory else []
    parts += ["lfs=true"] if lfs else []
    return f"#{'&'.join(parts)}" if parts else ""
