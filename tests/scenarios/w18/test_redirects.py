"""Redirects of every kind (W18, groups 6 and 7): followed hop by hop, and nobody's identity crosses an origin."""

import pytest

from lab import answers
from lab.registries.simple import Files, Manner, private, public
from lab.server import Server
from lab.wheels import wheel
from tests.scenarios.using import refused

LIB = wheel("lib", "1.0")
ME = ("me", "secret")
STATUSES = (301, 302, 303, 307, 308)


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


def moving_files(host, location, status=302):
    """Let the private host answer for files with a redirect."""
    inner = host.server.application
    host.server.application = lambda request: (
        answers.redirect(status, location)
        if request.path.startswith("/files/") and request.identity == ME
        else inner(request)
    )


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("files", [Files.REDIRECT, Files.REDIRECT_AWAY], ids=lambda files: files.value)
def test_a_redirected_file_arrives_and_the_store_behind_it_sees_no_identity(user, open_index, files, status):
    with private(LIB, identity=ME, manner=Manner(files=files, redirect=status)) as host:
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {"GET"} == {entry.method for entry in host.requests()}
        assert {None} >= {entry.identity for entry in host.servers[1].requests()}
        assert [] == refused(host.requests())


@pytest.mark.parametrize("location", ["../../moved/lib.whl", "/moved/lib.whl", "?there=1"])
def test_a_relative_location_is_resolved_where_it_stands(user, open_index, location):
    with private(LIB, identity=ME) as host:
        inner = host.server.application

        def application(request):
            if request.path.startswith("/moved/") or "there" in request.query:
                return answers.file(request, LIB.body) if request.identity == ME else answers.plain(401, "")
            if request.path.startswith("/files/") and not request.path.endswith(".metadata"):
                return answers.redirect(307, location)
            return inner(request)

        host.server.application = application
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


@pytest.mark.parametrize(
    ("userinfo", "identity"),
    [("you:token@", ("you", "token")), (":token@", ("", "token")), ("token@", ("token", ""))],
)
def test_userinfo_in_a_location_goes_there_and_nowhere_else(user, open_index, userinfo, identity):
    with private(LIB, identity=identity) as away, private(LIB, identity=ME) as host:
        target = f"{away.url.replace('://', f'://{userinfo}')}/files/lib/{LIB.filename}"
        moving_files(host, target)
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = user.install(*words, "-vv", "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {identity} == {entry.identity for entry in away.requests()}
        assert {ME} == {entry.identity for entry in host.requests()}
        assert userinfo not in said.err


def test_a_redirect_from_https_to_http_is_not_followed(user):
    plain = Server(lambda request: answers.file(request, LIB.body))
    with plain, private(LIB, identity=ME, tls=True) as host, public(tls=True) as default:
        moving_files(host, f"{plain.url}/{LIB.filename}")
        words = ("--index", host.index_url("", ME), "--default-index", default.index_url())

        said = user.install(*words, "lib", SSL_CERT_FILE=str(host.ca_file))

        assert (False, []) == (said.code == 0, user.installed())
        assert "redirects from https to" in said.err
        assert () == plain.requests()


def test_an_https_index_that_lists_files_on_http_is_refused(user):
    plain = Server(lambda request: answers.file(request, LIB.body))
    with plain, private(LIB, identity=ME, tls=True) as host, public(tls=True) as default:
        inner = host.server.application

        def application(request):
            response = inner(request)
            if request.path == "/simple/lib/" and response.status == 200:
                body = f'<a href="{plain.url}/{LIB.filename}">{LIB.filename}</a>'.encode()
                return answers.page(request, body, "text/html", max_age=None, zipped=False)
            return response

        host.server.application = application
        words = ("--index", host.index_url("", ME), "--default-index", default.index_url())

        said = user.install(*words, "lib", SSL_CERT_FILE=str(host.ca_file))

        assert (False, []) == (said.code == 0, user.installed())
        assert "is read over https and lists" in said.err
        assert () == plain.requests()


def test_an_index_that_moved_is_named_with_its_new_url(user, open_index):
    with private(LIB, identity=ME) as new:
        inner = new.server.application
        # The new host shows its pages to everybody, and its files to those who say who they are.
        new.server.application = lambda request: (
            answers.page(request, page(new), "text/html", max_age=None, zipped=False)
            if request.path == "/simple/lib/"
            else inner(request)
        )
        with Server(lambda request: answers.redirect(301, new.url + request.path)) as old:
            url = f"{old.url.replace('://', '://me:secret@')}/simple/"

            said = user.install("--index", f"corp={url}", "--default-index", open_index.index_url(), "lib")

            assert (False, []) == (said.code == 0, user.installed())
            assert f"Index `corp` was redirected to {new.url}/simple/lib/" in said.err
            assert f'hint: set `url = "{new.url}/simple/"` for the index' in said.err
            assert {None} == {entry.identity for entry in new.requests()}


def page(host):
    return f'<a href="{host.url}/files/lib/{LIB.filename}">{LIB.filename}</a>'.encode()


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no-ranges"])
@pytest.mark.parametrize("head", [405, 403])
def test_a_host_that_refuses_head_requests_is_never_asked_so(user, open_index, head, ranges):
    with private(LIB, identity=ME, manner=Manner(files=Files.REDIRECT_AWAY, ranges=ranges)) as host:
        for server in host.servers:
            inner = server.application
            server.application = lambda request, inner=inner: (
                answers.plain(head, "") if request.method == "HEAD" else inner(request)
            )
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {"GET"} == {entry.method for entry in host.requests()}


def test_redirects_without_an_end_are_left(user, open_index):
    with private(LIB, identity=ME) as host:
        inner = host.server.application
        host.server.application = lambda request: (
            answers.redirect(302, request.target) if request.path == "/simple/lib/" else inner(request)
        )
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (False, []) == (said.code == 0, user.installed())
        assert "More than 10 redirects" in said.err
        assert 20 > len(host.requests())
