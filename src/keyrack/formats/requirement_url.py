"""Read what stands behind the `@` of a requirement: an archive, a repository, a file or folder (PEP 508, PEP 440)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.text_fault import Fault
from keyrack.values.artifact import SDIST_SUFFIXES, Digest, fragment_digests
from keyrack.values.credentials import Basic, Complete
from keyrack.values.late import pattern
from keyrack.values.requirement import FromGit, FromTree, FromUrl
from keyrack.values.secret import Secret
from keyrack.values.source_url import file_url
from keyrack.values.url import ParsedUrl, local_path, parse_url

_SCHEME = pattern(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):")
_OTHERS = {"hg": "Mercurial is not supported", "bzr": "Bazaar is not supported", "svn": "SVN is not supported"}
_GIT_SCHEMES = ("http", "https", "ssh", "file")


def from_reference(text: str, root: str) -> tuple[FromUrl | FromTree | FromGit, tuple[Digest, ...]]:
    """Read a URL or path; the hashes of its fragment come beside it. Paths start at the absolute folder `root`.

    Raises `Fault` that spans the text.
    """
    scheme = _SCHEME.match(text)
    try:
        parsed = parse_url(text if scheme else _file_url(text, root))
    except InvalidText as error:
        raise Fault(error.message.removeprefix("Not a valid URL: "), 0, len(text)) from error
    url = parsed.url
    outer, plus, inner = url.scheme.partition("+")
    fragment = dict(parse_qsl(url.fragment))
    subdirectory = fragment.get("subdirectory", "").strip("/")
    if outer == "git" and plus:
        return _from_git(parsed, inner, fragment, len(text)), ()
    if url.scheme not in ("http", "https", "file"):
        why = _OTHERS.get(outer, "expected `git+`, `https`, `http` or `file`")
        raise Fault(f"Unsupported URL prefix `{url.scheme}` in URL: `{url}` ({why})", 0, len(text))
    digests = fragment_digests(url.fragment)
    bare = msgspec.structs.replace(url, fragment="")
    if url.is_web and not _is_archive(bare.filename):
        endings = ", ".join(f"`{suffix}`" for suffix in (".whl", *SDIST_SUFFIXES))
        raise Fault(f"Expected direct URL (`{bare}`) to end in a supported file extension: {endings}", 0, len(text))
    if url.scheme == "file" and not _is_archive(bare.filename):
        return FromTree(posixpath.join(local_path(bare), subdirectory).rstrip("/")), digests
    return FromUrl(bare, _complete(parsed), subdirectory), digests


def local_text(text: str) -> str:
    """Give a reference as it is written if it means something on this disk, else "": a URL may hold secrets."""
    scheme = _SCHEME.match(text)
    return text if scheme is None or scheme["scheme"].lower() == "file" else ""


def _is_archive(filename: str) -> bool:
    return filename.endswith((".whl", *SDIST_SUFFIXES))


def _file_url(path: str, root: str) -> str:
    if not posixpath.isabs(path) and not root:
        raise InvalidText(f"relative path without a working directory: {path}")
    path, hash_sign, fragment = path.partition("#")
    absolute = posixpath.normpath(posixpath.join(root, path.replace("\\", "/")))
    return file_url(absolute).exact + hash_sign + fragment


def _from_git(parsed: ParsedUrl, scheme: str, fragment: Mapping[str, str], length: int) -> FromGit:
    """Read `URL@REVISION#subdirectory=...`; an `@` in the revision itself is written `%40`."""
    url = msgspec.structs.replace(parsed.url, scheme=scheme, query="", fragment="")
    if scheme not in _GIT_SCHEMES:
        expected = "(expected one of `https:`, `ssh:`, or `file:`)"
        raise Fault(f"Unsupported Git URL scheme `{scheme}:` in `{url}` {expected}", 0, length)
    path, *revisions = url.path.split("@")
    if len(revisions) > 1:
        why = "the path contains multiple `@` characters. If the Git revision contains `@`, percent-encode it as `%40`"
        raise Fault(f"Ambiguous Git URL `{url}`: {why}", 0, length)
    return FromGit(
        msgspec.structs.replace(url, path=path),
        unquote(revisions[0]) if revisions else "",
        fragment.get("subdirectory", "").strip("/"),
        _complete(parsed),
        lfs=True if fragment.get("lfs") == "true" else None,
    )


def _complete(parsed: ParsedUrl) -> Complete | None:
    if not parsed.username and parsed.password is None:
        return None
    # A lone user name is a token that goes with an empty password.
    return Basic(parsed.username or "", parsed.password or Secret(""))
