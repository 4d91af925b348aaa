"""`Proxy`, whose password stands beside its URL, and `Proxies`, as the environment names them."""

from __future__ import annotations

import msgspec

from keyrack.values.credentials import Credentials
from keyrack.values.url import Url


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
