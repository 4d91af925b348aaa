"""One exchange over HTTP as data: what is asked, for whom, and what came back."""

from __future__ import annotations

from enum import Enum

import msgspec

from keyrack.values.credentials import Complete
from keyrack.values.index import IndexId
from keyrack.values.secret import Secret
from keyrack.values.url import Url

Headers = tuple[tuple[str, str], ...]
"""Header lines in order; names are lower case."""


class Purpose(Enum):
    """What a request is for: it decides what a refusal is called and which fallbacks exist."""

    PAGE = "page"
    FILE = "file"
    METADATA = "metadata"
    RANGE = "range"
    DIRECT = "direct"


class Request(msgspec.Struct, frozen=True):
    """A GET and whose it is. There is no request without a word on its provenance.

    `index` is the index whose page this is, or that listed the file; None only for URLs that the user wrote
    (`Purpose.DIRECT`). `link_credentials` stood in the link itself (D11) or in the user's URL (D19): one shot.
    `headers` never hold Authorization: only the session adds that, at the wire.
    """

    url: Url
    purpose: Purpose
    index: IndexId | None
    headers: Headers = ()
    link_credentials: Complete | None = None
    has_hash: bool = False
    """Whether what comes back is checked against a hash known before (D12, D24)."""


class ResponseHead(msgspec.Struct, frozen=True):
    """Status, header lines and the URL that answered in the end, after redirects.

    `retries` and `seconds` tell what it took where the first answer was not taken; both are zero otherwise.
    """

    status: int
    headers: Headers
    url: Url
    retries: int = 0
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """Give the first value of a header (lower-case name), or None."""
        return next((value for key, value in self.headers if key == name), None)


class Response(msgspec.Struct, frozen=True):
    """A head and a body with its content encodings removed. `from_cache` tells that no byte of it was sent anew.

    `is_packed` tells that the body is a page in the form in which we keep it, whatever its media type was.
    """

    head: ResponseHead
    body: bytes
    from_cache: bool = False
    is_packed: bool = False


class Exchange(msgspec.Struct, frozen=True):
    """One hop on the wire, fully decided: nothing below the session adds, follows or remembers anything.

    `authorization` is the whole header value. `proxy_authorization` never stands here: it belongs to the transport.
    """

    url: Url
    headers: Headers = ()
    authorization: Secret | None = None


class Answer(msgspec.Struct, frozen=True):
    """What one hop brought back: the head, and the body as it came, content encodings still on it."""

    head: ResponseHead
    body: bytes
