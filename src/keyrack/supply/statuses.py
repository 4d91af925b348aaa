"""An HTTP status that nobody can use, as an error in uv's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keyrack.errors import KeyrackError
from keyrack.values.exchange import ResponseHead
from keyrack.values.late import LateModule
from keyrack.values.url import Url

if TYPE_CHECKING:
    import http
else:
    http = LateModule("http")


class BadStatus(KeyrackError):
    """A server answered, but with a status that ends what was attempted."""

    def __init__(self, url: Url, head: ResponseHead) -> None:
        """`url` is what was asked for, `head` what came back in the end."""
        self.status = head.status
        kind = "server" if self.status >= 500 else "client"
        super().__init__(
            f"Failed to fetch: {url}",
            causes=(f"HTTP status {kind} error ({_with_phrase(self.status)}) for url ({head.url})",),
        )


def _with_phrase(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"
