"""Google Artifact Registry as the lab plays it."""

import re

from lab.client import Answer, ask
from lab.registries.google import google, key
from lab.registry import Registry, Shelf
from lab.wheels import wheel

ONE, TWO = key("one"), key("two")
LIB_A, LIB_B = wheel("lib-a", "1.0"), wheel("lib-b", "1.0")
FILE_A = "/acme/one/lib-a/lib_a-1.0-py3-none-any.whl"


def make(*, tls: bool = False) -> Registry:
    return google(Shelf("acme/one", (LIB_A,), (ONE,)), Shelf("acme/two", (LIB_B,), (TWO,)), tls=tls)


def download(host: Registry) -> Answer:
    return ask(host.url + FILE_A, ONE)


def test_indexes_share_the_host():
    with make() as host:
        assert [f"{host.url}/acme/one/simple/", f"{host.url}/acme/two/simple/"] == [
            host.index_url("acme/one"),
            host.index_url("acme/two"),
        ]


def test_index_url_carries_a_key():
    with make() as host:
        url = host.index_url("acme/one", ("_json_key_base64", "ab="))

        assert f"http://_json_key_base64:ab%3D@127.0.0.1:{host.server.port}/acme/one/simple/" == url


def test_index_url_goes_without_its_slash():
    with make() as host:
        assert f"{host.url}/acme/one/simple" == host.index_url("acme/one", slash=False)


def test_nobody_gets_401_with_a_challenge():
    with make() as host:
        answer = ask(host.index_url("acme/one") + "lib-a/")

    assert (401, True) == (answer.status, answer.headers["www-authenticate"].startswith("Basic "))


def test_key_of_another_repository_gets_403():
    with make() as host:
        answer = ask(host.index_url("acme/one") + "lib-a/", TWO)

    assert 403 == answer.status


def test_unknown_key_gets_401():
    with make() as host:
        answer = ask(host.index_url("acme/one") + "lib-a/", key("three"))

    assert 401 == answer.status


def test_own_key_gets_the_page_in_html_whatever_is_accepted():
    with make() as host:
        answer = ask(
            host.index_url("acme/one") + "lib-a/", ONE, headers={"Accept": "application/vnd.pypi.simple.v1+json"}
        )

    assert (200, "text/html; charset=utf-8") == (answer.status, answer.headers["content-type"])


def test_file_lies_beside_the_simple_pages():
    with make() as host:
        page = ask(host.index_url("acme/one") + "lib-a/", ONE).body.decode()

    assert [f"{FILE_A}#sha256={LIB_A.sha256}"] == re.findall(r'href="([^"]+)"', page)


def test_page_of_the_repository_is_missing():
    with make() as host:
        assert 404 == ask(host.index_url("acme/one"), ONE).status


def test_package_of_the_other_repository_is_missing():
    with make() as host:
        assert 404 == ask(host.index_url("acme/one") + "lib-b/", ONE).status


def test_repository_that_is_not_there_is_missing():
    with make() as host:
        assert 404 == ask(f"{host.url}/acme/three/simple/lib-a/", ONE).status


def test_file_redirects_on_the_same_host_out_of_the_repository():
    with make() as host:
        answer = download(host)

    start = "/artifacts-downloads/namespaces/acme/repositories/one/downloads/"
    assert (307, True) == (answer.status, answer.headers["location"].startswith(start))


def test_file_refuses_the_key_of_another_repository():
    with make() as host:
        assert 403 == ask(host.url + FILE_A, TWO).status


def test_file_that_is_not_there_is_missing():
    with make() as host:
        assert 404 == ask(host.url + FILE_A.replace("1.0", "2.0"), ONE).status


def test_download_needs_no_key():
    with make() as host:
        answer = ask(host.url + download(host).headers["location"])

    assert (200, LIB_A.body) == (answer.status, answer.body)


def test_download_minds_no_key_either():
    with make() as host:
        assert 200 == ask(host.url + download(host).headers["location"], ONE).status


def test_download_with_another_token_is_missing():
    with make() as host:
        assert 404 == ask(host.url + download(host).headers["location"] + "x").status


def test_download_knows_no_ranges():
    with make() as host:
        answer = ask(host.url + download(host).headers["location"], headers={"Range": "bytes=-10"})

    assert (200, LIB_A.body) == (answer.status, answer.body)


def test_speaks_https():
    with make(tls=True) as host:
        assert 200 == ask(host.index_url("acme/one") + "lib-a/", ONE).status
