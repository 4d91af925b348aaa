"""Which proxy a URL goes through, and which origins need no valid certificate."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.url import Origin, Url


def proxy_for(url: Url, proxies: Proxies) -> Proxy | None:
    """Choose the proxy for a URL: the scheme's own, else the one for everything; None to go straight."""
    proxy = (proxies.https if url.scheme == "https" else proxies.http) or proxies.everything
    return None if proxy is None or bypasses(url, proxies.bypass) else proxy


def bypasses(url: Url, entries: Iterable[str]) -> bool:
    """Say whether `NO_PROXY` names a URL's host: `*`, a host, a domain (with or without a dot), an address, a network.

    A domain means all hosts below it as well; an entry may end in `:PORT`. Host names are never resolved.
    """
    address = _address(url.host.strip("[]").partition("%")[0])
    return any(_names(entry, url.origin, address) for entry in entries)


def is_insecure(origin: Origin, hosts: Iterable[str]) -> bool:
    """Say whether `--allow-insecure-host` names an origin: `[SCHEME://]HOST[:PORT]`, whole host names only."""
    return any(_is_host(text, origin) for text in hosts)


def _names(entry: str, origin: Origin, address: IPv4Address | IPv6Address | None) -> bool:
    if entry == "*":
        return True
    host, port = _split(entry)
    if not host or (port and port != str(origin.port)):
        return False
    if address is not None:
        return _holds(host, address)
    domain = host.removeprefix("*").strip(".")
    return bool(domain) and (origin.host == domain or origin.host.endswith(f".{domain}"))


def _holds(text: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return False


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_host(text: str, origin: Origin) -> bool:
    scheme, mark, rest = text.strip().lower().rpartition("://")
    if mark and scheme != origin.scheme:
        return False
    host, port = _split(rest.rstrip("/"))
    return host == origin.host and (not port or port == str(origin.port))


def _split(text: str) -> tuple[str, str]:
    """Split off a port; an IPv6 address without brackets has none."""
    if text.startswith("["):
        host, _, rest = text.partition("]")
        return f"{host}]", rest.removeprefix(":")
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port
    return (f"[{text}]" if ":" in text and "/" not in text else text), ""
