"""One index lies below another one on the same host, each with a password of its own (W4), in every manner of files."""

import pytest

from lab.registries.simple import Files, Manner, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import Place, by_keyring, by_name, inline, refused, repeated

OUTER, INNER = ("me", "password of the host"), ("me", "password of the team")
SHELVES = (
    Shelf("", (wheel("lib-a", "1.0", requires=["lib-b"]),), (OUTER,)),
    Shelf("team", (wheel("lib-b", "2.0"),), (INNER,)),
)


@pytest.fixture
def open_index():
    with public(wheel("lib-a", "99"), wheel("lib-b", "99")) as index:
        yield index


@pytest.mark.parametrize("inner_first", [True, False], ids=["inner-first", "outer-first"])
@pytest.mark.parametrize("way", [inline, by_name, by_keyring])
@pytest.mark.parametrize("files", [Files.BESIDE, Files.UUID, Files.REDIRECT_AWAY], ids=lambda files: files.value)
def test_each_index_is_read_with_its_own_password(user, open_index, way, inner_first, files):
    with simple(*SHELVES, manner=Manner(files=files)) as host:
        outer, inner = Place("host", host.index_url(""), OUTER), Place("team", host.index_url("team"), INNER)
        given = way(user, [inner, outer] if inner_first else [outer, inner], open_index.index_url())

        said = user.install(*given.words, "lib-a", **given.variables)

        front, away = host.servers
        assert (0, ["lib-a-1.0", "lib-b-2.0"]) == (said.code, user.installed()), said.err
        assert [] == refused(host.requests())
        assert [] == repeated(host.requests())
        assert {INNER} == {entry.identity for entry in front.requests("/team/*")}
        assert {None} >= {entry.identity for entry in away.requests()}
