from keyrack.values.exchange import Exchange, ResponseHead
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/a").url


def test_a_header_is_found_by_its_lower_case_name_and_the_first_one_counts():
    head = ResponseHead(200, (("etag", "1"), ("etag", "2")), URL)

    assert ("1", None) == (head.header("etag"), head.header("age"))


def test_an_exchange_does_not_print_its_authorization():
    exchange = Exchange(URL, (), Secret("Basic abc"))

    assert "abc" not in repr(exchange)
