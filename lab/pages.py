"""Pages of the simple repository API: HTML (PEP 503, 592, 658, 714) and JSON (PEP 691, 700)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from lab.wheels import Artifact, normalized

HTML = "text/html; charset=utf-8"
SIMPLE_HTML = "application/vnd.pypi.simple.v1+html"
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"


class Link(msgspec.Struct, frozen=True):
    """One file on a page: what it is, the URL written there, and which hashes stand beside it."""

    artifact: Artifact
    url: str
    hashes: tuple[str, ...] = ("sha256",)


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages of an index tell about each file beside its URL and hashes.

    hash_sign: what stands between the name of a hash and its value in a link; some have written `-` for `=`.
    """

    sidecars: bool = True
    requires_python: bool = True
    yanked: bool = True
    sizes: bool = True
    upload_times: bool = True
    gpg_sig: bool | None = None
    base_href: str = ""
    hash_sign: str = "="
    api_version: str = "1.1"


def html_page(project: str, links: Iterable[Link], telling: Telling) -> bytes:
    """The page of one project, or a flat page of many."""
    base = f'<base href="{escape(telling.base_href)}">' if telling.base_href else ""
    anchors = "".join(f"    {_anchor(link, telling)}<br>\n" for link in links)
    return (
        "<!DOCTYPE html>\n<html>\n  <head>\n"
        f'    <meta name="pypi:repository-version" content="{telling.api_version}">{base}\n'
        f"    <title>Links for {escape(project)}</title>\n  </head>\n  <body>\n"
        f"    <h1>Links for {escape(project)}</h1>\n{anchors}  </body>\n</html>\n"
    ).encode()


def _anchor(link: Link, telling: Telling) -> str:
    artifact = link.artifact
    fragment = "&".join(f"{name}{telling.hash_sign}{digest}" for name, digest in digests(artifact, link.hashes).items())
    attributes = [("href", f"{link.url}#{fragment}" if fragment else link.url)]
    if telling.requires_python and artifact.requires_python:
        attributes.append(("data-requires-python", artifact.requires_python))
    if telling.sidecars and has_sidecar(artifact):
        value = f"sha256={hashlib.sha256(artifact.metadata).hexdigest()}"
        attributes += [("data-dist-info-metadata", value), ("data-core-metadata", value)]
    if telling.yanked and artifact.yanked is not None:
        attributes.append(("data-yanked", artifact.yanked))
    if telling.gpg_sig is not None:
        attributes.append(("data-gpg-sig", "true" if telling.gpg_sig else "false"))
    words = " ".join(f'{name}="{escape(value)}"' for name, value in attributes)
    return f"<a {words}>{escape(artifact.filename)}</a>"


def json_page(project: str, links: Sequence[Link], telling: Telling) -> bytes:
    """The page of one project as PEP 691 and 700 write it."""
    page = {
        "meta": {"api-version": telling.api_version},
        "name": normalized(project),
        "versions": sorted({link.artifact.version for link in links}),
        "files": [_file(link, telling) for link in links],
    }
    return json.dumps(page, separators=(",", ":")).encode()


def _file(link: Link, telling: Telling) -> dict[str, object]:
    artifact = link.artifact
    file: dict[str, object] = {
        "filename": artifact.filename,
        "url": link.url,
        "hashes": digests(artifact, link.hashes),
    }
    if telling.requires_python and artifact.requires_python:
        file["requires-python"] = artifact.requires_python
    if telling.sidecars:
        told = {"sha256": hashlib.sha256(artifact.metadata).hexdigest()} if has_sidecar(artifact) else False
        file["core-metadata"] = file["data-dist-info-metadata"] = told
    if telling.yanked:
        file["yanked"] = False if artifact.yanked is None else artifact.yanked or True
    if telling.sizes:
        file["size"] = len(artifact.body)
    if telling.upload_times:
        file["upload-time"] = artifact.uploaded
    if telling.gpg_sig is not None:
        file["gpg-sig"] = telling.gpg_sig
    return file


def has_sidecar(artifact: Artifact) -> bool:
    """Only wheels have one; an sdist's metadata may be dynamic (PEP 658)."""
    return artifact.filename.endswith(".whl") and bool(artifact.metadata)


def digests(artifact: Artifact, names: Iterable[str]) -> dict[str, str]:
    """The hashes of the file's bytes, by name, in hex."""
    return {
        name: artifact.sha256 if name == "sha256" else hashlib.new(name, artifact.body).hexdigest() for name in names
    }


def html_listing(projects: Iterable[str]) -> bytes:
    """The root page: one link for each project."""
    anchors = "".join(f'    <a href="{name}/">{name}</a><br>\n' for name in sorted(projects))
    return f"<!DOCTYPE html>\n<html>\n  <body>\n{anchors}  </body>\n</html>\n".encode()


def json_listing(projects: Iterable[str], telling: Telling) -> bytes:
    """The root page as PEP 691 writes it."""
    names = [{"name": name} for name in sorted(projects)]
    return json.dumps({"meta": {"api-version": telling.api_version}, "projects": names}).encode()
