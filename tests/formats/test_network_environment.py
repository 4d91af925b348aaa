import pytest

from keyrack.errors import InvalidText
from keyrack.formats.network_environment import network_from, proxies_from
from keyrack.values.proxy import Proxies
from keyrack.values.settings import Network


def test_an_empty_environment_leaves_the_defaults():
    assert Network(netrc="/home/me/.netrc") == network_from({}, "/home/me")


@pytest.mark.parametrize(
    ("home", "windows", "expected"),
    [
        ("", False, ""),
        ("/", False, "/.netrc"),
        ("/home/me/", False, "/home/me/.netrc"),
        (r"C:\Users\me", True, r"C:\Users\me\_netrc"),
    ],
)
def test_netrc_lies_in_the_folder_of_the_user(home, windows, expected):
    assert expected == network_from({}, home, windows=windows).netrc


def test_netrc_may_be_named():
    assert "/etc/netrc" == network_from({"NETRC": "/etc/netrc"}, "/home/me").netrc


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"UV_HTTP_TIMEOUT": "1", "UV_REQUEST_TIMEOUT": "2", "HTTP_TIMEOUT": "3"}, 1.0),
        ({"UV_HTTP_TIMEOUT": "", "UV_REQUEST_TIMEOUT": "2", "HTTP_TIMEOUT": "3"}, 2.0),
        ({"HTTP_TIMEOUT": "3"}, 3.0),
    ],
)
def test_the_time_out_of_reading_has_three_names(environment, expected):
    assert expected == network_from(environment, "").read_timeout


def test_other_numbers_are_read():
    network = network_from({"UV_HTTP_CONNECT_TIMEOUT": "4", "UV_HTTP_RETRIES": "0"}, "")

    assert (4.0, 0) == (network.connect_timeout, network.retries)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("UV_HTTP_TIMEOUT", "invalid digit found in string; value should be an integer number of seconds"),
        ("UV_HTTP_CONNECT_TIMEOUT", "invalid digit found in string; value should be an integer number of seconds"),
        ("UV_HTTP_RETRIES", "invalid digit found in string"),
    ],
)
def test_a_number_that_is_none_is_told_with_its_variable(name, why):
    with pytest.raises(InvalidText) as caught:
        network_from({name: "1.5"}, "")

    assert f"Failed to parse environment variable `{name}` with invalid value `1.5`: {why}" == caught.value.message


def test_certificates_and_the_search_path_are_taken_over():
    network = network_from({"SSL_CERT_FILE": "f", "SSL_CERT_DIR": "d", "SSL_CLIENT_CERT": "c", "PATH": "/bin"}, "")

    assert ("f", "d", "c", "/bin") == (
        network.certificates_file,
        network.certificates_folder,
        network.client_certificate,
        network.search_path,
    )


def hosts(environment):
    found = proxies_from(environment)
    return [proxy and proxy.url.host for proxy in (found.http, found.https, found.everything)]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HTTP_PROXY": "a", "http_proxy": "b"}, ["a", None, None]),
        ({"http_proxy": "b", "https_proxy": "c", "all_proxy": "d"}, ["b", "c", "d"]),
        ({"HTTPS_PROXY": "c", "ALL_PROXY": "d"}, [None, "c", "d"]),
        ({"HTTP_PROXY": " ", "HTTPS_PROXY": ""}, [None, None, None]),
        ({"HTTP_PROXY": "a", "REQUEST_METHOD": "GET"}, [None, None, None]),
        ({"http_proxy": "b", "REQUEST_METHOD": "GET"}, ["b", None, None]),
    ],
)
def test_proxies_have_names_in_two_cases(environment, expected):
    assert expected == hosts(environment)


def test_hosts_without_a_proxy_are_read_in_either_case():
    assert [("a",), ("b",)] == [
        proxies_from({"NO_PROXY": "a", "no_proxy": "b"}).bypass,
        proxies_from({"no_proxy": "b"}).bypass,
    ]


def test_no_variables_are_no_proxies():
    assert Proxies() == proxies_from({})


def test_a_proxy_that_cannot_be_read_is_told_by_its_variable():
    with pytest.raises(InvalidText) as caught:
        network_from({"https_proxy": "http://u:secret@a b"}, "")

    assert "Invalid proxy URL in `https_proxy`" == caught.value.message


def test_the_tests_of_uv_switch_the_wait_between_two_tries_off():
    told = network_from({"UV_INTERNAL__TEST_NO_HTTP_RETRY_DELAY": "1"}, "")

    assert (True, False) == (network_from({}, "").retry_delay, told.retry_delay)
