import pytest

from keyrack.adapters.keyring import Keyring
from keyrack.adapters.processes import Outcome
from keyrack.values.credentials import Basic
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from lab.keyring_program import keyring_program

URL = "https://pkgs.example/a/simple/"


def answering(code, stdout, stderr=b""):
    """A way to run programs that all end like this."""
    return lambda _program: Outcome(code, stdout, stderr)


def told_by(tmp_path, run, username="user", **more):
    """What a keyring gives, and what it tells, where running the program ends as said."""
    program = keyring_program(tmp_path / "bin", {})
    told = []
    keyring = Keyring(program.path, run=run, log=lambda level, line: told.append((level, line)), **more)
    return keyring.get(URL, username), told


def test_a_password_is_asked_for_by_service_and_user_name(tmp_path):
    program = keyring_program(tmp_path / "bin", {(URL, "user"): "pass word"})

    found = Keyring(program.path).get(URL, "user")

    assert (Basic("user", Secret("pass word")), (("get", URL, "user"),)) == (found, program.calls())


def test_without_a_user_name_both_are_asked_for(tmp_path):
    program = keyring_program(tmp_path / "bin", {(URL, "user"): "password"})

    found = Keyring(program.path).get(URL, None)

    assert (Basic("user", Secret("password")), (("get", URL, "--mode", "creds"),)) == (found, program.calls())


def test_what_is_not_kept_is_none(tmp_path):
    program = keyring_program(tmp_path / "bin", {(URL, "user"): "password"})

    assert None is Keyring(program.path).get(URL, "other")


def test_a_keyring_that_does_not_know_the_mode_gives_none_and_its_words_are_told(tmp_path):
    program = keyring_program(tmp_path / "bin", {(URL, "user"): "password"}, knows_mode=False)
    told = []

    found = Keyring(program.path, log=lambda _, line: told.append(line)).get(URL, None)

    assert (None, True) == (found, any("unrecognized arguments: --mode" in line for line in told))


def test_no_program_on_the_path_is_told(tmp_path):
    told = []

    found = Keyring(str(tmp_path), log=lambda level, line: told.append((level, line))).get(URL, "user")

    assert (None, [(Level.WARN, "No `keyring` program found on PATH")]) == (found, told)


def test_a_program_is_there_where_the_path_has_one(tmp_path):
    there = keyring_program(tmp_path / "bin", {})

    assert [True, False] == [Keyring(path).is_there for path in (there.path, str(tmp_path))]


def test_a_program_that_cannot_be_started_is_told(tmp_path):
    def run(_program):
        raise PermissionError(13, "Permission denied")

    found, told = told_by(tmp_path, run)

    assert (None, True) == (found, told[0][1].endswith("Permission denied"))


def test_a_program_that_hangs_is_given_up(tmp_path):
    program = keyring_program(tmp_path / "bin", {(URL, "user"): "password"}, delay=30)

    assert None is Keyring(program.path, timeout=0.5).get(URL, "user")


def test_the_program_sees_the_environment_that_it_is_given(tmp_path):
    seen = []

    def run(program):
        seen.append((program.environment, program.timeout))
        return Outcome(1, b"", b"")

    told_by(tmp_path, run, environment={"A": "1"}, timeout=5.0)

    assert [({"A": "1"}, 5.0)] == seen


@pytest.mark.parametrize(
    ("username", "stdout", "expected"),
    [
        ("user", b"password\n", Basic("user", Secret("password"))),
        ("user", b"password\r\n", Basic("user", Secret("password"))),
        ("user", b"\n", None),
        ("user", b"\xff\n", None),
        (None, b"other\npass\n", Basic("other", Secret("pass"))),
        (None, b"other\r\npass\r\n", Basic("other", Secret("pass"))),
        (None, b"other\n", None),
        (None, b"", None),
    ],
)
def test_the_words_of_the_program_are_read(tmp_path, username, stdout, expected):
    assert expected == told_by(tmp_path, answering(0, stdout), username)[0]


def test_what_the_program_says_on_the_side_is_told_and_its_password_is_not(tmp_path):
    _, told = told_by(tmp_path, answering(0, b"s3cr3t\n", b"unlocking\nplease wait\n"))

    assert [(Level.DEBUG, "keyring: unlocking"), (Level.DEBUG, "keyring: please wait")] == told
