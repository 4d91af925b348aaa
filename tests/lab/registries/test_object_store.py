"""The store behind a registry: a signature opens it, and nothing else may come along."""

import pytest

from lab.client import ask
from lab.registries.object_store import ObjectStore
from lab.server import Server


@pytest.fixture
def signed():
    server = Server()
    store = ObjectStore(server.url)
    server.application = store.answer
    with server:
        yield store.signed("bucket/key", b"bytes")


def test_a_signature_opens_an_object(signed):
    assert (200, b"bytes") == (ask(signed).status, ask(signed).body)


def test_parts_may_be_asked_for(signed):
    assert (206, b"te") == (
        ask(signed, headers={"Range": "bytes=2-3"}).status,
        ask(signed, headers={"Range": "bytes=2-3"}).body,
    )


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_it_was_signed_for_get_alone(signed, method):
    assert 403 == ask(signed, method=method).status


def test_an_authorization_header_is_one_too_many(signed):
    assert 400 == ask(signed, ("user", "secret")).status


def test_nothing_opens_without_the_signature(signed):
    assert [403, 403] == [ask(signed.partition("?")[0]).status, ask(signed + "0").status]
