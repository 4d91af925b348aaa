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
