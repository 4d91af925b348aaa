"""What is asked for where no terminal is; `tests/cli/test_auth.py` sits at one."""

import os
import subprocess
import sys

import pytest

from keyrack.adapters import prompts

SECRET = "s3cr3t"


def alone(code, typed):
    """Run code in a process that has no terminal; give what it wrote."""
    script = f"from keyrack.adapters import prompts\nfrom keyrack.errors import KeyrackError\n{code}"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        (sys.executable, "-c", script), env=environment, input=typed, capture_output=True, start_new_session=True
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout.decode().replace(os.linesep, "\n"), done.stderr.decode()


def test_nobody_is_there_where_stderr_is_no_terminal():
    assert ("False\n", "") == alone("print(prompts.is_attended())", b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_somebody_is_there_where_stderr_is_a_terminal():
    kept, (here, there) = os.dup(2), os.openpty()
    os.dup2(there, 2)
    try:
        found = prompts.is_attended()
    finally:
        os.dup2(kept, 2)
        for descriptor in (kept, here, there):
            os.close(descriptor)

    assert found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (b"me\nmore\n", "me"),
        (b"me\n", "me"),
        (b"me\r\n", "me"),
        (b"me", "me"),
        (b"", ""),
        (b"m\xff\n", "m\ufffd"),
    ],
)
def test_a_line_is_read_where_there_is_no_terminal_to_open(typed, expected):
    assert (f"{expected}|\n", "username: ") == alone("print(prompts.ask('username: ') + '|')", typed)


def test_a_password_is_not_asked_for_where_it_would_be_seen():
    code = "try:\n    prompts.ask_secret('password: ')\nexcept KeyrackError as error:\n    print(error.message, error.hints)"

    said = "".join(alone(code, f"{SECRET}\n".encode()))

    assert (True, True, False) == ("This terminal shows" in said, "`--password -`" in said, SECRET in said)
