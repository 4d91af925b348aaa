import pytest

from keyrack.adapters.credential_file import CredentialFile
from keyrack.errors import KeyrackError
from keyrack.operations.configure import Words
from keyrack.operations.login import keep, keys_in, log_in, log_out, parse_service, shown, token
from keyrack.values.credentials import Bearer
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import login

PLACE = "https://x.test/a/simple/"
A = login("https://u:p@x.test/a")
TOKEN = login("https://__token__:t@x.test/a")


class Somebody:
    """Answers when asked; None is nobody there."""

    def __init__(self, name=None, password="", line=""):
        self.is_there = name is not None
        self._name, self._password, self._line = name, password, line
        self.asked = []

    def name(self):
        self.asked.append("name")
        return self._name

    def password(self):
        self.asked.append("password")
        return Secret(self._password)

    def first_line(self):
        self.asked.append("line")
        return Secret(self._line)


NOBODY = Somebody()


@pytest.fixture
def file(tmp_path):
    return CredentialFile(str(tmp_path))


def keys(service=PLACE, username=None, password=None, token=None):
    return keys_in(parse_service(service), username, password, token)


def keep_logins(file, *logins):
    file.change(lambda _before: logins)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (keys(username="u", password="p"), A),
        (keys("https://u:p@x.test/a/simple"), A),
        (keys("https://u@x.test/a/simple", password="p"), A),
        (keys("https://:p@x.test/a/simple", username="u"), A),
        (keys(token="t"), TOKEN),
        (keys("https://__token__@x.test/a", token="t"), TOKEN),
        (keys("x.test/b", username="u", password="p"), login("https://u:p@x.test/b")),
    ],
)
def test_what_is_typed_is_kept_by_the_root_of_the_index(file, given, expected):
    assert (expected, (expected,)) == (log_in(given, NOBODY, file), file.logins())


def test_another_password_takes_the_place_of_the_old(file):
    keep_logins(file, A, TOKEN)

    log_in(keys(username="u", password="new"), NOBODY, file)

    assert {TOKEN, login("https://u:new@x.test/a")} == set(file.logins())


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        (keys(), ["name", "password"], login("https://me:mine@x.test/a")),
        (keys(username="u"), ["password"], login("https://u:mine@x.test/a")),
        (keys(password="p"), ["name"], login("https://me:p@x.test/a")),
        (keys(username="u", password="-"), ["line"], login("https://u:piped@x.test/a")),
        (keys(token="-"), ["line"], login("https://__token__:piped@x.test/a")),
    ],
)
def test_what_is_missing_is_asked_for(file, given, asked, expected):
    somebody = Somebody("me", "mine", "piped")

    assert (expected, asked) == (log_in(given, somebody, file), somebody.asked)


def test_a_password_that_is_a_dash_in_the_url_is_a_password(file):
    assert login("https://u:-@x.test/a") == log_in(keys("https://u:-@x.test/a"), NOBODY, file)


@pytest.mark.parametrize(
    ("given", "somebody", "message"),
    [
        (keys(), NOBODY, "No username provided; did you mean to provide `--username` or `--token`?"),
        (keys(username="u"), NOBODY, "No password provided; did you mean to provide `--password` or `--token`?"),
        (keys(username="", password="p"), NOBODY, "Username cannot be empty"),
        (keys(username="u", password=""), NOBODY, "Password cannot be empty"),
        (keys(token=""), NOBODY, "Password cannot be empty"),
        (keys(), Somebody(""), "Username cannot be empty"),
        (keys(), Somebody("me", ""), "Password cannot be empty"),
        (keys(username="u", password="-"), NOBODY, "Password cannot be empty"),
        (
            keys("https://q@x.test", username="r", password="p"),
            NOBODY,
            "Cannot specify a username both via the URL and CLI; found `--username r` and `q`",
        ),
        (keys("https://q:s@x.test", password="p"), NOBODY, "Cannot specify a password both via the URL and CLI"),
        (keys("https://:s@x.test", token="t"), NOBODY, "Cannot include a password in the URL when using `--token`"),
        (
            keys("https://q@x.test", token="t"),
            NOBODY,
            "When using `--token`, a username cannot be provided; found: q",
        ),
    ],
)
def test_what_cannot_be_kept_is_an_error(file, given, somebody, message):
    with pytest.raises(KeyrackError) as caught:
        log_in(given, somebody, file)

    assert (message, ()) == (caught.value.message, file.logins())


@pytest.mark.parametrize("words", [("u\udcff", "p", None), ("u", "p\udcff", None), (None, None, "t\udcff")])
def test_words_that_are_no_text_are_refused(words):
    with pytest.raises(KeyrackError, match="is not UTF-8 text"):
        keys_in(parse_service(PLACE), *words)


@pytest.mark.parametrize(
    ("given", "gone", "said"),
    [
        (keys(username="u"), A, "u@https://x.test/a"),
        (keys("https://u@x.test/a/"), A, "u@https://x.test/a/"),
        (keys(), TOKEN, "https://x.test/a"),
    ],
)
def test_a_login_is_forgotten(file, given, gone, said):
    keep_logins(file, A, TOKEN)

    name = log_out(given, file)

    assert (said, False, 1) == (name, gone in file.logins(), len(file.logins()))


def test_where_nobody_is_logged_in_it_is_said_who_is(file):
    keep_logins(file, A, login("https://v:p@x.test/a/"), login("https://w:p@x.test/b"))

    with pytest.raises(KeyrackError) as caught:
        log_out(keys(), file)

    error = caught.value
    assert ("No matching entry found for `https://x.test/a`", 3) == (error.message, len(file.logins()))
    assert ("log out with `--username u`", "log out with `--username v`") == error.hints


@pytest.mark.parametrize("attempt", [log_out, token])
def test_an_empty_user_name_is_an_error(file, attempt):
    with pytest.raises(KeyrackError, match="Username cannot be empty"):
        attempt(keys(username=""), file)


@pytest.mark.parametrize(
    ("kept", "given", "expected"),
    [
        ((A, TOKEN), keys(), "t"),
        ((A, TOKEN), keys(username="u"), "p"),
        ((A, TOKEN), keys("https://u@x.test/a"), "p"),
        ((A,), keys(), "p"),
        ((A,), keys("https://x.test/a/b/c"), "p"),
        ((A, login("https://__token__:far@x.test")), keys(), "p"),
        ((Login(parse_url("https://x.test").url, Bearer(Secret("b"))),), keys(), "b"),
    ],
)
def test_the_password_that_would_be_sent_is_given(file, kept, given, expected):
    keep_logins(file, *kept)

    assert expected == token(given, file).reveal()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (keys("https://x.test/z"), "Failed to fetch credentials for `https://x.test/z`"),
        (keys("https://x.test/z", username="n"), "Failed to fetch credentials for `n@https://x.test/z`"),
        (keys(username="n"), "Failed to fetch credentials for `n@https://x.test/a/simple/`"),
        (keys(), "Multiple credentials found for URL `https://x.test/a/simple/`, specify which username to use"),
    ],
)
def test_where_no_one_password_is_meant_it_is_said(file, given, message):
    keep_logins(file, A, login("https://v:p@x.test/a"))

    with pytest.raises(KeyrackError) as caught:
        token(given, file)

    assert message == caught.value.message


def test_a_login_is_shown_without_the_name_that_stands_for_none():
    assert ["https://x.test/a", "u@https://x.test/a"] == [shown(each.service, each.username) for each in (TOKEN, A)]


def test_the_file_of_a_user_lies_where_the_environment_says(tmp_path):
    words = Words({}, {"UV_CREDENTIALS_DIR": "inner", "UV_LOCK_TIMEOUT": "1"}, str(tmp_path))

    assert str(tmp_path / "inner" / "credentials.toml") == keep(words).path
    assert str(tmp_path / "credentials.toml") == keep(Words({}, {"UV_CREDENTIALS_DIR": str(tmp_path)}, "/")).path
