"""GitLab: projects by number and by path side by side, a group and its project, forwarding to a public index."""

import pytest

from lab.registries.gitlab import gitlab, number_of
from lab.registries.simple import public
from lab.registry import Shelf
from lab.wheels import wheel

ONE, TWO = ("gitlab-ci-token", "token of one"), ("__token__", "token of two")
SHELVES = (
    Shelf("team/one", (wheel("front", "1.0", requires=["back"]),), (ONE,)),
    Shelf("team/two", (wheel("back", "2.0"),), (TWO,)),
)
PUBLIC = (wheel("front", "99"), wheel("back", "99"), wheel("palette", "3"))


@pytest.fixture
def open_index():
    with public(*PUBLIC) as index:
        yield index


def install(user, open_index, wanted, **places):
    words = [f"--index={name}={url}" for name, url in places.items()]
    return user.install(*words, "--default-index", open_index.index_url(), wanted, NETRC="")


@pytest.mark.parametrize("by_path", ["one", "two"])
def test_a_project_by_its_path_stands_beside_one_by_its_number(user, open_index, by_path):
    with gitlab(*SHELVES) as host:
        places = {"one": host.index_url("team/one", ONE), "two": host.index_url("team/two", TWO)}
        number = str(number_of(f"team/{by_path}"))
        places[by_path] = places[by_path].replace(f"/{number}/", f"/team%2F{by_path}/")

        said = install(user, open_index, "front", **places)

        assert (0, ["back-2.0", "front-1.0"]) == (said.code, user.installed()), said.err
        assert [] == [str(entry) for entry in host.requests() if entry.status in (401, 403)]
        assert [] == [str(entry) for entry in host.requests() if entry.identity is None]


def test_a_group_stands_beside_a_project(user, open_index):
    group = Shelf("team", (wheel("back", "2.0"), wheel("deep", "1.0")), (TWO,))
    with gitlab(SHELVES[0], group, groups=("team",)) as host:
        said = install(user, open_index, "front", one=host.index_url("team/one", ONE), two=host.index_url("team", TWO))

        assert (0, ["back-2.0", "front-1.0"]) == (said.code, user.installed()), said.err
        assert {ONE} == {entry.identity for entry in host.requests("*/projects/*")}
        assert {TWO} == {entry.identity for entry in host.requests("*/groups/*")}


def test_a_project_that_forwards_does_not_hide_the_next_one(user, open_index):
    with gitlab(*SHELVES, forward=open_index.index_url()) as host:
        places = {"one": host.index_url("team/one", ONE), "two": host.index_url("team/two", TWO)}

        said = install(user, open_index, "front", **places)

        assert (0, ["back-2.0", "front-1.0"]) == (said.code, user.installed()), said.err
        assert () == open_index.requests()


def test_a_project_that_forwards_to_an_index_of_nobody_is_warned_of(user, open_index):
    with gitlab(*SHELVES, forward=open_index.index_url()) as host:
        said = user.install("--default-index", f"one={host.index_url('team/one', ONE)}", "palette", NETRC="")

        assert (0, ["palette-3"]) == (said.code, user.installed()), said.err
        assert f"Index `one` forwards to {open_index.url}, where its credentials do not go" in said.err
        assert {None} == {entry.identity for entry in open_index.requests()}


@pytest.mark.parametrize("default", [True, False], ids=["configured", "not-configured"])
def test_who_is_forwarded_as_a_stranger_is_looked_up_first(user, open_index, default):
    user.write("netrc", "machine 127.0.0.1 login __token__ password one\n")
    key = ("__token__", "one")
    with gitlab(
        Shelf("team/one", (wheel("back", "2.0"),), (key,)), forward=open_index.index_url(), forwards_strangers=True
    ) as host:
        one = f"one={host.index_url('team/one')}"
        words = ("--index", one, "--default-index", open_index.index_url()) if default else ("--default-index", one)

        said = user.install(*words, "back", NETRC=str(user.folder / "netrc"))

        assert (0, ["back-2.0"]) == (said.code, user.installed()), said.err
        assert () == open_index.requests()
