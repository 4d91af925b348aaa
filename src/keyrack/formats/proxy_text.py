"""Proxies as people write them: a URL, perhaps without a scheme, and the hosts that need none."""

from __future__ import annotations

import re

from keyrack.errors import InvalidText
from keyrack.values.credentials import credentials_in
from keyrack.values.late import pattern
from keyrack.values.proxy import Proxy
from keyrack.values.url import parse_url

SCHEMES = ("http", "https", "socks5", "socks5h")
_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://")


def parse_proxy(text: str, place: str) -> Proxy:
    """Read a proxy's URL, `http://` where it has no scheme; its credentials come out beside it.

    `InvalidText` says `place` and never the text: it may hold a password.
    """
    text = text.strip()
    try:
        parsed = parse_url(text if _SCHEME.match(text) else f"http://{text}")
    except InvalidText as error:
        raise InvalidText(f"Invalid proxy URL in {place}") from error
    if parsed.url.scheme not in SCHEMES or not parsed.url.host:
        known = ", ".join(f"`{scheme}`" for scheme in SCHEMES)
        raise InvalidText(f"Invalid proxy URL in {place}", causes=(f"expected a host behind one of {known}",))
    return Proxy(parsed.url, credentials_in(parsed))


def parse_bypass(text: str) -> tuple[str, ...]:
    """Read the entries of `NO_PROXY`: separated by commas or spaces."""
    return tuple(entry.lower() for entry in re.split(r"[,\s]+", text) if entry)
