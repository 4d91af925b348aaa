"""Resolve one link of a page into the file it names (RFC 3986, 5; D11 of the credential rules)."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.artifact import File, Link, Page, fragment_digests
from keyrack.values.credentials import Basic, Complete
from keyrack.values.late import pattern
from keyrack.values.secret import Secret
from keyrack.values.url import ParsedUrl, Url, join_url, parse_url

# What may stand in a path or query as it is: all of ASCII's visible signs (a `%` is an escape that is kept).
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


# Nearly all links, and a lock reads them all: there is nothing to resolve, to decode or to hide.
_PLAIN = pattern(r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*)(/[A-Za-z0-9._+/-]*)(?:#([A-Za-z0-9=_-]*))?")


def to_file(page: Page, link: Link) -> File:
    """Resolve a link where its page stands; the file remembers the index that listed it.

    Userinfo of an https link becomes the file's own credentials, that of an http link is dropped. Raises
    `InvalidText` where the link is no URL, or leaves the web (or this disk) that its page was read from.
    """
    plain = _PLAIN.fullmatch(link.href)
    if plain is not None:
        return _file(page, link, msgspec.structs.replace(_site(plain[1]), path=plain[2]), plain[3] or "")
    parsed = _resolved(page, link)
    url = parsed.url
    if not url.is_web and url.scheme != page.base.scheme:
        raise InvalidText(
            f"The page `{page.base}` lists `{link.filename}` under a URL that cannot be used",
            causes=(f"A page read over `{page.base.scheme}:` may not name a `{url.scheme}:` URL",),
        )
    bare = msgspec.structs.replace(
        url, path=quote(url.path, safe=_VISIBLE), query=quote(url.query, safe=_VISIBLE), fragment=""
    )
    return _file(page, link, bare, url.fragment, _own_credentials(parsed))


@lru_cache(maxsize=1024)
def _site(text: str) -> Url:
    """Parse what the links of a page have in common, once."""
    return parse_url(text).url


def _file(page: Page, link: Link, url: Url, fragment: str, credentials: Complete | None = None) -> File:
    return File(
        filename=link.filename,
        url=url,
        origin=page.origin,
        digests=link.digests or fragment_digests(fragment),
        requires_python=link.requires_python,
        yanked=link.yanked,
        core_metadata=link.core_metadata,
        size=link.size,
        upload_time=link.upload_time,
        credentials=credentials,
    )


def _resolved(page: Page, link: Link) -> ParsedUrl:
    try:
        # Browsers and other installers read a space in a link as `%20`; a URL cannot hold one.
        return join_url(page.base, link.href.strip().replace(" ", "%20"))
    except InvalidText as error:
        raise InvalidText(
            f"The page `{page.base}` lists `{link.filename}` under a URL that cannot be used", causes=(error.message,)
        ) from error


def _own_credentials(parsed: ParsedUrl) -> Complete | None:
    if parsed.url.scheme != "https" or not (parsed.username or parsed.password):
        return None
    # A lone user name on a link is a token that goes with an empty password (as Gemfury's links have it).
    return Basic(parsed.username or "", parsed.password or Secret(""))
