"""Pages in the form in which they are kept: parsed and sorted when they come, and not in each run that reads them."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.packed_page import pack
from keyrack.formats.simple_json import read_json_page
from keyrack.policy.index.grouping import grouped
from keyrack.values.exchange import Response
from keyrack.values.names import PackageName

JSON = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})


def media_type(response: Response) -> str:
    """Give the media type in lower case, without its parameters; "" where there is none."""
    return (response.head.header("content-type") or "").partition(";")[0].strip().lower()


def condensed(name: PackageName, response: Response) -> Response:
    """Give a package's page in our own form; any other answer, and a page that cannot be read, as it is.

    Whoever reads the page says what is wrong with it.
    """
    if media_type(response) not in JSON:
        return response
    try:
        page = read_json_page(response.body, response.head.url)
    except InvalidText:
        return response
    body = pack(page, tuple(grouped(name, [file.filename for file in page.files]).items()))
    return msgspec.structs.replace(response, body=body, is_packed=True)
