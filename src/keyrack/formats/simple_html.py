"""Read an index's page in HTML (PEP 503, with 592 yanks, 629 versions, 658/714 metadata), also a flat one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from keyrack.errors import InvalidText
from keyrack.formats.anchors import Anchors, Attributes
from keyrack.values.artifact import Digest, Link, Page, fragment_digests
from keyrack.values.index import IndexId
from keyrack.values.late import LateModule, pattern
from keyrack.values.url import Url, join_url

if TYPE_CHECKING:
    from selectolax import lexbor

    from keyrack.formats import plain_html
else:  # Most pages are JSON.
    lexbor = LateModule("selectolax.lexbor")
    plain_html = LateModule("keyrack.formats.plain_html")

_SCHEME = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
_SCHEMES = ("http", "https", "file")


def parse_html_page(body: bytes, base: Url, origin: IndexId) -> Page:
    """Read a page; links stay as they stand there, and `Page.base` is the page's own `<base href>` if it has one.

    A link's file name is the last segment of its path. Links to other than web or `file:` URLs, and to folders, are
    passed over. Raises `InvalidText` that names the page, for bytes that are no text, for a base that is no URL and
    for a major version of the format that is not ours.
    """
    text = body.decode("utf-8", "replace")
    if "\x00" in text:
        raise InvalidText(
            f"The page `{base}` is not a valid index page",
            causes=(f"It holds a NUL at character {text.index(chr(0))}: this is no HTML",),
        )
    try:
        anchors = read_natively(text)
    except ImportError:  # pragma: no cover - the tests run the fallback by its name
        anchors = plain_html.read_plainly(text)
    return page_of(anchors, base, origin)


def page_of(anchors: Anchors, base: Url, origin: IndexId) -> Page:
    """Make the page of what was found in its text."""
    if anchors.version is not None and anchors.version.strip().partition(".")[0] != "1":
        raise InvalidText(
            f"The page `{base}` cannot be read",
            causes=(f"It is written in version {anchors.version[:20]!r} of the format; only 1.x is known",),
        )
    if anchors.base:
        try:
            base = join_url(base, anchors.base).url
        except (InvalidText, ValueError) as error:
            raise InvalidText(
                f"The page `{base}` is not a valid index page", causes=("Its `<base href>` is not a valid URL",)
            ) from error
    return Page(origin, base, tuple(_links(anchors.links)))


def _links(anchors: tuple[Attributes, ...]) -> Iterator[Link]:
    for attributes in anchors:
        href = (attributes["href"] or "").strip()
        scheme = _SCHEME.match(href)
        if scheme and scheme[0].lower() not in _SCHEMES:
            continue
        path, _, fragment = href.partition("#")
        path = path.partition("?")[0]
        filename = path.rpartition("/")[2]
        if not filename or filename in (".", ".."):
            continue
        yield Link(
            unquote(filename) if "%" in filename else filename,
            href,
            fragment_digests(fragment) if fragment else (),
            attributes.get("data-requires-python") or None,
            (attributes["data-yanked"] or "") if "data-yanked" in attributes else False,
            _sidecar(attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata"))),
        )


def _sidecar(value: str | None) -> tuple[Digest, ...] | None:
    if not value or value.lower() == "false":
        return None
    return fragment_digests(value)


def read_natively(text: str) -> Anchors:
    """Find links, base and version with lexbor, an optional native library: ten times as fast as the other way."""
    tree = lexbor.LexborHTMLParser(text)
    base = tree.css_first("base[href]")
    version = tree.css_first('meta[name="pypi:repository-version"]')
    return Anchors(
        tuple([node.attributes for node in tree.css("a[href]")]),
        base.attributes["href"] if base else None,
        version.attributes.get("content") if version else None,
    )
