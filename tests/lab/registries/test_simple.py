"""The index of the simple API: formats, sidecars, ranges, conditions, and its other manners."""

import gzip
import hashlib
import json
import re

import pytest

from lab.client import ask
from lab.pages import SIMPLE_HTML, SIMPLE_JSON, Telling
from lab.registries.simple import Files, Manner, private, public, simple
from lab.registry import Shelf
from lab.sdists import sdist
from lab.wheels import wheel

ME, YOU = ("me", "mine"), ("you", "yours")
LIB = wheel("Lib.A", "1.0", requires=["b"], requires_python=">=3.8", uploaded="2024-05-01T00:00:00.000000Z")
OLD = wheel("lib-a", "0.9", yanked="broken")
SOURCE = sdist("lib-a", "1.0")
AS_JSON = {"Accept": SIMPLE_JSON}
PATH = "/files/lib-a/lib_a-1.0-py3-none-any.whl"


def files_of(url: str) -> list[dict[str, object]]:
    files: list[dict[str, object]] = json.loads(ask(url + "lib-a/", headers=AS_JSON).body)["files"]
    return files


def test_json_page_tells_all_of_a_wheel():
    with public(LIB) as index:
        files = files_of(index.index_url())

    sidecar = {"sha256": hashlib.sha256(LIB.metadata).hexdigest()}
    assert [
        {
            "filename": "lib_a-1.0-py3-none-any.whl",
            "url": PATH,
            "hashes": {"sha256": LIB.sha256},
            "requires-python": ">=3.8",
            "core-metadata": sidecar,
            "data-dist-info-metadata": sidecar,
            "yanked": False,
            "size": len(LIB.body),
            "upload-time": "2024-05-01T00:00:00.000000Z",
        }
    ] == files


def test_json_page_tells_its_version_and_the_versions():
    with public(LIB, OLD) as index:
        page = json.loads(ask(index.index_url() + "lib-a/", headers=AS_JSON).body)

    assert ({"api-version": "1.1"}, "lib-a", ["0.9", "1.0"]) == (page["meta"], page["name"], page["versions"])


def test_yanked_file_gives_its_reason():
    with public(OLD) as index:
        assert "broken" == files_of(index.index_url())[0]["yanked"]


def test_file_yanked_without_a_reason_is_yanked():
    with public(wheel("lib-a", "1", yanked="")) as index:
        assert True is files_of(index.index_url())[0]["yanked"]


def test_sdist_has_no_sidecar():
    with public(SOURCE) as index:
        assert False is files_of(index.index_url())[0]["core-metadata"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (SIMPLE_JSON, SIMPLE_JSON),
        (f"{SIMPLE_JSON}, {SIMPLE_HTML};q=0.2, text/html;q=0.01", SIMPLE_JSON),
        (f"{SIMPLE_JSON};q=0.1, {SIMPLE_HTML}", SIMPLE_HTML),
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", SIMPLE_JSON),
    ],
)
def test_format_follows_what_is_accepted(accept, expected):
    with public(LIB) as index:
        answer = ask(index.index_url() + "lib-a/", headers={"Accept": accept})

    assert expected == answer.headers["content-type"]


def test_nothing_acceptable_is_406():
    with public(LIB) as index:
        assert 406 == ask(index.index_url() + "lib-a/", headers={"Accept": "image/png"}).status


def test_index_may_speak_html_only():
    with public(LIB, manner=Manner(formats=("html",))) as index:
        answer = ask(index.index_url() + "lib-a/", headers={"Accept": f"{SIMPLE_JSON}, text/html;q=0.1"})

    assert "text/html; charset=utf-8" == answer.headers["content-type"]


def test_html_page_tells_the_same():
    with public(LIB, OLD) as index:
        page = ask(index.index_url() + "lib-a/", headers={"Accept": "text/html"}).body.decode()

    sidecar = f"sha256={hashlib.sha256(LIB.metadata).hexdigest()}"
    assert (
        f'<a href="{PATH}#sha256={LIB.sha256}" data-requires-python="&gt;=3.8" data-dist-info-metadata="{sidecar}" '
        f'data-core-metadata="{sidecar}">lib_a-1.0-py3-none-any.whl</a>'
    ) in page
    assert 'data-yanked="broken"' in page


def test_listing_names_the_projects():
    with public(LIB, wheel("zeta", "1")) as index:
        page = json.loads(ask(index.index_url(), headers=AS_JSON).body)

    assert [{"name": "lib-a"}, {"name": "zeta"}] == page["projects"]


def test_missing_project_is_404():
    with public(LIB) as index:
        assert 404 == ask(index.index_url() + "nope/").status


def test_missing_project_may_be_403():
    with public(LIB, manner=Manner(absent=403)) as index:
        assert 403 == ask(index.index_url() + "nope/").status


def test_known_page_is_304():
    with public(LIB) as index:
        first = ask(index.index_url() + "lib-a/")
        second = ask(index.index_url() + "lib-a/", headers={"If-None-Match": first.headers["etag"]})

    assert (304, b"", first.headers["etag"]) == (second.status, second.body, second.headers["etag"])


def test_page_is_fresh_for_a_while():
    with public(LIB, manner=Manner(max_age=60)) as index:
        assert "max-age=60" == ask(index.index_url() + "lib-a/").headers["cache-control"]


def test_page_may_have_no_validator():
    with public(LIB, manner=Manner(max_age=None)) as index:
        assert "etag" not in ask(index.index_url() + "lib-a/").headers


def test_page_is_zipped_when_asked():
    with public(LIB) as index:
        plain = ask(index.index_url() + "lib-a/")
        zipped = ask(index.index_url() + "lib-a/", headers={"Accept-Encoding": "gzip"})

    assert ("gzip", plain.body) == (zipped.headers["content-encoding"], gzip.decompress(zipped.body))


def test_metadata_lies_beside_the_wheel():
    with public(LIB) as index:
        assert LIB.metadata == ask(index.url + PATH + ".metadata").body


def test_index_may_have_no_sidecars():
    with public(LIB, manner=Manner(telling=Telling(sidecars=False))) as index:
        assert (404, False) == (
            ask(index.url + PATH + ".metadata").status,
            "core-metadata" in files_of(index.index_url())[0],
        )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-3", LIB.body[:4]),
        ("bytes=-5", LIB.body[-5:]),
        ("bytes=10-", LIB.body[10:]),
        ("bytes=-999999", LIB.body),
        ("bytes=3-999999", LIB.body[3:]),
    ],
)
def test_ranges_are_answered(asked, expected):
    with public(LIB) as index:
        answer = ask(index.url + PATH, headers={"Range": asked})

    assert (206, expected) == (answer.status, answer.body)


def test_range_tells_where_it_lies():
    with public(LIB) as index:
        answer = ask(index.url + PATH, headers={"Range": "bytes=0-3"})

    assert f"bytes 0-3/{len(LIB.body)}" == answer.headers["content-range"]


def test_range_behind_the_end_is_416():
    with public(LIB) as index:
        answer = ask(index.url + PATH, headers={"Range": "bytes=999999-"})

    assert (416, f"bytes */{len(LIB.body)}") == (answer.status, answer.headers["content-range"])


def test_range_of_a_changed_file_is_the_whole_file():
    with public(LIB) as index:
        answer = ask(index.url + PATH, headers={"Range": "bytes=0-3", "If-Range": '"old"'})

    assert (200, LIB.body) == (answer.status, answer.body)


def test_index_may_have_no_ranges():
    with public(LIB, manner=Manner(ranges=False)) as index:
        answer = ask(index.url + PATH, headers={"Range": "bytes=0-3"})

    assert (200, "accept-ranges" in answer.headers) == (answer.status, False)


def test_known_file_is_304():
    with public(LIB) as index:
        tag = ask(index.url + PATH).headers["etag"]

        assert 304 == ask(index.url + PATH, headers={"If-None-Match": f'"x", {tag}'}).status


def test_index_may_refuse_head():
    with public(LIB, manner=Manner(head=False)) as index:
        assert 405 == ask(index.url + PATH, method="HEAD").status


def test_private_index_wants_its_identity():
    with private(LIB, identity=ME) as index:
        url = index.index_url() + "lib-a/"

        assert [401, 401, 200] == [ask(url, who).status for who in (None, YOU, ME)]


def test_file_of_a_private_index_wants_its_identity():
    with private(LIB, identity=ME) as index:
        assert [401, 401, 200] == [ask(index.url + PATH, who).status for who in (None, YOU, ME)]


def test_identity_of_the_neighbour_is_refused():
    with simple(Shelf("team/a", (LIB,), (ME,)), Shelf("team/b", (OLD,), (YOU,))) as host:
        assert 403 == ask(host.index_url("team/a") + "lib-a/", YOU).status


def test_refusal_may_look_like_absence():
    with private(LIB, identity=ME, manner=Manner(unknown=404)) as index:
        assert 404 == ask(index.index_url() + "lib-a/").status


def test_index_within_the_place_of_another_keeps_its_own_reader():
    with simple(Shelf("", (LIB,), (ME,)), Shelf("team", (OLD,), (YOU,))) as host:
        assert [200, 200, 403] == [
            ask(host.index_url("") + "lib-a/", ME).status,
            ask(host.index_url("team") + "lib-a/", YOU).status,
            ask(host.index_url("team") + "lib-a/", ME).status,
        ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (Files.INSIDE, "/team/simple/lib-a/lib_a-1.0-py3-none-any.whl"),
        (Files.BESIDE, "/team/files/lib-a/lib_a-1.0-py3-none-any.whl"),
        (Files.RELATIVE, "../../files/lib-a/lib_a-1.0-py3-none-any.whl"),
        (Files.REDIRECT, "/team/files/lib-a/lib_a-1.0-py3-none-any.whl"),
        (Files.REDIRECT_AWAY, "/team/files/lib-a/lib_a-1.0-py3-none-any.whl"),
    ],
)
def test_files_lie_where_the_manner_says(files, expected):
    with simple(Shelf("team", (LIB,)), manner=Manner(files=files)) as host:
        assert expected == files_of(host.index_url("team"))[0]["url"]


def test_uuid_stands_in_for_the_name():
    with simple(Shelf("team", (LIB,)), manner=Manner(files=Files.UUID)) as host:
        url = str(files_of(host.index_url("team"))[0]["url"])

        assert re.fullmatch(re.escape(host.url) + r"/[0-9a-f-]{36}/lib-a/lib_a-1.0-py3-none-any.whl", url)


def test_other_host_asks_for_nothing():
    with private(LIB, identity=ME, manner=Manner(files=Files.OTHER_HOST)) as index:
        assert 200 == ask(index.servers[1].url + PATH).status


def test_locked_other_host_asks_for_the_same_identity():
    with private(LIB, identity=ME, manner=Manner(files=Files.OTHER_HOST_LOCKED)) as index:
        assert [401, 200] == [ask(index.servers[1].url + PATH, who).status for who in (None, ME)]


def test_redirect_on_the_same_host_opens_without_identity():
    with private(LIB, identity=ME, manner=Manner(files=Files.REDIRECT)) as index:
        answer = ask(index.url + PATH, ME)
        opened = ask(index.url + answer.headers["location"])

    assert (302, LIB.body) == (answer.status, opened.body)


def test_redirect_away_refuses_an_identity():
    with private(LIB, identity=ME, manner=Manner(files=Files.REDIRECT_AWAY)) as index:
        location = ask(index.url + PATH, ME).headers["location"]

        assert [400, 200] == [ask(location, who).status for who in (ME, None)]


def test_redirect_away_is_signed():
    with private(LIB, identity=ME, manner=Manner(files=Files.REDIRECT_AWAY)) as index:
        location = ask(index.url + PATH, ME).headers["location"]

        assert 403 == ask(location.partition("?")[0]).status


def test_local_version_is_found_by_its_quoted_name():
    local = wheel("lib-a", "1.0+cpu.1")
    with public(local) as index:
        url = str(files_of(index.index_url())[0]["url"])

        assert (True, local.body) == ("%2B" in url, ask(index.url + url).body)


def test_missing_project_may_be_forwarded():
    with private(LIB, identity=ME, manner=Manner(forward="http://127.0.0.1:1/simple/")) as index:
        answer = ask(index.index_url() + "nope/", ME)

    assert (302, "http://127.0.0.1:1/simple/nope/") == (answer.status, answer.headers["location"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("files", [Files.REDIRECT, Files.REDIRECT_AWAY])
def test_redirect_has_the_status_that_is_wanted(files, status):
    with public(LIB, manner=Manner(files=files, redirect=status)) as index:
        assert status == ask(index.url + PATH).status
