"""`Proxy`, whose password stands beside its URL, and `Proxies`, as the environment names them."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.credentials import Credentials, credentials_in
from keyrack.values.url import Url, parse_url

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


class Proxy(msgspec.Struct, frozen=True):
    """A proxy and the credentials that go to it, and to nothing else (D32)."""

    url: Url
    credentials: Credentials | None = None


class Proxies(msgspec.Struct, frozen=True):
    """`HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY`, and the entries of `NO_PROXY`, stripped and in lower case."""

    http: Proxy | None = None
    https: Proxy | None = None
    everything: Proxy | None = None
    bypass: tuple[str, ...] = ()


def parse_proxy(text: str | None) -> Proxy | None:
    """Read a proxy's URL, `http` where it names no scheme; None for no text. `InvalidText` never repeats userinfo."""
    text = (text or "").strip()
    if not text:
        return None
    parsed = parse_url(text if "://" in text else f"http://{text}")
    if parsed.url.scheme not in _SCHEMES:
        raise InvalidText(f"Not a valid proxy URL: its scheme is none of {', '.join(_SCHEMES)}")
    if not parsed.url.host:
        raise InvalidText("Not a valid proxy URL: it has no host")
    return Proxy(parsed.url, credentials_in(parsed))


def parse_bypass(text: str | None) -> tuple[str, ...]:
    """Read the entries of `NO_PROXY`, separated by commas or spaces."""
    return tuple((text or "").lower().replace(",", " ").split())
