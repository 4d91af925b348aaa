"""What users of one registry meet and those of others do not."""

import pytest

from lab.registries.codeartifact import codeartifact
from lab.registries.codeartifact import token as aws
from lab.registries.devpi import devpi
from lab.registries.gemfury import gemfury
from lab.registries.gitea import gitea
from lab.registries.pulp import pulp
from lab.registries.pypiserver import pypiserver
from lab.registries.simple import public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import refused

ME, YOU = ("me", "token of mine"), ("you", "token of yours")
MINE, YOURS = wheel("mine", "1.0", requires=["yours"]), wheel("yours", "1.0")
SHELVES = (Shelf("team/mine", (MINE,), (ME,)), Shelf("team/yours", (YOURS,), (YOU,)))


@pytest.fixture
def open_index():
    with public(wheel("mine", "99"), wheel("yours", "99"), wheel("other", "1.0")) as index:
        yield index


def install(user, *words, **variables):
    return user.install(*words, NETRC=str(user.folder / "netrc"), **variables)


def both(host):
    return [f"--index={name}={host.index_url(f'team/{name}', key)}" for name, key in (("mine", ME), ("yours", YOU))]


# Gemfury


@pytest.mark.parametrize("colon", ["", ":"])
def test_a_token_may_stand_as_user_name_with_and_without_a_colon(user, open_index, colon):
    with gemfury(Shelf("acme", (wheel("mine", "1.0"),), (("s3cret", ""),))) as host:
        url = host.index_url("acme").replace("://", f"://s3cret{colon}@")

        said = install(user, f"--index=fury={url}", "--default-index", open_index.index_url(), "mine")

        assert (0, ["mine-1.0"]) == (said.code, user.installed()), said.err
        assert [] == refused(host.requests())
        assert "s3cret" not in said.err


def test_a_token_may_come_from_the_environment_with_an_empty_password(user, open_index):
    variables = {"UV_INDEX_FURY_USERNAME": "s3cret", "UV_INDEX_FURY_PASSWORD": ""}
    with gemfury(Shelf("acme", (wheel("mine", "1.0"),), (("s3cret", ""),))) as host:
        words = (f"--index=fury={host.index_url('acme')}", "--default-index", open_index.index_url())

        said = install(user, *words, "mine", **variables)

        assert (0, ["mine-1.0"], []) == (said.code, user.installed(), refused(host.requests())), said.err


# devpi


def test_what_an_index_inherits_comes_with_its_own_identity(user, open_index):
    shelves = (
        Shelf("team/dev", (wheel("mine", "1.0", requires=["base"]),), (ME,)),
        Shelf("main/base", (wheel("base", "2"),), (ME,)),
    )
    with devpi(*shelves, bases={"team/dev": ("main/base",)}) as host:
        url = host.index_url("team/dev", ME)

        said = install(user, f"--index=dev={url}", "--default-index", open_index.index_url(), "mine")

        assert (0, ["base-2", "mine-1.0"]) == (said.code, user.installed()), said.err
        assert {ME} == {entry.identity for entry in host.requests()}
        assert 1 == len(host.requests("/main/base/+f/*"))


def test_what_is_inherited_from_another_index_of_the_user_is_not_asked_for_with_the_heirs_identity(user, open_index):
    shelves = (Shelf("team/dev", (), (ME,)), Shelf("main/base", (wheel("base", "2"),), (YOU,)))
    with devpi(*shelves, bases={"team/dev": ("main/base",)}) as host:
        words = [
            f"--index={name}={host.index_url(f'{place}/{name}', key)}"
            for name, place, key in (("dev", "team", ME), ("base", "main", YOU))
        ]

        said = install(user, *words, "--default-index", open_index.index_url(), "base")

        assert (2, []) == (said.code, user.installed())
        assert "Index `dev` lists" in said.err
        assert "which lies in index `base`" in said.err
        assert {None} == {entry.identity for entry in host.requests("/main/base/+f/*")}


# Pulp


def test_a_guarded_content_host_hears_the_identity_only_where_the_index_vouches_for_it(user, open_index):
    with pulp(*SHELVES, guarded=True) as host:
        default = ("--default-index", open_index.index_url())

        before = install(user, *both(host), *default, "yours")
        tables = [
            f'[[index]]\nname = "{name}"\nurl = "{host.index_url(f"team/{name}", key)}"\nfile-origins = ["{host.servers[1].url}"]\n'
            for name, key in (("mine", ME), ("yours", YOU))
        ]
        user.write("uv.toml", "\n".join(tables))
        host.servers[1].clear()
        after = install(user, *default, "mine")

        assert 2 == before.code
        assert f'add `file-origins = ["{host.servers[1].url}"]` to the index' in before.err
        assert (0, ["mine-1.0", "yours-1.0"]) == (after.code, user.installed()), after.err
        files = host.servers[1].requests("*.whl*")
        assert {("mine", ME), ("yours", YOU)} == {(entry.path.split("/")[4], entry.identity) for entry in files}


# Gitea and Forgejo


def test_links_with_another_host_name_are_not_given_the_identity_and_say_what_to_write(user, open_index):
    with gitea(*SHELVES, app_host="localhost") as host:
        said = install(user, *both(host), "--default-index", open_index.index_url(), "yours")

        assert (2, []) == (said.code, user.installed())
        assert f'add `file-origins = ["http://localhost:{host.server.port}"]` to the index' in said.err
        assert {YOU} == {entry.identity for entry in host.requests("*/simple/yours/") if "team-yours" in entry.path}
        assert {None} == {entry.identity for entry in host.requests("*.whl")}


# pypiserver


@pytest.mark.parametrize("redirect", [302, 303])
def test_a_fallback_that_the_user_has_too_keeps_its_place(user, open_index, redirect):
    with pypiserver(*SHELVES, fallback=open_index.index_url(), redirect=redirect) as host:
        said = install(user, *both(host), "--default-index", open_index.index_url(), "mine", "other")

        assert (0, ["mine-1.0", "other-1.0", "yours-1.0"]) == (said.code, user.installed()), said.err
        assert {None} == {entry.identity for entry in open_index.requests()}


def test_an_index_of_a_whole_host_leaves_the_others_there_theirs(user, open_index):
    shelves = (Shelf("", (MINE,), (ME,)), Shelf("team", (YOURS,), (YOU,)))
    with pypiserver(*shelves) as host:
        words = [
            f"--index=all={host.url.replace('://', '://me:token%20of%20mine@')}/simple/",
            f"--index=team={host.index_url('team', YOU)}",
        ]

        said = install(user, *words, "--default-index", open_index.index_url(), "mine")

        assert (0, ["mine-1.0", "yours-1.0"]) == (said.code, user.installed()), said.err
        assert [] == refused(host.requests())


# CodeArtifact


def test_an_expired_token_is_spoken_of_where_nothing_else_has_the_package(user):
    key = aws("good")
    with codeartifact(Shelf("repo", (wheel("mine", "1.0"),), (key,))) as host:
        said = install(user, "--default-index", f"corp={host.index_url('repo', aws('expired'))}", "mine")

        assert 1 == said.code
        assert "The credentials for index `corp` (from the index URL) have not been accepted anywhere yet" in said.err


# Nested indexes (W4)


@pytest.mark.parametrize("order", [("", "team", "team/deep"), ("team/deep", "team", "")])
def test_indexes_within_indexes_are_each_read_with_their_own_identity(user, open_index, order):
    keys = {"": ("a", "pa"), "team": ("b", "pb"), "team/deep": ("c", "pc")}
    wheels = {
        "": wheel("outer", "1", requires=["middle"]),
        "team": wheel("middle", "1", requires=["inner"]),
        "team/deep": wheel("inner", "1"),
    }
    with simple(*(Shelf(name, (wheels[name],), (keys[name],)) for name in keys)) as host:
        urls = [f"{host.url}/{name}/simple/".replace("//simple", "/simple") for name in order]
        words = [
            f"--index={url.replace('://', '://' + ':'.join(keys[name]) + '@')}"
            for name, url in zip(order, urls, strict=True)
        ]

        said = install(user, *words, "--default-index", open_index.index_url(), "outer")

        assert (0, ["inner-1", "middle-1", "outer-1"]) == (said.code, user.installed()), said.err
        assert [] == refused(host.requests())
