import pytest

from keyrack.errors import InvalidText
from keyrack.formats.proxy_text import parse_bypass, parse_proxy
from keyrack.values.credentials import Basic, Username
from keyrack.values.secret import Secret


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://proxy.example:3128", ("http://proxy.example:3128/", None)),
        (" proxy.example:3128 ", ("http://proxy.example:3128/", None)),
        ("https://u:p@proxy.example", ("https://proxy.example/", Basic("u", Secret("p")))),
        ("u@proxy.example", ("http://proxy.example/", Username("u"))),
        ("socks5h://proxy.example:1080", ("socks5h://proxy.example:1080", None)),
    ],
)
def test_a_proxy_has_its_credentials_beside_it(text, expected):
    proxy = parse_proxy(text, "`HTTP_PROXY`")

    assert expected == (str(proxy.url), proxy.credentials)


@pytest.mark.parametrize(
    "text", ["ftp://u:secret@proxy.example", "http://u:secret@", "http://u:secret@a b", "socks5://"]
)
def test_what_is_no_proxy_is_named_by_its_place_alone(text):
    with pytest.raises(InvalidText) as caught:
        parse_proxy(text, "`HTTP_PROXY`")

    assert "Invalid proxy URL in `HTTP_PROXY`" == caught.value.message
    assert "secret" not in repr((caught.value.causes, caught.value.__cause__))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("localhost", ("localhost",)),
        ("A.example, .b.example 10.0.0.0/8,,*", ("a.example", ".b.example", "10.0.0.0/8", "*")),
    ],
)
def test_hosts_without_a_proxy_are_separated_by_commas_or_spaces(text, expected):
    assert expected == parse_bypass(text)
