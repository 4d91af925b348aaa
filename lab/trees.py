"""Static trees: simple pages (PEP 503) and flat link pages as folders, in memory or on disk."""

import enum
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from lab import pages
from lab.wheels import Artifact

Tree = Mapping[str, bytes]
"""Paths from the root of the tree, without a slash at the front, and what lies there."""


class Links(enum.Enum):
    """How a page names its files."""

    BARE = "bare"
    """`FILE`, beside the page"""
    UP = "up"
    """`../../packages/FILE`"""
    PATH = "path"
    """`/PREFIX/packages/FILE`"""
    BASE = "base"
    """`FILE`, with `<base href>` at the packages"""
    ABSOLUTE = "absolute"
    """`ORIGIN/PREFIX/packages/FILE`"""


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """How the pages of a tree look.

    prefix: where the tree lies on its host, such as `/team`. origin: for absolute links. query: what
    is added to every link, such as a signature. hashes: beside the links. telling: the attributes.
    """

    links: Links = Links.BARE
    prefix: str = ""
    origin: str = ""
    query: str = ""
    hashes: tuple[str, ...] = ("sha256",)
    telling: pages.Telling = pages.Telling()


def simple_tree(artifacts: tuple[Artifact, ...], looks: Looks = Looks()) -> Tree:  # noqa: B008 - frozen
    """`simple/index.html`, `simple/PACKAGE/index.html`, the files and their `.metadata`."""
    projects = sorted({each.project for each in artifacts})
    tree = {"simple/index.html": pages.html_listing(projects)}
    for project in projects:
        files = [each for each in artifacts if each.project == project]
        folder = f"simple/{project}" if looks.links is Links.BARE else "packages"
        tree[f"simple/{project}/index.html"] = _page(project, files, looks)
        tree |= _files(folder, files, sidecars=looks.telling.sidecars)
    return tree


def flat_tree(artifacts: tuple[Artifact, ...], looks: Looks = Looks()) -> Tree:  # noqa: B008 - frozen
    """`flat/index.html` with links to all files; they lie beside it, or under `packages/`."""
    folder = "flat" if looks.links is Links.BARE else "packages"
    tree = {"flat/index.html": _page("everything", list(artifacts), looks)}
    return tree | _files(folder, list(artifacts), sidecars=looks.telling.sidecars)


def folder_tree(artifacts: tuple[Artifact, ...]) -> Tree:
    """The files alone, side by side: a folder for `--find-links`."""
    return {each.filename: each.body for each in artifacts}


def write_tree(tree: Tree, folder: Path) -> Path:
    """Put a tree on the disk below `folder`, which is made; give back `folder`."""
    for path, content in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def _page(title: str, files: list[Artifact], looks: Looks) -> bytes:
    telling = looks.telling
    if looks.links is Links.BASE:
        telling = msgspec.structs.replace(telling, base_href=f"{looks.origin}{looks.prefix}/packages/")
    links = [pages.Link(each, _href(each, looks), looks.hashes) for each in files]
    return pages.html_page(title, links, telling)


def _href(each: Artifact, looks: Looks) -> str:
    start = {
        Links.BARE: "",
        Links.UP: "../../packages/",
        Links.PATH: f"{looks.prefix}/packages/",
        Links.BASE: "",
        Links.ABSOLUTE: f"{looks.origin}{looks.prefix}/packages/",
    }[looks.links]
    return f"{start}{quote(each.filename)}{'?' + looks.query if looks.query else ''}"


def _files(folder: str, files: list[Artifact], *, sidecars: bool) -> dict[str, bytes]:
    tree = {f"{folder}/{each.filename}": each.body for each in files}
    if sidecars:
        tree |= {f"{folder}/{each.filename}.metadata": each.metadata for each in files if pages.has_sidecar(each)}
    return tree
