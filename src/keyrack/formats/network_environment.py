"""How requests go out, as the environment says: time-outs, retries, certificates, proxies, netrc (names are uv's)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from keyrack.formats.proxy_text import parse_bypass, parse_proxy
from keyrack.formats.switches_environment import parse_switches
from keyrack.formats.uv_environment import whole_number
from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.settings import Network

_TIMEOUTS = ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT")
_SECONDS = "; value should be an integer number of seconds"


def network_from(environment: Mapping[str, str], home: str, *, windows: bool = False) -> Network:
    """Read what concerns the network. `home` is the user's folder, for netrc. `InvalidText` names the variable."""
    base = Network()
    read = _first_number(environment, _TIMEOUTS)
    connect = whole_number(environment, "UV_HTTP_CONNECT_TIMEOUT", _SECONDS)
    retries = whole_number(environment, "UV_HTTP_RETRIES")
    return msgspec.structs.replace(
        base,
        connect_timeout=base.connect_timeout if connect is None else float(connect),
        read_timeout=base.read_timeout if read is None else float(read),
        retries=base.retries if retries is None else retries,
        retry_delay=not parse_switches(environment).no_retry_delay,
        certificates_file=environment.get("SSL_CERT_FILE", ""),
        certificates_folder=environment.get("SSL_CERT_DIR", ""),
        client_certificate=environment.get("SSL_CLIENT_CERT", ""),
        proxies=proxies_from(environment),
        netrc=environment.get("NETRC") or _netrc(home, windows=windows),
        search_path=environment.get("PATH", ""),
    )


def proxies_from(environment: Mapping[str, str]) -> Proxies:
    """Read the proxies; the upper-case name counts first.

    `HTTP_PROXY` in upper case is passed over where a CGI server runs us: there it is a header that a stranger sent.
    """
    http = ("http_proxy",) if "REQUEST_METHOD" in environment else ("HTTP_PROXY", "http_proxy")
    return Proxies(
        http=_proxy(environment, http),
        https=_proxy(environment, ("HTTPS_PROXY", "https_proxy")),
        everything=_proxy(environment, ("ALL_PROXY", "all_proxy")),
        bypass=parse_bypass(_first(environment, ("NO_PROXY", "no_proxy"))[1]),
    )


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    return next(((name, environment[name]) for name in names if environment.get(name)), ("", ""))


def _proxy(environment: Mapping[str, str], names: tuple[str, ...]) -> Proxy | None:
    name, text = _first(environment, names)
    return parse_proxy(text, f"`{name}`") if text.strip() else None


def _first_number(environment: Mapping[str, str], names: tuple[str, ...]) -> int | None:
    found = (whole_number(environment, name, _SECONDS) for name in names)
    return next((number for number in found if number is not None), None)


def _netrc(home: str, *, windows: bool) -> str:
    """Give the netrc file of the user: `~/.netrc`, on Windows `~/_netrc`."""
    if not home:
        return ""
    return f"{home}\\_netrc" if windows else f"{home.rstrip('/')}/.netrc"
