"""`keyrack auth login|logout|token|dir`: what is kept and printed, and that no secret stands where it should not."""

import os
import subprocess
import sys
import time

import pytest
from inline_snapshot import snapshot

SERVICE = "https://pkgs.example/a/simple/"
SECRET = "s3cr3t"
PROGRAM = (sys.executable, "-m", "keyrack")


def kept(run):
    return (run.folder / ".local" / "share" / "uv" / "credentials" / "credentials.toml").read_text(encoding="utf-8")


def test_a_login_is_kept_in_the_form_of_uv(run):
    assert str(run("auth", "login", SERVICE, "--username", "u", "--password", "p")) == snapshot("""\
exit 0
--- stdout
--- stderr
Stored credentials for u@https://pkgs.example/a
""")
    assert kept(run) == snapshot("""\
[[credential]]
service = "https://pkgs.example/a"
username = "u"
scheme = "basic"
password = "p"
""")


def test_a_token_is_kept_without_a_user(run):
    assert "Stored credentials for https://pkgs.example/a\n" == run("auth", "login", SERVICE, "-t", "t").err
    assert 'username = "__token__"\nscheme = "basic"\npassword = "t"\n' in kept(run)


def test_a_token_is_printed_and_nothing_else(run):
    run("auth", "login", SERVICE, "-u", "u", "--password", "p\x1b[1m")

    assert (0, "p\x1b[1m\n", "") == run("auth", "token", SERVICE)


def test_a_login_is_forgotten(run):
    run("auth", "login", SERVICE, "-u", "u", "--password", "p")

    assert str(run("auth", "logout", SERVICE, "-u", "u")) == snapshot("""\
exit 0
--- stdout
--- stderr
Removed credentials for u@https://pkgs.example/a
""")
    assert "" == kept(run)


def test_what_was_never_kept_cannot_be_forgotten(run):
    run("auth", "login", SERVICE, "-u", "u", "--password", "p")

    assert str(run("auth", "logout", SERVICE)) == snapshot("""\
exit 2
--- stdout
--- stderr
error: No matching entry found for `https://pkgs.example/a`

hint: log out with `--username u`
""")


def test_two_users_are_told_apart_by_name(run):
    for name in ("u", "v"):
        run("auth", "login", SERVICE, "-u", name, "--password", f"of {name}")

    assert str(run("auth", "token", SERVICE)) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Multiple credentials found for URL `https://pkgs.example/a/simple/`, specify which username to use
  cause: Logged in to https://pkgs.example/a: `u`, `v`

hint: write the user name into the URL: `u@` before `pkgs.example`

hint: or log out of the other one: `keyrack auth logout https://pkgs.example/a --username NAME`
""")
    assert "of v\n" == run("auth", "token", SERVICE, "-u", "v").out


def test_an_index_with_two_users_is_an_error_before_any_request(run):
    for name in ("u", "v"):
        run("auth", "login", SERVICE, "-u", name, "--password", SECRET)

    printed = run("pip", "install", "lib", "--index", SERVICE)

    assert (2, True, False) == (printed.code, "specify which username to use" in printed.err, SECRET in printed.err)


def test_where_credentials_are_kept(run):
    assert (0, "[FOLDER]/.local/share/uv/credentials\n", "") == run("auth", "dir")
    assert "[FOLDER]/data/uv/credentials\n" == run("auth", "dir", XDG_DATA_HOME=str(run.folder / "data")).out
    assert "elsewhere\n" == run("auth", "dir", UV_CREDENTIALS_DIR="elsewhere").out


def test_credentials_are_kept_where_the_environment_says(run):
    run("auth", "login", SERVICE, "-t", "t", UV_CREDENTIALS_DIR="elsewhere")

    assert ["credentials.toml", "credentials.toml.lock"] == sorted(os.listdir(run.folder / "elsewhere"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pkgs.example/ x",), "invalid value 'pkgs.example/ x' for '<SERVICE>': Not a valid URL"),
        (("http://pkgs.example",), "invalid value 'http://pkgs.example' for '<SERVICE>': HTTPS is required"),
        (("ftp://localhost",), "invalid value 'ftp://localhost' for '<SERVICE>': Unsupported scheme: ftp"),
        ((f"http://u:{SECRET}@pkgs.example",), "'http://****@pkgs.example' for '<SERVICE>': HTTPS is required"),
        ((f"https://u:{SECRET}/x@[h",), "'https://****@[h' for '<SERVICE>': Not a valid URL"),
        ((f"u:{SECRET}@[h",), "'****@[h' for '<SERVICE>': Not a valid URL"),
        ((f"u:{SECRET}://x@[h",), "'****@[h' for '<SERVICE>': Unsupported scheme: u"),
        ((SERVICE, SECRET), "unexpected argument '****' found"),
        ((SERVICE, "--password", f"--{SECRET}"), "a value is required for '--password <PASSWORD>'"),
        ((SERVICE, "--password", f"-x{SECRET}"), "a value is required for '--password <PASSWORD>'"),
        ((SERVICE, "-t", SECRET, "-u", "u"), "the argument '--token <TOKEN>' cannot be used with '--username <USERN"),
        ((SERVICE, "-t", SECRET, "--password", SECRET), "'--token <TOKEN>' cannot be used with '--password <PASSWO"),
        ((SERVICE, "-t", SECRET, "-t", SECRET), "the argument '--token <TOKEN>' cannot be used multiple times"),
        ((f"https://q:{SECRET}@x.test", "--password", SECRET), "Cannot specify a password both via the URL and CLI"),
        ((SERVICE, "-u", "u", f"--passwort={SECRET}"), "unexpected argument '--passwort' found"),
        ((), "the following required arguments were not provided:\n  <SERVICE>"),
    ],
)
def test_words_that_make_no_sense_are_refused_without_repeating_a_secret(run, words, said):
    printed = run("auth", "login", *words)

    assert (2, "", True, False) == (printed.code, printed.out, said in printed.err, SECRET in printed.err)


@pytest.mark.parametrize("loudness", ["-v", "-vv"])
def test_the_log_holds_no_secret(run, loudness):
    printed = [
        run("auth", "login", f"https://u:{SECRET}@pkgs.example/a", loudness),
        run("auth", "logout", f"https://u:{SECRET}@pkgs.example/a", loudness),
        run("auth", "token", f"https://u:{SECRET}@pkgs.example/a", loudness),
    ]

    assert [0, 0, 2] == [each.code for each in printed]
    assert SECRET not in "".join(each.out + each.err for each in printed)


def test_a_broken_file_is_an_error_of_every_command(run):
    run("auth", "login", SERVICE, "-t", "t")
    path = run.folder / ".local" / "share" / "uv" / "credentials" / "credentials.toml"
    path.write_text(f'[[credential]]\nservice = "{SERVICE}"\npassword = "{SECRET}"\n', encoding="utf-8")

    commands = (
        ("auth", "token", SERVICE),
        ("auth", "login", SERVICE, "-t", "t"),
        ("auth", "logout", SERVICE),
        ("pip", "install", "lib", "--offline"),
    )
    expected = """\
error: Failed to parse TOML credential file: `[FOLDER]/.local/share/uv/credentials/credentials.toml`
  cause: line 1: `username` is required with `scheme = basic`
"""
    printed = [run(*words) for words in commands]
    assert [(2, True)] * 4 == [(each.code, each.err.endswith(expected)) for each in printed]


def process(run, *words, **streams):
    kept_names = {name: os.environ[name] for name in ("PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    variables = {**run.variables, **kept_names, "TERM": "xterm", "NO_COLOR": "1"}
    return subprocess.Popen((*PROGRAM, "auth", "login", SERVICE, *words), env=variables, **streams)


@pytest.mark.parametrize("words", [("-u", "u", "--password", "-"), ("--token", "-")])
@pytest.mark.parametrize("piped", [b"p\n", b" p \nmore\n", b"\xef\xbb\xbfp\r\n"])
def test_a_password_can_be_piped(run, words, piped):
    pipe = subprocess.PIPE
    started = process(run, *words, stdin=pipe, stdout=pipe, stderr=pipe)

    assert (b"", True) == ((written := started.communicate(piped))[0], written[1].startswith(b"Stored credentials for"))
    assert 'password = "p"\n' in kept(run)


@pytest.mark.parametrize(
    ("words", "piped", "said"),
    [
        (("-u", "u", "--password", "-"), b"p\xff\n", b"error: The first line of standard input is not UTF-8 text\n"),
        (("-u", "u", "--password", "-"), b"", b"error: Password cannot be empty\n"),
        (("-u", "u"), b"p\n", b"error: No password provided; did you mean to provide `--password` or `--token`?\n"),
        ((), b"u\n", b"error: No username provided; did you mean to provide `--username` or `--token`?\n"),
    ],
)
def test_what_is_piped_must_be_asked_for_and_be_text(run, words, piped, said):
    pipe = subprocess.PIPE
    started = process(run, *words, stdin=pipe, stdout=pipe, stderr=pipe)

    assert ((b"", said), 2) == (started.communicate(piped), started.returncode)


class Conversation:
    """A login on a terminal of its own."""

    def __init__(self, run, *words, controlling=False):
        pty = pytest.importorskip("pty")  # Windows has none
        self._here, there = pty.openpty()
        self.process = process(run, *words, stdin=there, stdout=there, stderr=there, start_new_session=controlling)
        os.close(there)
        self.written = ""

    def until(self, text):
        """Read until some text stands there, or until the end."""
        end = time.monotonic() + 30
        while text not in self.written and time.monotonic() < end:
            try:
                piece = os.read(self._here, 65536)
            except OSError:  # Linux' way to say that the other end is closed
                piece = b""
            if not piece:
                break
            self.written += piece.decode()

    def type(self, text):
        os.write(self._here, text.encode())

    def close(self):
        self.until("no text")
        os.close(self._here)
        return self.process.wait(30)


def test_a_person_is_asked_for_what_is_missing_and_a_password_is_not_shown(run):
    talk = Conversation(run, controlling=True)
    talk.until("username: ")
    talk.type("me\n")
    talk.until("password: ")
    talk.type(f"{SECRET}\n")

    assert 0 == talk.close()
    assert "username: me\r\npassword: \r\nStored credentials for me@https://pkgs.example/a\r\n" == talk.written
    assert f'username = "me"\nscheme = "basic"\npassword = "{SECRET}"\n' in kept(run)


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [((), "\n", "Username cannot be empty"), (("-u", "u"), "\n", "Password cannot be empty")],
)
def test_a_person_who_says_nothing_is_not_logged_in(run, words, typed, said):
    talk = Conversation(run, *words, controlling=True)
    talk.until(": ")
    talk.type(typed)

    assert (2, True) == (talk.close(), talk.written.endswith(f"error: {said}\r\n"))
