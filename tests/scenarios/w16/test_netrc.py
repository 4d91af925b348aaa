"""netrc knows machines only (W16): the very machine's entry answers a refusal, and `default` is not sprayed."""

import pytest

from lab.registries.simple import Files, Manner, private, public
from lab.wheels import wheel

LIB = wheel("lib", "1.0")
ME = ("me", "secret")


@pytest.fixture
def open_index():
    with public(wheel("lib", "99")) as index:
        yield index


def install(user, host, open_index, netrc):
    user.write("netrc", netrc)
    words = ("--index", f"corp={host.index_url()}", "--default-index", open_index.index_url())
    return user.install(*words, "lib", NETRC=str(user.folder / "netrc"))


def test_the_entry_of_the_machine_answers_a_refusal(user, open_index):
    with private(LIB, identity=ME) as host:
        said = install(user, host, open_index, "machine 127.0.0.1 login me password secret\n")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err
        assert [401] == [entry.status for entry in host.requests() if entry.identity is None]
        assert () == open_index.requests()


def test_the_file_in_the_home_is_read_too(user, open_index):
    user.write(".netrc", "machine 127.0.0.1 login me password secret\n")
    with private(LIB, identity=ME) as host:
        words = ("--index", host.index_url(), "--default-index", open_index.index_url())

        said = user.install(*words, "lib")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_the_default_entry_goes_to_nobody_who_merely_refuses(user, open_index):
    with private(LIB, identity=ME) as host:
        said = install(user, host, open_index, "default login me password secret\n")

        assert (1, []) == (said.code, user.installed())
        assert {None} == {entry.identity for entry in host.requests()}
        assert "netrc" in said.err


def test_a_missing_package_on_a_public_index_is_no_reason_to_send_anything(user):
    user.write("netrc", "default login me password secret\nmachine example.invalid login me password secret\n")
    with public() as index:
        user.install("--default-index", index.index_url(), "lib", NETRC=str(user.folder / "netrc"))

        assert {None} == {entry.identity for entry in index.requests()}


def test_files_on_another_host_are_opened_by_an_entry_that_names_it(user, open_index):
    with private(LIB, identity=ME, manner=Manner(files=Files.OTHER_HOST_LOCKED)) as host:
        said = install(user, host, open_index, "machine 127.0.0.1 login me password secret\n")

        assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_files_on_another_host_are_closed_to_the_default_entry(user, open_index):
    with private(LIB, identity=ME, manner=Manner(files=Files.OTHER_HOST_LOCKED)) as host:
        user.write("netrc", "default login me password secret\n")
        words = ("--index", f"corp={host.index_url('', ME)}", "--default-index", open_index.index_url())

        said = user.install(*words, "lib", NETRC=str(user.folder / "netrc"))

        assert (False, []) == (said.code == 0, user.installed())
        assert {None} == {entry.identity for entry in host.servers[1].requests()}
        assert "file-origins" in said.err


def test_a_netrc_that_cannot_be_read_is_no_reason_to_stop(user):
    with public(LIB) as index:
        user.write("netrc", "machine\n")

        said = user.install("--default-index", index.index_url(), "lib", NETRC=str(user.folder / "netrc"))

        assert 0 == said.code, said.err
