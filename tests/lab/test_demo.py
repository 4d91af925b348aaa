"""The demo: its judgement, and that the program passes it."""

import importlib.util
import os

import pytest

from lab import demo

HAS_PROGRAM = importlib.util.find_spec("keyrack.app") is not None


def test_installer_that_does_nothing_is_found_out(tmp_path, capsys):
    idle = tmp_path / "idle"
    idle.write_text("#!/bin/sh\nexit 0\n")
    os.chmod(idle, 0o755)

    code = demo.main(["--program", str(idle)])

    out = capsys.readouterr().out
    assert (1, True, True) == (
        code,
        "WRONG: installed {}" in out,
        "WRONG: the program said that all is well with a wrong token" in out,
    )


def test_secrets_of_the_example_are_not_shown(tmp_path, capsys):
    demo.main(["--program", "true"])

    assert "token-of" not in capsys.readouterr().out


@pytest.mark.skipif(not HAS_PROGRAM, reason="the program is not there yet")
@pytest.mark.parametrize("words", [[], ["--tls"]], ids=["http", "https"])
def test_program_passes(words, capsys):
    code = demo.main(words)

    out = capsys.readouterr().out
    assert (0, "All as it should be.") == (code, out.strip().splitlines()[-1])
