import json

from keyrack.supply.condensing import condensed
from keyrack.supply.indexes import PackageIndexes
from keyrack.values.exchange import Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.names import package_name
from keyrack.values.url import parse_url

LIB = package_name("lib")
PAGE = parse_url("https://pkgs.example/simple/lib/").url
JSON = "application/vnd.pypi.simple.v1+json; charset=utf-8"
FILES = [{"filename": name, "url": f"../{name}"} for name in ("lib-1.0-py3-none-any.whl", "lib-1.0.tar.gz", "other")]
LISTED = json.dumps({"files": FILES}).encode()


def response(kind=JSON, body=LISTED):
    return Response(ResponseHead(200, (("content-type", kind),), PAGE), body)


def test_a_condensed_page_is_read_as_the_page_that_it_was():
    class Condensing:
        def fetch(self, request):
            return condensed(LIB, response())

    index = Index(IndexId("team"), parse_url("https://pkgs.example/simple/").url)
    (page,) = PackageIndexes(Indexes((index,)), Condensing()).pages(LIB).pages

    assert (("1.0", range(2)),) == page.groups
    assert ["lib-1.0-py3-none-any.whl", "lib-1.0.tar.gz"] == page.filenames


def test_what_is_no_page_in_json_stays_as_it_is():
    html, broken = response("text/html"), response(body=b"{")

    assert (html, broken) == (condensed(LIB, html), condensed(LIB, broken))
