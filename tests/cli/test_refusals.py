"""What the program says when an index refuses: who, what, whose credentials, where they were looked for, what to type."""

import pytest
from inline_snapshot import snapshot

from lab import answers
from lab.pages import HTML, Link, Telling, html_page
from lab.registries.google import google, key
from lab.registries.simple import Files, Manner, private, public, simple
from lab.registry import Shelf
from lab.wheels import wheel

LIB = wheel("lib", "1.0")
ME = ("me", "secret")


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


def refused(run, *words, **variables):
    """The error alone; the line on the environment is the same in all."""
    said = run("pip", "install", "--default-index", *words, **{"UV_HTTP_RETRIES": "0", **variables})
    assert ("", 0) != (said.err, said.code)
    return f"exit {said.code}\n" + said.err.replace("Using Python [PYTHON] environment at: v\n", "")


def test_a_wrong_password_from_the_url(run, open_index):
    with private(LIB, identity=ME) as host:
        said = refused(run, open_index.index_url(), "--index", f"corp={host.index_url('', ('me', 'wrong'))}", "lib")

    assert said == snapshot("""\
exit 1
error: Failed to look up `lib`
  cause: Index `corp` did not accept the credentials for http://127.0.0.1:[PORT]/simple/lib/ (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run

hint: correct the credentials in the index URL

hint: set UV_INDEX_CORP_USERNAME and UV_INDEX_CORP_PASSWORD
""")


def test_a_wrong_password_for_an_index_without_a_name(run, open_index):
    with private(LIB, identity=ME) as host:
        said = refused(run, open_index.index_url(), "--index", host.index_url("", ("me", "wrong")), "lib")

    assert said == snapshot("""\
exit 1
error: Failed to look up `lib`
  cause: Index `http://127.0.0.1:[PORT]/simple/` did not accept the credentials for
  ... http://127.0.0.1:[PORT]/simple/lib/ (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run

hint: correct the credentials in the index URL

hint: name the index (`--index NAME=http://127.0.0.1:[PORT]/simple/`) and set UV_INDEX_NAME_USERNAME and
  ... UV_INDEX_NAME_PASSWORD
""")


def test_a_key_without_the_right(run, open_index):
    with google(Shelf("p/one", (), (key("1"),)), Shelf("p/two", (LIB,), (key("2"),))) as host:
        said = refused(run, open_index.index_url(), "--index", f"two={host.index_url('p/two', key('1'))}", "lib")

    assert said == snapshot("""\
exit 1
error: Failed to look up `lib`
  cause: Index `two` does not allow access to http://127.0.0.1:[PORT]/p/two/simple/lib/ (403 Forbidden)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run

hint: check that the URL is right and that these credentials may read it
""")


def test_nothing_known(run, open_index):
    with private(LIB, identity=ME) as host:
        said = refused(run, open_index.index_url(), "--index", f"corp={host.index_url()}", "lib")

    assert said == snapshot("""\
exit 1
error: Failed to look up `lib`
  cause: Index `corp` wants credentials for http://127.0.0.1:[PORT]/simple/lib/ (401 Unauthorized), and
  ... none are known
  cause: Looked in: the credentials store ([FOLDER]/.local/share/uv/credentials/credentials.toml), netrc
  ... ([FOLDER]/.netrc)

hint: set UV_INDEX_CORP_USERNAME and UV_INDEX_CORP_PASSWORD

hint: keep them in the credentials store: `keyrack auth login http://127.0.0.1:[PORT]/simple/`

hint: keep the password in a keyring and pass `--keyring-provider subprocess`
""")


def test_a_refusal_for_a_package_further_down(run, open_index):
    with (
        private(LIB, identity=ME) as host,
        public(wheel("top", "1.0", requires=["mid"]), wheel("mid", "1.0", requires=["lib"])) as first,
    ):
        words = ("--index", first.index_url(), "--index", f"corp={host.index_url()}")

        said = refused(run, open_index.index_url(), *words, "top")

    assert said == snapshot("""\
exit 1
error: Failed to look up `lib`
  cause: Index `corp` wants credentials for http://127.0.0.1:[PORT]/simple/lib/ (401 Unauthorized), and
  ... none are known
  cause: Looked in: the credentials store ([FOLDER]/.local/share/uv/credentials/credentials.toml), netrc
  ... ([FOLDER]/.netrc)

hint: `lib` was included because `top` (v1.0) depends on `mid` (v1.0) which depends on `lib`

hint: set UV_INDEX_CORP_USERNAME and UV_INDEX_CORP_PASSWORD

hint: keep them in the credentials store: `keyrack auth login http://127.0.0.1:[PORT]/simple/`

hint: keep the password in a keyring and pass `--keyring-provider subprocess`
""")


def test_a_file_in_another_index(run):
    with simple(Shelf("a", (), (("a", "1"),)), Shelf("b", (LIB,), (("b", "2"),))) as host:
        inner = host.server.application

        def application(request):
            if request.path == "/a/simple/lib/":
                page = html_page("lib", [Link(LIB, f"/b/files/lib/{LIB.filename}")], Telling(sidecars=False))
                return answers.page(request, page, HTML, max_age=None, zipped=False)
            return inner(request)

        host.server.application = application

        said = refused(run, host.index_url("b", ("b", "2")), "--index", f"a={host.index_url('a', ('a', '1'))}", "lib")

    assert said == snapshot("""\
exit 2
error: Index `a` lists http://127.0.0.1:[PORT]/b/files/lib/lib-1.0-py3-none-any.whl, which lies in index
  ... `http://127.0.0.1:[PORT]/b/simple/` (401 Unauthorized)
  cause: The two indexes have different identities, so the file was asked for without credentials

hint: give both indexes the same credentials, or install the package from `http://127.0.0.1:[PORT]/b/simple/`
""")


def test_a_file_on_another_host(run):
    with private(LIB, identity=ME, manner=Manner(files=Files.OTHER_HOST_LOCKED)) as host:
        said = refused(run, host.index_url("", ME), "lib")

    assert said == snapshot("""\
exit 2
error: Index `http://127.0.0.1:[PORT]/simple/` lists
  ... http://127.0.0.1:[PORT]/files/lib/lib-1.0-py3-none-any.whl on another host, which wants credentials
  ... (401 Unauthorized)
  cause: Credentials of an index go to its own host only

hint: if http://127.0.0.1:[PORT] may see them, add `file-origins = ["http://127.0.0.1:[PORT]"]` to the index

hint: add an entry for machine `127.0.0.1` to your netrc file
""")


def test_a_token_that_hides_packages(run):
    with private(LIB, identity=ME, manner=Manner(unknown=404)) as host, public() as empty:
        said = refused(run, empty.index_url(), "--index", f"corp={host.index_url('', ('me', 'old'))}", "lib")

    assert said == snapshot("""\
exit 1
error: No solution found when resolving dependencies
  cause: Because lib was not found in the package registry and you require lib, we can conclude that your
  ... requirements are unsatisfiable.

hint: The credentials for index `corp` (from the index URL) have not been accepted anywhere yet
""")


def test_an_index_that_is_not_there(run):
    with private(LIB, identity=ME) as host:
        url = host.index_url("", ME)

    said = refused(run, url, "lib")

    assert said == snapshot("""\
exit 2
error: Failed to fetch: http://127.0.0.1:[PORT]/simple/lib/
  cause: error sending request for url (http://127.0.0.1:[PORT]/simple/lib/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
""")


def test_an_index_that_fails(run, open_index):
    with private(LIB, identity=ME) as host:
        host.server.application = lambda _request: answers.plain(503, "out of order")

        said = refused(run, open_index.index_url(), "--index", f"corp={host.index_url('', ME)}", "lib")

    assert said == snapshot("""\
exit 2
error: Failed to fetch: http://127.0.0.1:[PORT]/simple/lib/
  cause: HTTP status server error (503 Service Unavailable) for url (http://127.0.0.1:[PORT]/simple/lib/)
""")


def test_a_page_that_another_password_of_the_same_user_was_shown_is_asked_for_again(run, open_index):
    with private(LIB, identity=ME) as host:
        words = ("pip", "install", "--default-index", open_index.index_url(), "lib", "--index")
        right = run(*words, f"corp={host.index_url('', ME)}")
        run("pip", "uninstall", "lib")

        wrong = run(*words, f"corp={host.index_url('', ('me', 'old'))}")

    assert (0, 1) == (right.code, wrong.code)
    assert "did not accept the credentials" in wrong.err
