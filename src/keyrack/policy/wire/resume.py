"""Whether the rest of a body that broke off can be asked for alone, and whether that is what comes (RFC 9110, 14)."""

from __future__ import annotations

from keyrack.policy.wire.dates import instant
from keyrack.values.exchange import Exchange, Headers, ResponseHead
from keyrack.values.late import pattern

_CONTENT_RANGE = pattern(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)\Z")
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})


def validator(head: ResponseHead) -> str:
    """Give what `If-Range` may name: a strong ETag, else a date that is strong (RFC 9110, 8.8.2.2); "" for neither.

    Only a 200 as it is, of a server that does not refuse ranges, can be taken up again.
    """
    encoded = head.header("content-encoding") or "identity"
    if head.status != 200 or encoded != "identity" or (head.header("accept-ranges") or "").strip() == "none":
        return ""
    if (tag := head.header("etag")) is not None:
        return tag if tag.startswith('"') and tag.endswith('"') and len(tag) > 2 else ""
    modified, sent = (instant(head.header(name) or "") for name in ("last-modified", "date"))
    # What was changed in the second in which it was sent may have been changed again in that same second.
    return head.header("last-modified") or "" if modified is not None and sent is not None and sent > modified else ""


def rest_of(exchange: Exchange, taken: int, strong: str) -> Headers:
    """Give the headers that ask for what is missing of a body of which so many bytes are there."""
    kept = tuple((name, value) for name, value in exchange.headers if name not in _CONDITIONS)
    return (*kept, ("range", f"bytes={taken}-"), ("if-range", strong))


def is_rest(head: ResponseHead, taken: int, first: ResponseHead) -> bool:
    """Say whether a 206 goes on where the first answer broke off: from that byte, of the same tag and whole length."""
    found = _CONTENT_RANGE.match(head.header("content-range") or "")
    if found is None or int(found[1]) != taken:
        return False
    whole, tag = first.header("content-length"), head.header("etag")
    is_long = whole is None or found[2] in ("*", whole)
    return is_long and (tag is None or tag == first.header("etag"))
