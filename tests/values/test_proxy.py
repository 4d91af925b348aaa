"""A proxy's URL and its credentials are two values."""

from keyrack.values.credentials import Basic
from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def test_nothing_of_a_proxys_password_is_printed():
    proxies = Proxies(http=Proxy(parse_url("http://proxy.example:3128").url, Basic("me", Secret("secret"))))

    assert "secret" not in repr(proxies)


def test_a_run_has_no_proxies_unless_it_is_told():
    assert (None, None, None, ()) == ((none := Proxies()).http, none.https, none.everything, none.bypass)
