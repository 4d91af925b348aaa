from keyrack.values.credentials import Basic, Bearer, Held, Source
from keyrack.values.login import TOKEN_USER, Login
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

SERVICE = parse_url("https://pkgs.example/a").url


def test_a_login_has_the_name_of_its_user():
    assert "u" == Login(SERVICE, Basic("u", Secret("p"))).username


def test_a_bearer_token_has_no_user():
    assert "" == Login(SERVICE, Bearer(Secret("t"))).username


def test_a_login_says_where_it_is_from():
    login = Login(SERVICE, Basic(TOKEN_USER, Secret("t")))

    assert Held(login.credentials, Source.STORE, "the login for https://pkgs.example/a") == login.held


def test_no_secret_is_printed():
    logins = [Login(SERVICE, Basic("u", Secret("s3cr3t"))), Login(SERVICE, Bearer(Secret("s3cr3t")))]

    assert "s3cr3t" not in f"{logins} {logins[0].held}"
