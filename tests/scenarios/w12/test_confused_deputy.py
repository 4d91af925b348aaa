"""Links and pages that point at somebody else's place (W12, W13, W14, group 5): no identity leaves its index's origin."""

import pytest

from lab import answers
from lab.pages import HTML, Link, Telling, html_page
from lab.registries.simple import private, public, simple
from lab.registry import Shelf
from lab.server import Server
from lab.wheels import wheel
from lab.wire import Response

LIB, OTHER = wheel("lib", "1.0"), wheel("other", "1.0")
ME = ("me", "secret")


def listing(*links, base=""):
    """An index that lists these links for every package."""

    def answer(request):
        if request.path.startswith("/simple/"):
            page = html_page(
                "lib", [Link(artifact, url) for artifact, url in links], Telling(sidecars=False, base_href=base)
            )
            return answers.page(request, page, HTML, max_age=None, zipped=False)
        return answers.plain(404, "no")

    return Server(answer)


def test_a_public_page_that_names_a_private_file_gets_nobody_s_credentials_sent(user):
    with private(LIB, identity=ME) as corp, listing((LIB, f"{corp.url}/files/lib/{LIB.filename}")) as evil:
        words = ("--index", f"evil={evil.url}/simple/", "--default-index", corp.index_url("", ME))

        said = user.install(*words, "lib")

        assert [] == user.installed()
        assert 0 != said.code
        assert {None} == {entry.identity for entry in corp.requests()}
        assert "evil" in said.err
        assert "secret" not in said.err


def test_one_index_that_lists_the_file_of_another_one_on_its_host_goes_there_bare(user):
    shelves = (Shelf("a", (OTHER,), (("a", "pa"),)), Shelf("b", (LIB,), (("b", "pb"),)))
    with simple(*shelves) as host:
        inner = host.server.application

        def application(request):
            if request.path == "/a/simple/lib/":
                page = html_page("lib", [Link(LIB, f"/b/files/lib/{LIB.filename}")], Telling(sidecars=False))
                return answers.page(request, page, HTML, max_age=None, zipped=False)
            return inner(request)

        host.server.application = application
        words = (
            "--index",
            f"a={host.index_url('a', ('a', 'pa'))}",
            "--default-index",
            host.index_url("b", ("b", "pb")),
        )

        said = user.install(*words, "lib")

        assert (False, []) == (said.code == 0, user.installed())
        assert "lies in index" in said.err
        assert {None} == {entry.identity for entry in host.requests("/b/*")}


@pytest.mark.parametrize(
    "path", ["/b%2Ffiles", "/a/../b/files", "/a/%2e%2e/b/files", "/a/..%2Fb/files", "/a%5C..%5Cb/files", "//b/files"]
)
def test_no_spelling_of_a_path_carries_the_identity_into_another_index(user, path):
    shelves = (Shelf("a", (OTHER,), (("a", "pa"),)), Shelf("b", (LIB,), (("b", "pb"),)))
    with simple(*shelves) as host:
        inner = host.server.application

        def application(request):
            if request.path == "/a/simple/lib/":
                page = html_page("lib", [Link(LIB, f"{host.url}{path}/lib/{LIB.filename}")], Telling(sidecars=False))
                return answers.page(request, page, HTML, max_age=None, zipped=False)
            return inner(request)

        host.server.application = application
        words = (
            "--index",
            f"a={host.index_url('a', ('a', 'pa'))}",
            "--default-index",
            host.index_url("b", ("b", "pb")),
        )

        user.install(*words, "lib")

        assert {"/a/simple/lib/"} == {entry.path for entry in host.requests() if entry.identity == ("a", "pa")}


def test_a_file_that_redirects_into_another_index_s_host_brings_nobody_s_key_there(user):
    with private(LIB, identity=ME) as corp:
        target = f"{corp.url}/files/lib/{LIB.filename}"
        with private(LIB, identity=("a", "pa")) as host:
            inner = host.server.application
            host.server.application = lambda request: (
                answers.redirect(302, target) if request.path.startswith("/files/") else inner(request)
            )
            words = ("--index", host.index_url("", ("a", "pa")), "--default-index", corp.index_url("", ME))

            said = user.install(*words, "lib")

            assert (False, []) == (said.code == 0, user.installed())
            assert {None} == {entry.identity for entry in corp.requests()}
            assert "redirects to" in said.err


@pytest.mark.parametrize(
    "spelling",
    [
        "//{place}/lib-1.0-py3-none-any.whl",
        "http://{place}/lib-1.0-py3-none-any.whl",
        "http://{mine}@{place}/lib-1.0-py3-none-any.whl",
        "\\\\{place}\\lib-1.0-py3-none-any.whl",
        "http:\\\\{place}/lib-1.0-py3-none-any.whl",
        "http://{mine}\\@{place}/lib-1.0-py3-none-any.whl",
        "http://{mine}#@{place}/lib-1.0-py3-none-any.whl",
    ],
)
def test_no_spelling_of_a_link_carries_the_identity_to_another_place(user, spelling):
    with Server(lambda request: answers.file(request, LIB.body)) as away, private(OTHER, identity=ME) as host:
        link = spelling.format(place=away.url.partition("//")[2], mine=host.url.partition("//")[2])
        inner = host.server.application

        def application(request):
            if request.path == "/simple/lib/" and request.identity == ME:
                page = html_page("lib", [Link(LIB, link)], Telling(sidecars=False))
                return answers.page(request, page, HTML, max_age=None, zipped=False)
            return inner(request)

        host.server.application = application

        user.install("--default-index", host.index_url("", ME), "lib")

        assert set() == {entry.password for entry in away.requests()} & {"secret"}


def test_a_base_in_the_page_moves_the_links_and_not_the_identity(user):
    with Server(lambda request: answers.file(request, LIB.body)) as away, private(OTHER, identity=ME) as host:
        inner = host.server.application

        def application(request):
            if request.path == "/simple/lib/":
                page = html_page("lib", [Link(LIB, LIB.filename)], Telling(sidecars=False, base_href=f"{away.url}/x/"))
                return answers.page(request, page, HTML, max_age=None, zipped=False)
            return inner(request)

        host.server.application = application

        said = user.install("--default-index", host.index_url("", ME), "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {None} == {entry.identity for entry in away.requests()}
        assert {f"/x/{LIB.filename}"} == {entry.path for entry in away.requests()}


def test_the_same_address_under_another_name_is_another_origin(user):
    with private(LIB, identity=ME) as host:
        inner = host.server.application

        def application(request):
            if request.path == "/simple/lib/":
                link = Link(LIB, f"{host.server.url_as('localhost')}/files/lib/{LIB.filename}")
                return answers.page(
                    request, html_page("lib", [link], Telling(sidecars=False)), HTML, max_age=None, zipped=False
                )
            return inner(request)

        host.server.application = application

        said = user.install("--default-index", host.index_url("", ME), "lib")

        assert (False, []) == (said.code == 0, user.installed())
        assert {None} == {entry.identity for entry in host.requests("/files/*")}
        assert "on another host, which wants credentials" in said.err


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_url_that_the_user_wrote_outside_all_indexes_goes_bare(user, status):
    with (
        private(LIB, identity=ME) as corp,
        public() as default,
    ):
        inner = corp.server.application
        corp.server.application = lambda request: (
            Response(status, b"") if request.path.startswith("/elsewhere/") else inner(request)
        )
        words = (
            "--index",
            f"{corp.url.replace('://', '://me:secret@')}/team/simple/",
            "--default-index",
            default.index_url(),
        )

        said = user.install(*words, f"lib @ {corp.url}/elsewhere/{LIB.filename}")

        assert 0 != said.code
        assert {None} == {entry.identity for entry in corp.requests()}


def test_a_url_that_the_user_wrote_below_an_index_gets_that_index_s_identity(user):
    with private(LIB, identity=ME) as corp, public() as default:
        words = ("--index", corp.index_url("", ME), "--default-index", default.index_url())

        said = user.install(*words, f"lib @ {corp.url}/files/lib/{LIB.filename}")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {ME} == {entry.identity for entry in corp.requests()}
