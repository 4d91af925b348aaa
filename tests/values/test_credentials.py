from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.values.credentials import Basic, Bearer, Held, Source, Username, complete_in, credentials_in, header_value
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


@given(st.text(), st.text())
def test_a_header_holds_user_name_and_password_in_utf8(username, password):
    header = header_value(Basic(username, Secret(password))).reveal()

    assert ("Basic", f"{username}:{password}") == (header[:5], b64decode(header[6:]).decode())


def test_a_bearer_token_is_sent_as_it_is():
    assert "Bearer t.o-k" == header_value(Bearer(Secret("t.o-k"))).reveal()


def test_a_header_does_not_print():
    assert "****" == str(header_value(Basic("user", Secret("password"))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://pkgs.example/simple", None),
        ("https://@pkgs.example/simple", None),
        ("https://user@pkgs.example/simple", Username("user")),
        ("https://user:@pkgs.example/simple", Basic("user", Secret(""))),
        ("https://:token@pkgs.example/simple", Basic("", Secret("token"))),
        ("https://:@pkgs.example/simple", Basic("", Secret(""))),
        ("https://us%40er:p%2Fw@pkgs.example/simple", Basic("us@er", Secret("p/w"))),
    ],
)
def test_empty_halves_and_missing_halves_are_told_apart(text, expected):
    assert expected == credentials_in(parse_url(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://pkgs.example/", None),
        ("https://token@pkgs.example/", Basic("token", Secret(""))),
        ("https://user:password@pkgs.example/", Basic("user", Secret("password"))),
    ],
)
def test_a_name_alone_is_sent_with_an_empty_password(text, expected):
    assert expected == complete_in(parse_url(text))


@pytest.mark.parametrize(
    ("credentials", "shown"),
    [
        (Basic("user", Secret("password")), "user:****"),
        (Basic("token", Secret("")), "****"),
        (Bearer(Secret("token")), "bearer ****"),
        (Username("token"), "****"),
    ],
)
def test_a_name_that_stands_alone_may_be_a_token_and_is_hidden(credentials, shown):
    assert (shown, True) == (str(credentials), shown in repr(credentials))


@pytest.mark.parametrize("credentials", [Basic("tok3n", Secret("")), Username("tok3n"), Bearer(Secret("tok3n"))])
def test_no_form_of_credentials_prints_a_token(credentials):
    held = Held(credentials, Source.INLINE)

    assert "tok3n" not in f"{credentials} {credentials!r} {held} {held!r}"


def test_the_place_is_the_detail_where_there_is_one():
    held = [Held(Username("u"), Source.NETRC), Held(Username("u"), Source.NETRC, "netrc (~/.netrc)")]

    assert ["netrc", "netrc (~/.netrc)"] == [each.where for each in held]
