"""`Login`: credentials that the user keeps for a service, which is a URL and all below it."""

from __future__ import annotations

import msgspec

from keyrack.values.credentials import Basic, Bearer, Held, Source
from keyrack.values.url import Url

TOKEN_USER = "__token__"
"""The user name under which a token is kept that has none (uv's)."""

LOGIN_FOR = "the login for "
"""How messages begin to name a login."""


class Login(msgspec.Struct, frozen=True):
    """What was typed at `auth login`. The credentials go to `service` and below it, by whole segments of the path."""

    service: Url
    credentials: Basic | Bearer

    @property
    def username(self) -> str:
        """The user's name; a bearer token has none."""
        return self.credentials.username if isinstance(self.credentials, Basic) else ""

    @property
    def held(self) -> Held:
        """The credentials with the place that messages name."""
        return Held(self.credentials, Source.STORE, f"{LOGIN_FOR}{self.service}")
