"""uv issue 11244: two repositories on one Google host, one user name, two keys; files lie outside `simple/`."""

# mypy: allow-untyped-defs, allow-untyped-calls
# As in all tests; the rule for them goes by module names, and an issue's number is none.

import pytest

from lab.registries.google import google, key
from lab.registries.simple import public
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import WAYS, Place, asked, by_keyring, by_name, inline, refused, repeated

ONE, TWO = key("first service account"), key("second service account")
SHELVES = (
    Shelf("project/one", (wheel("lib-a", "1.0", requires=["lib-b", "palette"]),), (ONE,)),
    Shelf("project/two", (wheel("lib-b", "2.0", requires=["palette"]),), (TWO,)),
)
PUBLIC = (wheel("palette", "3.0"), wheel("lib-a", "99.0"), wheel("lib-b", "99.0"))
OWNERS = {"/project/one/": ONE, "/repositories/one/": ONE, "/project/two/": TWO, "/repositories/two/": TWO}


@pytest.fixture
def host():
    with google(*SHELVES) as host:
        yield host


@pytest.fixture
def open_index():
    with public(*PUBLIC) as index:
        yield index


def places(host, order=("one", "two"), *, slash=True):
    keys = {"one": ONE, "two": TWO}
    return [Place(name, host.index_url(f"project/{name}", slash=slash), keys[name]) for name in order]


def strangers(host):
    """What was asked with another identity than that of the index it belongs to."""
    return [
        str(entry)
        for entry in host.requests()
        for part, owner in OWNERS.items()
        if part in entry.path and entry.identity != owner
    ]


@pytest.mark.parametrize("slash", [True, False], ids=["slash", "no-slash"])
@pytest.mark.parametrize("way", WAYS)
def test_two_repositories_are_read_each_with_its_own_key(user, host, open_index, way, slash):
    assert_each_keeps_its_own(user, (host, open_index), way, places(host, ("one", "two"), slash=slash))


@pytest.mark.parametrize("slash", [True, False], ids=["slash", "no-slash"])
@pytest.mark.parametrize("way", WAYS)
def test_the_order_of_the_repositories_makes_no_difference(user, host, open_index, way, slash):
    assert_each_keeps_its_own(user, (host, open_index), way, places(host, ("two", "one"), slash=slash))


def assert_each_keeps_its_own(user, registries, way, written):
    host, open_index = registries
    given = way(user, written, open_index.index_url())

    said = user.install(*given.words, "lib-a", **given.variables)

    assert (0, ["lib-a-1.0", "lib-b-2.0", "palette-3.0"]) == (said.code, user.installed()), said.err
    assert [] == strangers(host)
    assert [] == refused(host.requests())
    assert [] == repeated((*host.requests(), *open_index.requests()))
    assert {None} == {entry.identity for entry in open_index.requests()}
    assert {"GET"} == {entry.method for entry in (*host.requests(), *open_index.requests())}


def test_what_is_asked_is_the_page_the_file_and_where_the_file_lies(user, host, open_index):
    given = inline(user, places(host), open_index.index_url())

    user.install(*given.words, "lib-b", **given.variables)

    as_one, as_two = (f"{user}:{password}" for user, password in (ONE, TWO))
    assert [
        f"GET /project/one/simple/lib-b/ -> 404 as {as_one}",
        f"GET /project/one/simple/palette/ -> 404 as {as_one}",
        f"GET /project/two/lib-b/lib_b-2.0-py3-none-any.whl -> 307 as {as_two}",
        f"GET /project/two/simple/lib-b/ -> 200 as {as_two}",
        f"GET /project/two/simple/palette/ -> 404 as {as_two}",
    ] == asked(host, "/project/*")
    assert [f"200 as {as_two}"] == [line.partition(" -> ")[2] for line in asked(host, "/artifacts-downloads/*")]


@pytest.mark.parametrize("slash", [True, False], ids=["slash", "no-slash"])
def test_the_keyring_is_asked_once_for_each_index_and_by_its_url(user, host, open_index, slash):
    given = by_keyring(user, places(host, slash=slash), open_index.index_url())

    user.install(*given.words, "lib-a", **given.variables)

    expected = [("get", place.url, place.identity[0]) for place in places(host, slash=slash)]
    assert sorted(expected) == sorted(user.keyring({}).calls())


@pytest.mark.parametrize("way", WAYS)
def test_of_two_keys_the_one_that_may_not_read_is_named_alone(user, host, open_index, way):
    one, two = places(host)
    given = way(user, [one, two._replace(identity=ONE)], open_index.index_url())

    said = user.install(*given.words, "lib-a", **given.variables)

    label = "two" if way.__name__ in ("by_name", "in_a_project") else two.url
    assert 1 == said.code
    assert f"Index `{label}` does not allow access to {two.url}lib-b/ (403 Forbidden)" in said.err
    assert "project/one/" not in said.err
    assert [] == user.installed()
    assert [] == asked(open_index, "*lib-b*")


def test_a_key_that_no_repository_knows_is_named_with_its_variables(user, host, open_index):
    one, two = places(host)
    given = by_name(user, [one._replace(identity=key("of yesterday")), two], open_index.index_url())

    said = user.install(*given.words, "lib-a", **given.variables)

    assert 1 == said.code
    assert f"Index `one` did not accept the credentials for {one.url}lib-a/ (401 Unauthorized)" in said.err
    assert "The credentials came from UV_INDEX_ONE_USERNAME and UV_INDEX_ONE_PASSWORD" in said.err
    assert "project/two" not in said.err
