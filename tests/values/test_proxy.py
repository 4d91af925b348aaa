"""A proxy's URL and its credentials are two values."""

import pytest

from keyrack.errors import InvalidText
from keyrack.values.credentials import Basic, Username
from keyrack.values.proxy import Proxy, parse_bypass, parse_proxy
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


@pytest.mark.parametrize(
    ("text", "url", "credentials"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128/", None),
        ("proxy.example:3128", "http://proxy.example:3128/", None),
        (" https://proxy.example ", "https://proxy.example/", None),
        ("socks5h://proxy.example:1080", "socks5h://proxy.example:1080", None),
        ("http://me:se%3Acret@proxy.example", "http://proxy.example/", Basic("me", Secret("se:cret"))),
        ("me:secret@proxy.example:3128", "http://proxy.example:3128/", Basic("me", Secret("secret"))),
        ("http://me@proxy.example", "http://proxy.example/", Username("me")),
    ],
)
def test_the_password_of_a_proxy_stands_beside_its_url(text, url, credentials):
    assert Proxy(parse_url(url).url, credentials) == parse_proxy(text)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_text_is_no_proxy(text):
    assert parse_proxy(text) is None


@pytest.mark.parametrize("text", ["ftp://proxy.example", "socks5://", "http://", "http://me:secret@"])
def test_what_is_no_proxy_is_refused_without_its_password(text):
    with pytest.raises(InvalidText) as refused:
        parse_proxy(text)

    assert "secret" not in str(refused.value)


def test_nothing_of_a_password_is_printed():
    assert "secret" not in repr(parse_proxy("http://me:secret@proxy.example"))


@pytest.mark.parametrize(
    ("text", "entries"), [(None, ()), ("", ()), ("A.example, ,b:81 *", ("a.example", "b:81", "*"))]
)
def test_entries_are_separated_by_commas_or_spaces(text, entries):
    assert entries == parse_bypass(text)
