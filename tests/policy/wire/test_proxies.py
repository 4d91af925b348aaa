"""Which proxy a URL goes through, and which origins need no valid certificate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.wire.proxies import bypasses, is_insecure, proxy_for
from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.url import parse_url

PLAIN, SECURE, ANY = (Proxy(parse_url(f"http://{name}.example:3128").url) for name in ("plain", "secure", "any"))


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("asked", "proxies", "chosen"),
    [
        ("http://pkgs.example/", Proxies(), None),
        ("http://pkgs.example/", Proxies(PLAIN, SECURE, ANY), PLAIN),
        ("https://pkgs.example/", Proxies(PLAIN, SECURE, ANY), SECURE),
        ("https://pkgs.example/", Proxies(PLAIN, None, ANY), ANY),
        ("http://pkgs.example/", Proxies(None, SECURE, ANY), ANY),
        ("https://pkgs.example/", Proxies(PLAIN), None),
        ("https://pkgs.example/", Proxies(PLAIN, SECURE, ANY, ("pkgs.example",)), None),
    ],
)
def test_each_scheme_has_its_proxy(asked, proxies, chosen):
    assert chosen == proxy_for(url(asked), proxies)


@pytest.mark.parametrize(
    ("asked", "no_proxy", "straight"),
    [
        ("https://pkgs.example/", "", False),
        ("https://pkgs.example/", "*", True),
        ("https://pkgs.example/", "pkgs.example", True),
        ("https://PKGS.example/", "pkgs.example", True),
        ("https://pkgs.example/", "other.example pkgs.example", True),
        ("https://a.pkgs.example/", "pkgs.example", True),
        ("https://a.pkgs.example/", ".pkgs.example", True),
        ("https://pkgs.example/", ".pkgs.example", True),
        ("https://a.pkgs.example/", "*.pkgs.example", True),
        ("https://mypkgs.example/", "pkgs.example", False),
        ("https://pkgs.example.evil.test/", "pkgs.example", False),
        ("https://pkgs.example/", "pkgs.example:443", True),
        ("https://pkgs.example/", "pkgs.example:8443", False),
        ("https://pkgs.example:8443/", "pkgs.example:8443", True),
        ("http://pkgs.example/", "pkgs.example:443", False),
        ("http://10.1.2.3/", "10.0.0.0/8", True),
        ("http://11.1.2.3/", "10.0.0.0/8", False),
        ("http://10.1.2.3/", "10.1.2.3", True),
        ("http://10.1.2.3:81/", "10.1.2.3:81", True),
        ("http://10.1.2.3:81/", "10.1.2.3:82", False),
        ("http://10.1.2.3/", "2.3", False),
        ("http://10.1.2.3/", "10.0.0.0/99", False),
        ("http://[fd00::1]/", "fd00::/8", True),
        ("http://[fd00::1]/", "[fd00::1]", True),
        ("http://[fd00::1]/", "fd00::1", True),
        ("http://[fd00::1]:81/", "[fd00::1]:81", True),
        ("http://[fd00::1]:81/", "[fd00::1]:82", False),
        ("http://[fd00::1]/", "10.0.0.0/8", False),
        ("http://localhost/", "127.0.0.1", False),
        ("https://pkgs.example/", ".", False),
        ("https://pkgs.example/", ":443", False),
        ("https://pkgs.example/", "*.", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(asked, no_proxy, straight):
    assert straight == bypasses(url(asked), no_proxy.split())


@pytest.mark.parametrize(
    ("asked", "allowed", "insecure"),
    [
        ("https://pkgs.example/", (), False),
        ("https://pkgs.example/", ("pkgs.example",), True),
        ("https://pkgs.example/", ("PKGS.example",), True),
        ("https://a.pkgs.example/", ("pkgs.example",), False),
        ("https://pkgs.example/", ("other.example", "pkgs.example:443"), True),
        ("https://pkgs.example:8443/", ("pkgs.example",), True),
        ("https://pkgs.example:8443/", ("pkgs.example:443",), False),
        ("https://pkgs.example/", ("https://pkgs.example",), True),
        ("https://pkgs.example/", ("https://pkgs.example:443/",), True),
        ("https://pkgs.example/", ("http://pkgs.example",), False),
        ("https://[::1]:8443/", ("[::1]:8443",), True),
        ("https://[::1]:8443/", ("::1",), True),
        ("https://127.0.0.1:8443/", ("127.0.0.1",), True),
    ],
)
def test_only_hosts_that_are_named_need_no_certificate(asked, allowed, insecure):
    assert insecure == is_insecure(url(asked).origin, allowed)


@given(st.text(), st.sampled_from(["https://pkgs.example/", "http://10.1.2.3/", "http://[fd00::1]:81/"]))
def test_no_entry_is_too_odd(entry, asked):
    assert isinstance(bypasses(url(asked), (entry,)), bool)
