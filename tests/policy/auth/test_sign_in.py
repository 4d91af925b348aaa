import pytest

from keyrack.policy.auth.sign_in import is_elsewhere, is_sign_in_page
from keyrack.values.exchange import Purpose, Request, ResponseHead
from keyrack.values.index import IndexId
from keyrack.values.url import parse_url

ASKED = "https://pkgs.example/a/simple/lib/"
LISTING = b'<!DOCTYPE html><a href="../../files/lib-1-py3-none-any.whl#sha256=0">lib</a>'
EMPTY = b"<!DOCTYPE html><html><body><h1>Links for lib</h1></body></html>"
FORM = b'<html><body><form action="/login"><input type="password"><a href="/help">help</a></form></body></html>'


def judged(body, *, status=200, final=ASKED, kind="text/html; charset=utf-8", purpose=Purpose.PAGE):
    request = Request(parse_url(ASKED).url, purpose, IndexId("a"))
    headers = (("content-type", kind),) if kind else ()
    return is_sign_in_page(request, ResponseHead(status, headers, parse_url(final).url), body)


@pytest.mark.parametrize("status", [200, 203])
def test_a_page_that_lists_files_is_an_index_page(status):
    assert not judged(LISTING, status=status, final="https://other.example/lib/")


@pytest.mark.parametrize("suffix", [b".whl", b".tar.gz", b".zip?sig=1", b".tar.bz2#x", b".TAR.GZ"])
def test_any_kind_of_distribution_counts_as_a_file(suffix):
    assert not judged(b'<form></form><a href="lib-1' + suffix + b'">', status=203)


def test_an_empty_project_is_an_index_page():
    assert not judged(EMPTY)


def test_a_page_with_a_form_and_no_files_is_a_page_to_sign_in():
    assert judged(FORM)


def test_an_answer_that_a_proxy_changed_and_that_lists_nothing_is_none_of_the_index():
    assert judged(EMPTY, status=203)


@pytest.mark.parametrize("final", ["https://login.example/", "https://pkgs.example/sign-in", "https://pkgs.example/"])
def test_an_empty_page_at_another_place_is_a_page_to_sign_in(final):
    assert judged(EMPTY, final=final)


@pytest.mark.parametrize("final", ["https://pkgs.example/a/simple/lib", "https://pkgs.example/a/simple/LIB/"])
def test_an_empty_page_under_another_spelling_is_an_index_page(final):
    assert not judged(EMPTY, final=final)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/octet-stream"])
def test_html_is_seen_whatever_it_is_called(kind):
    assert judged(FORM, kind=kind)


@pytest.mark.parametrize(
    ("body", "kind"), [(b'{"files": []}', "application/vnd.pypi.simple.v1+json"), (b"<form>", "application/json")]
)
def test_json_is_no_page_to_sign_in(body, kind):
    assert not judged(body, kind=kind, final="https://login.example/")


@pytest.mark.parametrize("status", [401, 404, 304, 500])
def test_only_pages_that_claim_to_be_there_are_judged(status):
    assert not judged(FORM, status=status)


@pytest.mark.parametrize("purpose", [Purpose.FILE, Purpose.METADATA, Purpose.RANGE, Purpose.DIRECT])
def test_only_index_pages_are_judged(purpose):
    assert not judged(FORM, purpose=purpose)


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        (ASKED, False),
        ("http://pkgs.example/a/simple/lib", False),
        ("https://pkgs.example/a/simple/l.ib/", True),
        ("https://other.example/a/simple/lib/", True),
    ],
)
def test_elsewhere_is_another_host_or_another_path(final, expected):
    assert expected == is_elsewhere(parse_url(ASKED).url, parse_url(final).url)
