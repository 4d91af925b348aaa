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


def test_a_package_that_it_lacks_is_not_there_and_the_next_index_is_asked_in_its_own_name(user, pypi):
    with forwarding(pypi) as host:
        words = ("--index", f"corp={host.index_url('', ME)}", "--default-index", pypi.index_url())

        said = user.install("-v", *words, "lib")

        assert (0, ["lib-99"]) == (said.code, user.installed()), said.err
        assert f"Not following the redirect to {pypi.index_url()}lib/: it is a page of index" in said.err
        assert 1 == len(pypi.requests("/simple/lib/"))


def test_it_is_told_that_the_index_forwards_to_where_nobody_wanted_to_go(user, pypi):
    with forwarding(pypi) as host, public() as default:
        words = ("--index", f"corp={host.index_url('', ME)}", "--default-index", default.index_url())

        said = user.install(*words, "lib")

        assert f"Index `corp` forwards to {pypi.url}" in said.err
        assert {None} == {entry.identity for entry in pypi.requests()}


def test_who_has_an_identity_is_not_taken_for_nobody(user, pypi):
    with forwarding(pypi, unknown=302) as host:
        said = user.install("--index", host.index_url("", ME), "--default-index", pypi.index_url(), "mine")

        assert (0, ["mine-1.0"]) == (said.code, user.installed()), said.err
        assert {ME} == {entry.identity for entry in host.requests()}
        assert () == pypi.requests()
