"""Stale credentials in the URL, fresh ones in the environment (W10): the environment wins, everywhere."""

import pytest

from lab.registries.simple import Files, Manner, private, public
from lab.registry import with_userinfo
from lab.wheels import wheel

FRESH, STALE = ("me", "fresh"), ("me", "stale")


@pytest.mark.parametrize("files", [Files.INSIDE, Files.UUID], ids=lambda files: files.value)
def test_the_environment_comes_before_the_url_for_pages_and_files(user, files):
    with (
        private(wheel("lib", "1.0"), identity=FRESH, manner=Manner(files=files)) as host,
        public(wheel("lib", "99")) as open_index,
    ):
        words = ("--index", f"corp={with_userinfo(host.index_url(), STALE)}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", UV_INDEX_CORP_USERNAME="me", UV_INDEX_CORP_PASSWORD="fresh")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert {FRESH} == {entry.identity for entry in host.requests()}


def test_a_name_in_the_environment_and_another_whole_credential_in_the_url_are_told_apart(user):
    with private(wheel("lib", "1.0"), identity=FRESH) as host, public() as open_index:
        words = ("--index", f"corp={with_userinfo(host.index_url(), STALE)}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", UV_INDEX_CORP_USERNAME="somebody else")

        assert 2 == said.code
        assert "Index `corp` has two user names" in said.err
        assert () == host.requests()


def test_netrc_does_not_stand_in_for_credentials_that_are_given(user):
    netrc = user.write("netrc", "machine 127.0.0.1 login me password stale\n")
    with private(wheel("lib", "1.0"), identity=FRESH) as host, public() as open_index:
        words = ("--index", with_userinfo(host.index_url(), FRESH), "--default-index", open_index.index_url())

        said = user.install(*words, "lib", NETRC=str(user.folder / netrc))

        assert 0 == said.code, said.err
        assert {FRESH} == {entry.identity for entry in host.requests()}
