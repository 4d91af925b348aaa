"""A store of objects behind a registry: its URLs are signed, for GET alone, and their signature is all it takes.

GET without or with a wrong signature 403; any other method 403, since that was not signed; a request that brings an
Authorization header 400: "only one auth mechanism allowed". Ranges work.
"""

import hashlib
import hmac
from urllib.parse import quote

from lab import answers
from lab.wire import Request, Response


class ObjectStore:
    """The application of such a host; objects come in when a URL for them is made."""

    def __init__(self, url: str) -> None:
        """`url` is its origin, without a slash at the end."""
        self._url = url
        self._objects: dict[str, bytes] = {}

    def signed(self, key: str, body: bytes) -> str:
        """A URL that opens one object; the same each time, so that two runs can be compared."""
        path = f"/{key.strip('/')}"
        self._objects[path] = body
        return f"{self._url}{quote(path)}?{_query(path)}"

    def answer(self, request: Request) -> Response:
        """Bring an object to whoever shows its signature and nothing else."""
        if "authorization" in request.headers:
            return answers.plain(400, "InvalidArgument: only one auth mechanism allowed")
        if request.method != "GET" or request.query != _query(request.path):
            return answers.plain(403, "SignatureDoesNotMatch")
        return answers.file(request, self._objects[request.path])


def _query(path: str) -> str:
    signature = hmac.new(b"lab", path.encode(), hashlib.sha256).hexdigest()
    return (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=LABKEY%2F20300101%2Fhere%2Fs3%2Faws4_request"
        f"&X-Amz-Date=20300101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
    )
