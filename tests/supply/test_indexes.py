"""From a name to the pages on which it stands."""

import json
from threading import Barrier

import msgspec
import pytest

from keyrack.errors import InvalidText, KeyrackError
from keyrack.policy.auth.refusals import About, AuthRequired, MissingCredentials, SignInPage
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.supply.indexes import ACCEPT, PackageIndexes, Searching
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Link, Page
from keyrack.values.exchange import Purpose, Request, Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexFormat, IndexStrategy
from keyrack.values.url import parse_url

JSON = "application/vnd.pypi.simple.v1+json"
EMPTY = b'{"files": []}'


def url(text):
    return parse_url(text).url


def index(name, **told):
    return Index(name, url(f"https://{name}.example/simple/"), **told)


def listing(*filenames):
    return json.dumps({"files": [{"filename": name, "url": name} for name in filenames]}).encode()


def page(of, *filenames, base=None):
    base = url(base or f"{of.url.exact}a/")
    return Page(of.id, base, tuple(Link(filename, filename) for filename in filenames))


def answer(body=EMPTY, status=200, kind=JSON, final=None):
    return lambda request: Response(
        ResponseHead(status, (("content-type", kind),) if kind else (), final or request.url), body
    )


class FakeFetch:
    """Answers from a table of URLs, 404 where it has none; raises what stands there as an error."""

    def __init__(self, **answers):
        self.answers = {f"https://{name}.example/simple/a/": made for name, made in answers.items()}
        self.requests = []

    def fetch(self, request):
        self.requests.append(request)
        made = self.answers.get(request.url.exact, answer(b"", 404))
        if isinstance(made, Exception):
            raise made
        return made(request)

    @property
    def asked(self):
        return [request.url.exact for request in self.requests]


A, B = index("a"), index("b")
BOTH = Indexes(searched=(A, B))


def find(fetch, indexes=BOTH, pinned=None, **searching):
    return PackageIndexes(indexes, fetch, Searching(**searching)).pages("a", pinned)


def test_a_page_is_asked_for_in_the_name_of_its_index():
    fetch = FakeFetch(a=answer())

    find(fetch)

    assert [Request(url("https://a.example/simple/a/"), Purpose.PAGE, "a", (("accept", ACCEPT),))] == fetch.requests


@pytest.mark.parametrize("given", ["https://a.example/simple", "https://a.example/simple/"])
def test_a_slash_at_the_end_of_an_index_url_makes_no_difference(given):
    fetch = FakeFetch(a=answer(listing("a-1.whl")))
    indexes = Indexes(searched=(Index("a", url(given)),))

    assert FoundPages((page(A, "a-1.whl"),)) == find(fetch, indexes)


def test_a_query_of_an_index_url_stays():
    fetch = FakeFetch()

    find(fetch, Indexes(searched=(Index("a", url("https://a.example/simple?key=1")),)))

    assert ["https://a.example/simple/a/?key=1"] == fetch.asked


def test_the_next_index_is_not_asked_for_what_the_first_one_has():
    fetch = FakeFetch(a=answer(listing("a-1.whl")), b=answer(listing("a-2.whl")))

    found = find(fetch)

    assert (FoundPages((page(A, "a-1.whl"),)), ["https://a.example/simple/a/"]) == (found, fetch.asked)


def test_the_next_index_is_asked_where_the_first_one_has_no_such_name():
    assert FoundPages((page(B, "a-2.whl"),)) == find(FakeFetch(b=answer(listing("a-2.whl"))))


def test_all_indexes_are_asked_at_the_same_time_by_the_unsafe_strategies():
    both = Barrier(2, timeout=30)

    def together(body):
        def respond(request):
            both.wait()
            return answer(body)(request)

        return respond

    fetch = FakeFetch(a=together(listing("a-1.whl")), b=together(listing("a-2.whl")))
    found = find(fetch, strategy=IndexStrategy.UNSAFE_BEST_MATCH)

    assert FoundPages((page(A, "a-1.whl"), page(B, "a-2.whl"))) == found


def test_a_name_that_nobody_has_has_no_pages():
    assert FoundPages() == find(FakeFetch())


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/vnd.pypi.simple.v1+html"])
def test_a_page_in_html_is_read(kind):
    fetch = FakeFetch(a=answer(b"<a href=a-1.whl>a</a>", kind=kind))

    assert FoundPages((page(A, "a-1.whl"),)) == find(fetch)


def test_links_start_where_redirects_ended():
    final = url("https://moved.example/simple/a/")

    found = find(FakeFetch(a=answer(listing("a-1.whl"), final=final)))

    assert (final, "a") == (found.pages[0].base, found.pages[0].origin)


@pytest.mark.parametrize(("kind", "said"), [("text/plain", "the media type `text/plain`"), ("", "no media type")])
def test_an_answer_of_another_kind_is_an_error(kind, said):
    with pytest.raises(KeyrackError) as raised:
        find(FakeFetch(a=answer(kind=kind)))

    expected = ("The page `https://a.example/simple/a/` cannot be read", (f"The server gave it {said}",))
    assert expected == (raised.value.message, raised.value.causes)


def test_a_broken_page_ends_the_run():
    with pytest.raises(InvalidText):
        find(FakeFetch(a=answer(b"{"), b=answer()))


@pytest.mark.parametrize("status", [500, 503, 418, 203])
def test_an_index_that_fails_ends_the_run_and_never_means_not_found(status):
    with pytest.raises(BadStatus) as raised:
        find(FakeFetch(a=answer(b"", status), b=answer(listing("a-1.whl"))))

    assert status == raised.value.status


def test_an_index_that_cannot_be_reached_ends_the_run():
    failure = KeyrackError("reset")

    with pytest.raises(KeyrackError) as raised:
        find(FakeFetch(a=failure, b=answer(listing("a-1.whl"))))

    assert failure is raised.value


def test_a_refusal_stops_the_search_and_is_told():
    refusal = AuthRequired("no", About(A.url, A, 401))

    assert FoundPages(refusals=(refusal,)) == find(FakeFetch(a=refusal, b=answer(listing("a-1.whl"))))


def test_a_sign_in_page_stops_the_search_as_a_refusal_does():
    refusal = SignInPage("no", About(A.url, A, 200))

    assert FoundPages(refusals=(refusal,)) == find(FakeFetch(a=refusal, b=answer(listing("a-1.whl"))))


def test_a_refusal_before_anything_was_sent_ends_the_run():
    refusal = MissingCredentials("no", About(A.url, A))

    with pytest.raises(MissingCredentials):
        find(FakeFetch(a=refusal, b=answer(listing("a-1.whl"))))


def test_a_status_that_an_index_ignores_leads_on():
    refusal = AuthRequired("no", About(A.url, A, 403))
    indexes = Indexes(searched=(index("a", ignore_error_codes=frozenset({403})), B))

    assert FoundPages((page(B, "a-1.whl"),)) == find(FakeFetch(a=refusal, b=answer(listing("a-1.whl"))), indexes)


def test_without_network_the_cache_of_the_next_index_may_know():
    found = find(FakeFetch(a=Offline("off"), b=answer(listing("a-1.whl"))))

    assert FoundPages((page(B, "a-1.whl"),), offline=True) == found


def test_a_pinned_name_is_asked_for_at_its_index_only():
    explicit = index("c", explicit=True)
    indexes = Indexes(searched=(A,), explicit=(explicit,), flat=(index("f"),))
    fetch = FakeFetch(a=answer(listing("a-1.whl")), c=answer(listing("a-2.whl")))

    found = find(fetch, indexes, pinned="c")

    assert (FoundPages((page(explicit, "a-2.whl"),)), ["https://c.example/simple/a/"]) == (found, fetch.asked)


FLAT = msgspec.structs.replace(index("flat", format=IndexFormat.FLAT), url=url("https://flat.example/links.html"))
LINKS = b"<a href=a-1.whl>a</a><a href=b-1.whl>b</a>"


def flat_fetch(made, **others):
    fetch = FakeFetch(**others)
    fetch.answers["https://flat.example/links.html"] = made
    return fetch


@pytest.mark.parametrize("kind", ["text/html", "binary/octet-stream", ""])
def test_a_flat_page_is_searched_along_with_every_index(kind):
    fetch = flat_fetch(answer(LINKS, kind=kind), a=answer(listing("a-2.whl")))

    found = find(fetch, Indexes(searched=(A,), flat=(FLAT,)))

    flat = Page("flat", FLAT.url, (Link("a-1.whl", "a-1.whl"),))
    assert FoundPages((page(A, "a-2.whl"),), (flat,)) == found


def test_a_flat_page_in_json_is_read():
    found = find(flat_fetch(answer(listing("a-1.whl", "b-1.whl"))), Indexes(flat=(FLAT,)))

    assert (Link("a-1.whl", "a-1.whl"),) == found.flat[0].links


def test_a_flat_page_is_fetched_once_in_a_run():
    fetch = flat_fetch(answer(LINKS, kind="text/html"))
    indexes = PackageIndexes(Indexes(flat=(FLAT,)), fetch)

    found = [indexes.pages(name).flat[0].links[0].filename for name in ("a", "b", "a")]

    assert (["a-1.whl", "b-1.whl", "a-1.whl"], 1) == (found, len(fetch.requests))


def test_a_flat_page_without_the_name_is_not_told_of():
    assert FoundPages() == find(flat_fetch(answer(b"<a href=b-1.whl>b</a>", kind="text/html")), Indexes(flat=(FLAT,)))


def test_a_flat_page_that_fails_ends_the_run():
    with pytest.raises(KeyrackError) as raised:
        find(flat_fetch(answer(b"", 404)), Indexes(flat=(FLAT,)))

    assert "Failed to read `--find-links` URL: https://flat.example/links.html" == raised.value.message


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (LINKS, "Found 2 packages in `--find-links` entry: https://flat.example/links.html"),
        (b"<a href=a-1.whl>", "Found 1 package in `--find-links` entry: https://flat.example/links.html"),
        (b"<a href=x>", "No packages found in `--find-links` entry: https://flat.example/links.html"),
    ],
)
def test_the_log_tells_what_a_flat_place_holds(body, line):
    lines = []
    fetch = flat_fetch(answer(body, kind="text/html"))

    PackageIndexes(Indexes(flat=(FLAT,)), fetch, log=lambda _, told: lines.append(told)).pages("a")

    assert line in lines


@pytest.mark.parametrize("without_index", [True, False])
def test_a_flat_page_that_the_cache_does_not_know_is_missed_without_network(without_index):
    found = find(flat_fetch(Offline("off")), Indexes(flat=(FLAT,)), without_index=without_index)

    assert FoundPages(offline=True, without_index=without_index) == found


def test_a_flat_index_takes_part_in_the_search():
    fetch = flat_fetch(answer(LINKS, kind="text/html"), b=answer(listing("a-9.whl")))

    found = find(fetch, Indexes(searched=(A, FLAT, B)))

    assert FoundPages((Page("flat", FLAT.url, (Link("a-1.whl", "a-1.whl"),)),)) == found


def test_a_flat_index_without_the_name_leads_on():
    fetch = flat_fetch(answer(b"", kind="text/html"), b=answer(listing("a-9.whl")))

    assert FoundPages((page(B, "a-9.whl"),)) == find(fetch, Indexes(searched=(FLAT, B)))


def test_without_index_only_flat_places_are_asked():
    fetch = flat_fetch(answer(LINKS, kind="text/html"), a=answer(listing("a-2.whl")))

    found = find(fetch, Indexes(searched=(A,), flat=(FLAT,)), without_index=True)

    expected = FoundPages((), (Page("flat", FLAT.url, (Link("a-1.whl", "a-1.whl"),)),), without_index=True)
    assert expected == found


def local(path, **told):
    return Index("disk", url(f"file://{path}"), **told)


def test_a_folder_of_files_is_a_flat_place(tmp_path):
    for name in ("a-1-py3-none-any.whl", "b-1.tar.gz", "README"):
        (tmp_path / name).touch()

    found = find(FakeFetch(), Indexes(flat=(local(tmp_path),)))

    assert (f"file://{tmp_path}/", ["a-1-py3-none-any.whl"]) == (
        str(found.flat[0].base),
        [link.filename for link in found.flat[0].links],
    )


def test_a_file_of_links_is_a_flat_place(tmp_path):
    (tmp_path / "links.html").write_bytes(LINKS)

    found = find(FakeFetch(), Indexes(flat=(local(tmp_path / "links.html"),)))

    assert ["a-1.whl"] == [link.filename for link in found.flat[0].links]


def test_a_flat_place_that_is_not_there_is_an_error(tmp_path):
    path = tmp_path / "gone"

    with pytest.raises(KeyrackError) as raised:
        find(FakeFetch(), Indexes(flat=(local(path),)))

    assert f"Failed to read `--find-links` directory: {path}" == raised.value.message


def test_a_tree_of_pages_on_this_disk_is_an_index(tmp_path):
    (tmp_path / "simple" / "a").mkdir(parents=True)
    (tmp_path / "simple" / "a" / "index.html").write_bytes(b"<a href=../../a-1.whl>a</a>")
    disk = local(tmp_path / "simple")

    found = find(FakeFetch(), Indexes(searched=(disk,)))

    expected = Page("disk", url(f"file://{tmp_path}/simple/a/"), (Link("a-1.whl", "../../a-1.whl"),))
    assert FoundPages((expected,)) == found


def test_a_tree_without_the_name_leads_on(tmp_path):
    fetch = FakeFetch(b=answer(listing("a-9.whl")))

    assert FoundPages((page(B, "a-9.whl"),)) == find(fetch, Indexes(searched=(local(tmp_path), B)))


def test_a_tree_that_cannot_be_read_ends_the_run(tmp_path):
    (tmp_path / "a" / "index.html").mkdir(parents=True)

    with pytest.raises(KeyrackError):
        find(FakeFetch(b=answer(listing("a-9.whl"))), Indexes(searched=(local(tmp_path), B)))
