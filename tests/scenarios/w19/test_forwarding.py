"""GitLab sends those who ask for a package that it lacks to the public index (W19): that index is not this one."""

import pytest

from lab.registries.simple import Manner, private, public
from lab.wheels import wheel

ME = ("me", "secret")


@pytest.fixture
def pypi():
    with public(wheel("lib", "99"), wheel("other", "1.0")) as index:
        yield index


def forwarding(pypi, **more):
    return private(wheel("mine", "1.0"), identity=ME, manner=Manner(forward=pypi.index_url(), **more))


def test_an_identity_does_not_go_along(user, pypi):
    with forwarding(pypi) as host:
        user.install("--index", host.index_url("", ME), "--default-index", pypi.index_url(), "lib")

        assert {None} == {entry.identity for entry in pypi.requests()}


def test_it_is_told_that_the_index_forwards_elsewhere(user, pypi):
    with forwarding(pypi) as host:
        words = ("--index", f"corp={host.index_url('', ME)}", "--default-index", pypi.index_url())

        said = user.install(*words, "lib")

        assert f"Index `corp` forwards to {pypi.url}" in said.err


def test_who_has_an_identity_is_not_taken_for_nobody(user, pypi):
    with forwarding(pypi, unknown=302) as host:
        said = user.install("--index", host.index_url("", ME), "--default-index", pypi.index_url(), "mine")

        assert (0, ["mine-1.0"]) == (said.code, user.installed()), said.err
        assert {ME} == {entry.identity for entry in host.requests()}
        assert () == pypi.requests()
