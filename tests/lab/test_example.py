"""The example's registries, and the judge of what an installer did there."""

import pytest

from lab.client import ask
from lab.example import Example


@pytest.fixture
def example():
    with Example() as started:
        yield started


def page(example: Example, name: str, package: str, who: str | None) -> int:
    place = next(place for place in example.places if place.name == name)
    identity = next((place.identity for place in example.places if place.name == who), None)
    return ask(f"{place.registry.index_url(place.shelf.name)}{package}/", identity).status


def test_each_index_opens_for_its_own_identity(example):
    packages = {"apps": "storefront", "libs": "ledger", "ui": "widgets", "core": "gears", "tools": "spanner"}

    assert [200] * 5 == [page(example, name, package, name) for name, package in packages.items()]


def test_no_two_indexes_share_an_identity(example):
    assert 5 == len({place.identity for place in example.places})


def test_good_manners_are_no_fault(example):
    page(example, "apps", "storefront", "apps")

    assert [] == list(example.faults())


def test_identity_of_another_index_is_a_fault(example):
    page(example, "ui", "widgets", "core")

    assert [
        "ui was asked with the identity of core: GET /east/web/_packaging/ui/pypi/simple/widgets/",
        "ui answered 401 to core: GET /east/web/_packaging/ui/pypi/simple/widgets/",
    ] == list(example.faults())


def test_probe_without_identity_is_a_fault(example):
    page(example, "libs", "ledger", None)

    assert ["libs answered 401 to nobody: GET /north/libs/simple/ledger/"] == list(example.faults())


def test_identity_at_the_public_index_is_a_fault(example):
    ask(example.public.index_url() + "palette/", example.places[0].identity)

    assert ["public was asked with the identity of apps: GET /simple/palette/"] == list(example.faults())


def test_identity_at_the_blob_host_is_a_fault(example):
    ask(example.azure.servers[1].url + "/blob/x", example.places[2].identity)

    assert "the blob host saw an identity: /blob/x" in list(example.faults())


def test_made_up_identity_belongs_to_a_stranger(example):
    assert "a stranger" == example.whose(("build", "made up"))


def test_inline_index_has_its_identity_in_the_url(example):
    place = next(place for place in example.places if place.name == "tools")

    assert place.url().startswith("http://any:token-of-tools@127.0.0.1:")


def test_other_index_has_its_identity_in_the_environment(example):
    place = example.places[0]

    assert ("@" in place.url(), place.variables) == (False, ("UV_INDEX_APPS_USERNAME", "UV_INDEX_APPS_PASSWORD"))
