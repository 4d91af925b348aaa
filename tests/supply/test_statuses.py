"""Statuses that nobody can use."""

import pytest

from keyrack.supply.statuses import BadStatus
from keyrack.values.exchange import ResponseHead
from keyrack.values.url import parse_url

ASKED = parse_url("https://pkgs.example/a-1.whl").url
FINAL = parse_url("https://blob.example/a-1.whl?sig=secret").url


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "HTTP status client error (404 Not Found)"),
        (503, "HTTP status server error (503 Service Unavailable)"),
        (599, "HTTP status server error (599)"),
    ],
)
def test_a_status_reads_as_uv_writes_it_without_what_a_signed_url_hides(status, words):
    error = BadStatus(ASKED, ResponseHead(status, (), FINAL))

    expected = (
        "Failed to fetch: https://pkgs.example/a-1.whl",
        (f"{words} for url (https://blob.example/a-1.whl?sig=****)",),
    )
    assert expected == (error.message, error.causes)


def test_a_status_can_be_asked_for():
    assert 404 == BadStatus(ASKED, ResponseHead(404, (), FINAL)).status
