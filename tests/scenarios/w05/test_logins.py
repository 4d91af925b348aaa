"""Two logins for two paths of one host: each index is asked with its own, at once and always (W5).

With uv 0.13.9 the second index is asked bare, then with the first one's credentials, and refuses them.
"""

import os

import pytest

from lab.faults import Fault
from lab.registries.simple import Files, Manner, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import asked, refused, repeated

ONE, TWO = ("me", "password of one"), ("me", "password of two")
SHELVES = (
    Shelf("team/one", (wheel("lib-a", "1.0", requires=["lib-b"]), wheel("lib-c", "1.0")), (ONE,)),
    Shelf("team/two", (wheel("lib-b", "2.0", requires=["lib-c"]),), (TWO,)),
)
OPEN = tuple(wheel(name, "99") for name in ("lib-a", "lib-b", "lib-c"))
EACH = ["lib-a-1.0", "lib-b-2.0", "lib-c-1.0"]


@pytest.fixture
def open_index():
    with public(*OPEN) as index:
        yield index


@pytest.fixture(params=[Files.BESIDE, Files.UUID, Files.REDIRECT_AWAY], ids=lambda files: files.value)
def host(request):
    with simple(*SHELVES, manner=Manner(files=request.param)) as host:
        yield host


def log_in(user, url, identity):
    said = user.run("auth", "login", url, "--username", identity[0], "--password", identity[1])
    assert 0 == said.code, said.err


def indexes(host, open_index, *names):
    words = [word for name in names for word in ("--index", host.index_url(name))]
    return (*words, "--default-index", open_index.index_url())


@pytest.mark.parametrize("names", [("team/one", "team/two"), ("team/two", "team/one")], ids=["one-two", "two-one"])
def test_each_index_is_read_with_its_own_login_and_nothing_is_asked_twice(user, host, open_index, names):
    log_in(user, host.index_url("team/one"), ONE)
    log_in(user, host.index_url("team/two"), TWO)

    said = user.install(*indexes(host, open_index, *names), "lib-a")

    front, away = host.servers
    assert (0, EACH) == (said.code, user.installed()), said.err
    assert ([], []) == (refused(host.requests()), repeated(host.requests()))
    assert {ONE} == {entry.identity for entry in front.requests("/team/one/*")}
    assert {TWO} == {entry.identity for entry in front.requests("/team/two/*")}
    assert {None} >= {entry.identity for entry in away.requests()}


def test_one_login_is_for_all_below_it_and_a_longer_one_comes_first(user, open_index):
    shelves = (Shelf("team/one", SHELVES[0].artifacts, (ONE,)), Shelf("team/two", SHELVES[1].artifacts, (TWO,)))
    with simple(*shelves) as host:
        log_in(user, f"{host.url}/team", ONE)
        log_in(user, host.index_url("team/two"), TWO)

        said = user.install(*indexes(host, open_index, "team/one", "team/two"), "lib-a")

        assert (0, EACH, []) == (said.code, user.installed(), refused(host.requests())), said.err


def test_a_wrong_login_is_named_alone(user, host, open_index):
    log_in(user, host.index_url("team/one"), ONE)
    log_in(user, host.index_url("team/two"), ("me", "0ld s3cr3t"))

    said = user.install(*indexes(host, open_index, "team/one", "team/two"), "lib-a", "-vv")

    assert (1, []) == (said.code, user.installed())
    service = host.index_url("team/two").removesuffix("/simple/")
    assert f"The credentials came from the login for {service}" in said.err
    assert f"log in again with `keyrack auth login {service}`" in said.hints
    assert [False, False] == [text in said.err.partition("error: ")[2] for text in ("team/one", "password of one")]
    assert [False, False] == [text in said.err for text in ("0ld s3cr3t", "password of one")]


def test_what_stands_in_the_environment_comes_before_a_login(user, host, open_index):
    log_in(user, host.index_url("team/one"), ("me", "old"))
    log_in(user, host.index_url("team/two"), TWO)
    words = ("--index", f"one={host.index_url('team/one')}", "--index", host.index_url("team/two"))

    said = user.install(
        *words,
        "--default-index",
        open_index.index_url(),
        "lib-a",
        UV_INDEX_ONE_USERNAME=ONE[0],
        UV_INDEX_ONE_PASSWORD=ONE[1],
    )

    assert (0, []) == (said.code, refused(host.requests())), said.err


def test_a_user_name_in_the_url_picks_one_of_two_users(user, open_index):
    with simple(Shelf("one", (wheel("lib-a", "1.0"),), (("b", "pb"),))) as host:
        log_in(user, host.index_url("one"), ("a", "pa"))
        log_in(user, host.index_url("one"), ("b", "pb"))
        words = ("--default-index", open_index.index_url(), "lib-a")

        unclear = user.install("--index", host.index_url("one"), *words)
        assert (2, ()) == (unclear.code, host.requests())
        assert "specify which username to use" in unclear.err

        said = user.install("--index", host.index_url("one").replace("://", "://b@"), *words)
        assert (0, ["lib-a-1.0"], []) == (said.code, user.installed(), refused(host.requests())), said.err


@pytest.mark.parametrize("name", ["", "me@"], ids=["bare", "named"])
def test_a_url_of_the_users_own_goes_with_the_login_above_it(user, open_index, name):
    with simple(*SHELVES) as host:
        log_in(user, host.index_url("team/one"), ONE)
        log_in(user, host.url, ("other", "password"))
        url = f"{host.url}/team/one/files/lib-c/lib_c-1.0-py3-none-any.whl".replace("://", f"://{name}", 1)

        said = user.install("--default-index", open_index.index_url(), url)

        assert (0, ["lib-c-1.0"], []) == (said.code, user.installed(), refused(host.requests())), said.err
        assert {ONE} == {entry.identity for entry in host.requests()}


def test_what_uv_wrote_is_used(user, host, open_index):
    folder = user.folder / "kept"
    folder.mkdir()
    table = '[[credential]]\nservice = "{}"\nusername = "me"\nscheme = "basic"\npassword = """\n{}"""\n\n'
    tables = [table.format(f"{host.url}/team/{name}", f"password of {name}") for name in ("two", "one")]
    (folder / "credentials.toml").write_text("".join(tables), encoding="utf-8")

    said = user.install(
        *indexes(host, open_index, "team/one", "team/two"), "lib-a", UV_CREDENTIALS_DIR=os.fspath(folder)
    )

    assert (0, EACH, []) == (said.code, user.installed(), refused(host.requests())), said.err


def test_an_index_that_is_open_to_everybody_is_read_although_the_login_is_old(user):
    with public(*OPEN) as index:
        log_in(user, index.url, ("me", "old"))
        index.fault(Fault(identity=("me", "old"), status=401))

        said = user.install("--default-index", index.index_url(), "lib-a")

        assert (0, ["lib-a-99"]) == (said.code, user.installed()), said.err
        assert 1 == sum("-> 401" in line for line in asked(index))
