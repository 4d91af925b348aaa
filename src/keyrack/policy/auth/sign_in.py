"""Tell a page for people to sign in from an index page (D33): it comes with 200 or 203 and lists nothing.

Azure answers so where a client looks like a browser, and proxies with a captive portal do. Read as an index page, it
would be an empty project: "there are no versions".
"""

from __future__ import annotations

import re

from keyrack.values.exchange import Purpose, Request, ResponseHead
from keyrack.values.late import pattern
from keyrack.values.url import Url

# A link whose path ends as distributions do, before a query or a fragment.
_FILE = pattern(rb"\.(?:whl|tar\.gz|zip|tgz|tar\.bz2|tar\.xz|tar\.zst|egg)(?=[\"'#?<\s&>])", re.IGNORECASE)
_FORM = pattern(rb"<form\b|<input\b[^>]*password", re.IGNORECASE)


def is_sign_in_page(request: Request, head: ResponseHead, body: bytes) -> bool:
    """Say whether the answer to a request for an index page is a page to sign in. `body` has no content encoding."""
    if request.purpose is not Purpose.PAGE or head.status not in (200, 203) or not _is_html(head, body):
        return False
    if _FILE.search(body):
        return False
    return head.status == 203 or bool(_FORM.search(body)) or is_elsewhere(request.url, head.url)


def is_elsewhere(asked: Url, final: Url) -> bool:
    """Say whether redirects led to another page, and not only to another spelling of the same one (PEP 503)."""
    return asked.origin.host != final.origin.host or _spelling(asked) != _spelling(final)


def _spelling(url: Url) -> str:
    return re.sub(r"[-_.]+", "-", url.path.rstrip("/").lower())


def _is_html(head: ResponseHead, body: bytes) -> bool:
    kind = (head.header("content-type") or "").partition(";")[0].strip().lower()
    return kind.endswith("html") or (not kind.endswith("json") and body.lstrip()[:1] == b"<")
