"""No secret and no signed value gets into a file that is compiled, or comes out when one is read."""

import pytest

from lab.registries.google import google, key
from lab.registries.simple import private, public
from lab.registry import Shelf, with_userinfo
from tests.cli.test_leaks import (
    DEP,
    LIB,
    ME,
    PASSWORD,
    SIGNED,
    assert_nothing_leaks,
    listing,
)
from tests.scenarios.using import WAYS, Place, User, made_fresh

FLAGS = ("--emit-index-url", "--emit-find-links", "--emit-index-annotation", "--generate-hashes")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    return made_fresh(tmp_path_factory.mktemp("compiled leaks"))


@pytest.fixture
def user(tmp_path, fresh):
    return User(tmp_path, fresh)


def every_file(user, *words, **variables):
    """Compile into both forms, and install from what came of it."""
    (user.folder / "r.in").write_text("lib\n")
    return [
        user.run("pip", "compile", "-vv", "r.in", "-o", "r.txt", *FLAGS, *words, **variables),
        user.run("pip", "compile", "-vv", "r.in", "--universal", *FLAGS, *words, **variables),
        user.run("pip", "compile", "-vv", "r.in", "-o", "pylock.toml", *FLAGS, *words, **variables),
        user.run("pip", "sync", "-vv", "r.txt", *words, **variables),
        user.run("pip", "sync", "-vv", "--no-cache", "--reinstall", "pylock.toml", *words, **variables),
    ]


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("way", [way for way in WAYS if way.__name__ != "in_a_requirements_file"])
def test_keys_of_indexes(user, way, right):
    mine = key(PASSWORD)
    with public(DEP) as open_index, google(Shelf("p/one", (LIB,), (mine if right else key("x"),))) as host:
        given = way(user, [Place("one", host.index_url(), mine)], open_index.index_url())

        said = every_file(user, *given.words, **given.variables)

        assert right == (said[0].code == 0)
        assert right == (said[4].code == 0), said[4].err
        assert_nothing_leaks(user, said, host, open_index, secrets=(PASSWORD, mine[1]))


def test_userinfo_and_signatures_in_links(user):
    with private(DEP, identity=ME, tls=True) as host:
        link = f"{with_userinfo(host.url, ME)}/files/dep/{DEP.filename}?X-Goog-Signature={SIGNED}&token={SIGNED}"
        with listing(link) as index:
            (user.folder / "r.in").write_text("dep\n")
            words = ("--default-index", f"{index.url}/simple/")
            trusted = {"SSL_CERT_FILE": str(host.ca_file)}

            said = [
                user.run("pip", "compile", "-vv", "r.in", "-o", name, *words, **trusted)
                for name in ("r.txt", "pylock.toml")
            ]

            assert [0, 0] == [one.code for one in said]
            assert_nothing_leaks(user, said, host)


def test_urls_that_the_user_wrote(user):
    with private(DEP, identity=ME) as host, public() as index:
        (user.folder / "requirements.txt").write_text(
            f"dep @ {with_userinfo(host.url, ME)}/files/dep/{DEP.filename}?token={SIGNED}\n"
        )
        words = ("-vv", "--default-index", index.index_url())

        said = [user.run("pip", "compile", "requirements.txt", "-o", name, *words) for name in ("r.txt", "pylock.toml")]

        assert [0, 0] == [one.code for one in said]
        assert_nothing_leaks(user, said, host, index)


def test_the_command_in_the_header(user):
    with private(DEP, identity=ME) as host:
        (user.folder / "r.in").write_text("dep\n")
        (user.folder / "requirements.txt").write_text("")
        inner = with_userinfo(f"{host.url}/none/c.txt?token={SIGNED}", ME)
        words = ("--index-url", host.index_url("", ME), "--extra-index-url=" + host.index_url("", ME))

        said = [
            user.run("pip", "compile", "r.in", "-o", "r.txt", "--emit-index-url", *words),
            user.run("pip", "compile", "r.in", "-c", inner, *words),
            user.run("pip", "compile", "r.in", "-o", "s.txt", "--custom-compile-command", f"make {inner}", *words),
        ]

        assert 0 in [one.code for one in said], said[0].err
        assert_nothing_leaks(user, said, host)
