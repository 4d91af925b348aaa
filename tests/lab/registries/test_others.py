"""What is special about each of the other registries: places, links, statuses."""

import json
import re
import threading
from urllib.parse import urljoin, urlsplit

import pytest

from lab.client import ask
from lab.pages import SIMPLE_JSON
from lab.registries.anaconda import anaconda
from lab.registries.artifactory import artifactory
from lab.registries.cloudsmith import cloudsmith
from lab.registries.codeartifact import codeartifact
from lab.registries.devpi import devpi
from lab.registries.gemfury import gemfury
from lab.registries.gitea import gitea
from lab.registries.nexus import nexus
from lab.registries.portal import portal
from lab.registries.pulp import pulp
from lab.registries.pypiserver import pypiserver
from lab.registry import Shelf
from lab.wheels import wheel

LIB, BASE = wheel("lib", "1.0"), wheel("base", "2.0")
ME, YOU = ("me", "mine"), ("you", "yours")
SHELVES = (Shelf("team/one", (LIB,), (ME,)), Shelf("team/two", (BASE,), (YOU,)))
HTML = {"Accept": "text/html"}


def page(host, who=ME, *, url=""):
    return ask((url or host.index_url("team/one")) + "lib/", who, headers=HTML)


def link(host, who=ME, *, url=""):
    """The first link of a page, as it is written."""
    return re.findall(r'<a href="([^"]*)', page(host, who, url=url).body.decode())[0]


def statuses(host, *urls):
    """For nobody, for one whom the registry does not know, for one who may read something else."""
    found = [[page(host, who, url=url).status for who in (None, ("who", "knows"), YOU)] for url in urls or [""]]
    return found[0]


@pytest.mark.parametrize(
    ("made", "index", "written"),
    [
        (codeartifact, "/pypi/team-one/simple/", f"1.0/{LIB.filename}"),
        (devpi, "/team/one/+simple/", f"../../+f/{LIB.sha256[:3]}/{LIB.sha256[3:16]}/{LIB.filename}"),
        (nexus, "/repository/team-one/simple/", f"../../packages/lib/1.0/{LIB.filename}"),
        (cloudsmith, "/basic/team/one/python/simple/", f"../../{LIB.filename}"),
        (pypiserver, "/team/one/simple/", f"../../packages/{LIB.filename}"),
        (portal, "/team/one/simple/", f"/team/one/files/{LIB.filename}"),
    ],
)
def test_index_urls_and_links_have_the_shape_of_the_registry(made, index, written):
    with made(*SHELVES) as host:
        assert (index, written) == (urlsplit(host.index_url("team/one")).path, link(host).partition("#")[0])


def test_artifactory_lists_files_by_their_hash():
    with artifactory(*SHELVES) as host:
        digest = LIB.sha256
        place = f"packages/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{LIB.filename}"

        assert f"../../{place}#sha256={digest}" == link(host)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (codeartifact, [401, 404, 403]),
        (devpi, [401, 401, 403]),
        (gemfury, [401, 401, 404]),
        (artifactory, [401, 401, 403]),
        (nexus, [401, 401, 403]),
        (pulp, [401, 401, 403]),
        (cloudsmith, [401, 401, 401]),
        (pypiserver, [401, 403, 403]),
        (gitea, [401, 401, 401]),
        (anaconda, [401, 401, 401]),
        (portal, [302, 302, 302]),
    ],
)
def test_refusals_have_the_status_of_the_registry(made, expected):
    with made(*SHELVES) as host:
        assert expected == statuses(host)


def test_codeartifact_speaks_json_with_sizes_and_knows_no_other_format():
    with codeartifact(*SHELVES) as host:
        url = host.index_url("team/one") + "lib/"
        files = json.loads(ask(url, ME, headers={"Accept": SIMPLE_JSON}).body)["files"]

        assert len(LIB.body) == files[0]["size"]
        assert 406 == ask(url, ME, headers={"Accept": "application/xml"}).status


def test_codeartifact_has_no_list_of_packages():
    with codeartifact(*SHELVES) as host:
        assert 404 == ask(host.index_url("team/one"), ME).status


def test_devpi_lists_what_it_inherits_under_the_owner():
    with devpi(*SHELVES, bases={"team/one": ("team/two",)}) as host:
        answer = ask(host.index_url("team/one") + "base/", ME, headers=HTML)

    assert f'href="../../../two/+f/{BASE.sha256[:3]}/' in answer.body.decode()


def test_gemfury_takes_a_token_for_the_user_and_redirects_to_signed_urls():
    token = ("token", "")
    with gemfury(Shelf("acme", (LIB,), (token,))) as host:
        url = host.index_url("acme", token)
        answer = ask(urljoin(f"{host.url}/", link(host, token, url=url)), token)

        assert f"http://token@127.0.0.1:{host.server.port}/acme/" == url
        assert (302, 403) == (answer.status, ask(answer.headers["location"], method="HEAD").status)


def test_artifactory_refuses_good_keys_until_it_is_warm():
    with artifactory(*SHELVES, cold=0.1) as host:
        found = []
        threads = [threading.Thread(target=lambda: found.append(page(host).status)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [200, 401, 401, 401, 401] == sorted(found)
        assert 200 == page(host).status


def test_pulp_keeps_files_on_its_content_host():
    with pulp(*SHELVES) as host:
        url = link(host).partition("#")[0]

        assert f"{host.servers[1].url}/pulp/content/team/one/{LIB.filename}" == url
        assert (200, 404) == (ask(url).status, ask(url.replace(host.servers[1].url, host.url), ME).status)


def test_pulp_may_guard_its_content():
    with pulp(*SHELVES, guarded=True) as host:
        url = link(host).partition("#")[0]

        assert [401, 403, 200] == [ask(url, who).status for who in (None, YOU, ME)]


def test_pulp_may_redirect_to_pages_on_its_content_host():
    with pulp(*SHELVES, redirects=True) as host:
        answer = page(host)

        assert (302, f"{host.servers[1].url}/pypi/team/one/simple/lib/") == (answer.status, answer.headers["location"])
        assert 200 == ask(answer.headers["location"]).status


def test_cloudsmith_takes_a_token_in_the_path_and_gives_it_on():
    with cloudsmith(*SHELVES, in_path=True) as host:
        url = host.index_url("team/one", ME)
        file = urljoin(f"{url}lib/", link(host, None, url=url))

        assert f"{host.url}/mine/team/one/python/simple/" == url
        assert (200, 401) == (ask(file).status, ask(file.replace("mine", "wrong")).status)


def test_anaconda_takes_its_token_in_the_path_only():
    with anaconda(*SHELVES) as host:
        url = host.index_url("team/one", ME)
        file = urljoin(f"{url}lib/", link(host, None, url=url))

        assert f"{host.url}/t/mine/team-one/simple/" == url
        assert (302, 401) == (ask(file).status, ask(f"{host.index_url('team/one')}lib/", ME).status)


@pytest.mark.parametrize("status", [302, 303])
def test_pypiserver_redirects_what_it_lacks(status):
    with pypiserver(*SHELVES, fallback="https://public.example/simple/", redirect=status) as host:
        answer = ask(host.index_url("team/one") + "other/", ME)

    assert (status, "https://public.example/simple/other/") == (answer.status, answer.headers["location"])


def test_pypiserver_may_have_a_host_for_itself():
    with pypiserver(Shelf("", (LIB,), (ME,))) as host:
        assert f"{host.url}/simple/" == host.index_url("")


def test_gitea_writes_a_dash_into_its_hashes():
    with gitea(*SHELVES) as host:
        assert f"{host.url}/api/packages/team-one/pypi/files/lib/1.0/{LIB.filename}#sha256-{LIB.sha256}" == link(host)


def test_gitea_may_think_that_it_has_another_name():
    with gitea(*SHELVES, app_host="localhost") as host:
        assert link(host).startswith(f"http://localhost:{host.server.port}/api/")


def test_the_portal_shows_a_form_on_another_host():
    with portal(*SHELVES) as host:
        answer = page(host, None)
        form = ask(answer.headers["location"])

        assert host.servers[1].port == urlsplit(answer.headers["location"]).port
        assert (200, True) == (form.status, b"<form" in form.body)
