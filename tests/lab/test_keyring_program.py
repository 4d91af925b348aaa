"""The fake `keyring`: what it answers and what it remembers."""

import subprocess

import pytest

from lab.keyring_program import KeyringProgram, keyring_program

PLACE = "http://127.0.0.1/simple/"


def call(program: KeyringProgram, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program.folder / "keyring", *words], check=False, capture_output=True, text=True)


def test_password_of_a_user_is_printed(tmp_path):
    program = keyring_program(tmp_path, {(PLACE, "me"): "mine", (PLACE, "you"): "yours"})

    assert "yours\n" == call(program, "get", PLACE, "you").stdout


@pytest.mark.parametrize("words", [("get", PLACE, "who"), ("get", "http://other/", "me"), ("get", PLACE + "x", "me")])
def test_what_is_not_stored_is_silence_and_exit_1(tmp_path, words):
    program = keyring_program(tmp_path, {(PLACE, "me"): "mine"})

    result = call(program, *words)

    assert (1, "", "") == (result.returncode, result.stdout, result.stderr)


def test_mode_creds_prints_user_and_password(tmp_path):
    program = keyring_program(tmp_path, {(PLACE, "me"): "mine"})

    assert "me\nmine\n" == call(program, "get", PLACE, "--mode", "creds").stdout


def test_old_keyring_knows_no_mode(tmp_path):
    program = keyring_program(tmp_path, {(PLACE, "me"): "mine"}, knows_mode=False)

    result = call(program, "get", PLACE, "--mode", "creds")

    assert (True, True) == (result.returncode != 0, "unrecognized arguments: --mode" in result.stderr)


def test_calls_are_remembered(tmp_path):
    program = keyring_program(tmp_path, {})
    call(program, "get", PLACE, "me")
    call(program, "get", PLACE, "--mode", "creds")

    assert (("get", PLACE, "me"), ("get", PLACE, "--mode", "creds")) == program.calls()


def test_nothing_is_remembered_before_a_call(tmp_path):
    assert () == keyring_program(tmp_path, {}).calls()


def test_password_can_change_from_call_to_call(tmp_path):
    program = keyring_program(tmp_path, {(PLACE, "me"): ["first", "second"]})

    assert ["first\n", "second\n", "second\n"] == [call(program, "get", PLACE, "me").stdout for _ in range(3)]


def test_path_begins_with_the_program(tmp_path):
    program = keyring_program(tmp_path / "bin", {})

    assert program.path.startswith(f"{tmp_path / 'bin'}:")
