import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.credentials_toml import parse_logins, parse_service, write_logins
from keyrack.values.credentials import Basic, Bearer
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

BY_UV = '''\
[[credential]]
service = "https://pkgs.example/%61%20b/"
username = 'ü"'
scheme = "basic"
password = """
pä
x\\ty\\u0001"""

[[credential]]
service = "https://q:pw@pkgs.example/c?x=1#y"
username = "q"
scheme = "basic"
password = "pw"

[[credential]]
service = "http://127.0.0.1:8000/x"
username = "__token__"
scheme = "basic"
password = "abc"
'''


def login(url, credentials):
    return Login(parse_url(url).url, credentials)


def basic(username, password):
    return Basic(username, Secret(password))


def one(lines):
    return parse_logins(f"[[credential]]\n{lines}\n", "FILE")


def test_what_uv_wrote_is_read_and_userinfo_is_left_out():
    expected = (
        login("https://pkgs.example/%61%20b/", basic('ü"', "pä\nx\ty\x01")),
        login("https://pkgs.example/c", basic("q", "pw")),
        login("http://127.0.0.1:8000/x", basic("__token__", "abc")),
    )

    assert expected == parse_logins(BY_UV, "FILE")


def test_a_file_without_logins_is_empty():
    assert () == parse_logins("# nothing\n", "FILE")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('service = "h.test"\nusername = "u"\npassword = "p"', basic("u", "p")),
        ('service = "h.test"\nusername = "u"', basic("u", "")),
        ('service = "h.test"\nscheme = "bearer"\ntoken = "t"', Bearer(Secret("t"))),
        ('service = "h.test"\nscheme = "bearer"\nusername = ""\ntoken = "t"', Bearer(Secret("t"))),
        ('service = "h.test"\nusername = "u"\npassword = "p"\nlater = "key"', basic("u", "p")),
    ],
)
def test_both_schemes_are_read(lines, expected):
    assert (login("https://h.test", expected),) == one(lines)


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        ('username = "s3cr3t"', "line 1: `service` is missing"),
        ('service = 1\nusername = "s3cr3t"', "line 1: `service` is not a text"),
        ('service = "h.test"\npassword = "s3cr3t"', "line 1: `username` is required with `scheme = basic`"),
        ('service = "h.test"\nusername = ""', "line 1: `username` is required with `scheme = basic`"),
        ('service = "h.test"\nusername = "u"\ntoken = "t"', "line 1: `token` cannot be provided with `scheme = basic`"),
        ('service = "h.test"\nscheme = "bearer"', "line 1: `token` is required with `scheme = bearer`"),
        (
            'service = "h.test"\nscheme = "bearer"\ntoken = "t"\nusername = "u"',
            "line 1: `username` cannot be provided with `scheme = bearer`",
        ),
        (
            'service = "h.test"\nscheme = "bearer"\ntoken = "t"\npassword = "s3cr3t"',
            "line 1: `password` cannot be provided with `scheme = bearer`",
        ),
        ('service = "h.test"\nscheme = "s3cr3t"', "line 1: `scheme` is neither `basic` nor `bearer`"),
        ('service = "http://h.test"\nusername = "u"', "line 1: HTTPS is required for non-local hosts"),
        ('service = "ftp://h.test"\nusername = "u"', "line 1: Unsupported scheme: ftp"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_of_it(lines, cause):
    with pytest.raises(InvalidText) as caught:
        one(lines)

    error = caught.value
    assert ("Failed to parse TOML credential file: `FILE`", (cause,)) == (error.message, error.causes)
    assert (None, True) == (error.__cause__, error.__suppress_context__)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("credential = 1", "`credential` is not an array of tables"),
        ("[credential]", "`credential` is not an array of tables"),
        ("credential = [1]", "line 1: it is not a table"),
        ("[[credential]]\nx = 1\n[credential.y]\n[[ credential ]]", "line 1: `service` is missing"),
        ("a.b = 1\ncredential = [\n{}]", "line 2: `service` is missing"),
        ('"cred\\u0065ntial" = [{}]', "entry 1: `service` is missing"),
    ],
)
def test_a_file_of_another_form_is_refused(text, cause):
    with pytest.raises(InvalidText) as caught:
        parse_logins(text, "FILE")

    assert (cause,) == caught.value.causes


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[credential]]\npassword = "s3cr3t\n', " at line 2, column"),
        ("password = ", " at "),
        ("password = " + "9" * 5000, ""),
        ("credential = " + "[" * 5000, ""),
    ],
)
def test_of_what_is_no_toml_only_the_place_is_said(text, where):
    with pytest.raises(InvalidText) as caught:
        parse_logins(text, "FILE")

    (cause,) = caught.value.causes
    assert (True, False) == (cause.startswith(f"it is not valid TOML{where}"), "s3cr3t" in cause)
    assert (None, True) == (caught.value.__cause__, caught.value.__suppress_context__)


names = st.text(min_size=1).filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))
written = st.lists(
    st.builds(
        login,
        st.sampled_from(["https://h.test", "https://h.test/a/", "http://localhost:8000/a%20b", "https://[::1]/x"]),
        st.one_of(
            st.builds(Basic, names, st.builds(Secret, names | st.just(""))), st.builds(Bearer, st.builds(Secret, names))
        ),
    )
).map(tuple)


@given(written)
def test_what_is_written_is_read_again(logins):
    assert logins == parse_logins(write_logins(logins), "FILE")


def test_logins_are_written_as_uv_writes_them():
    logins = (login("https://h.test/a", basic("u", 'p"\\')), login("https://h.test", Bearer(Secret("t"))))

    assert (
        '[[credential]]\nservice = "https://h.test/a"\nusername = "u"\nscheme = "basic"\npassword = "p\\"\\\\"\n'
        '\n[[credential]]\nservice = "https://h.test/"\nscheme = "bearer"\ntoken = "t"\n'
    ) == write_logins(logins)


def test_a_file_written_holds_every_control_character_escaped():
    text = write_logins((login("https://h.test", basic("u", "\x00\x1f\x7f\t\r\n")),))

    assert ("\x00\x1f\x7f\t\r\n", True) == (
        tomllib.loads(text)["credential"][0]["password"],
        text.replace("\n", "").isprintable(),
    )


def test_what_is_no_text_is_not_written():
    with pytest.raises(InvalidText, match="is not UTF-8 text") as caught:
        write_logins((login("https://h.test", basic("u", "p\udcff")),))

    assert (None, True) == (caught.value.__cause__, caught.value.__suppress_context__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkgs.example", "https://pkgs.example/"),
        ("pkgs.example:8080/a", "https://pkgs.example:8080/a"),
        (" https://PKGS.example:443/a/simple/?q=1#f ", "https://pkgs.example/a/simple/"),
        ("http://localhost:8000/a", "http://localhost:8000/a"),
        ("http://127.0.0.1/a", "http://127.0.0.1/a"),
        ("http://[::1]:3/a", "http://[::1]:3/a"),
    ],
)
def test_a_service_is_a_url_or_a_host(text, expected):
    assert expected == parse_service(text).url.exact


def test_credentials_of_a_service_stand_beside_it():
    parsed = parse_service("u:p%40@pkgs.example/a")

    assert ("https://pkgs.example/a", "u", Secret("p@")) == (parsed.url.exact, parsed.username, parsed.password)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http://pkgs.example", "HTTPS is required for non-local hosts"),
        ("http://localhost.evil.test", "HTTPS is required for non-local hosts"),
        ("ftp://pkgs.example", "Unsupported scheme: ftp"),
        ("https://pkgs.example/a/../b", "The path holds `.` or `..`, which servers read in different ways"),
        ("https://pkgs.example/a%2F../b", "The path holds `.` or `..`, which servers read in different ways"),
        ("", "Not a valid URL: `https://` without a host"),
        ("not a url", "Not a valid URL: it holds a space, a control character or a backslash"),
    ],
)
def test_what_cannot_be_logged_in_to_is_refused(text, message):
    with pytest.raises(InvalidText) as caught:
        parse_service(text)

    assert message == caught.value.message
