from pathlib import Path

import pytest

from bench.programs import Program, needed_by, resolving

KEYRACK = Program("keyrack", ("keyrack",), compiles=True)
UV = Program("uv", ("uv",), compiles=True)
PIP = Program("pip", ("python", "-m", "pip"), beside=Path("/pip"))
TARGET, WANTED = Path("/e"), ("lib",)


def test_keyrack_and_uv_are_told_the_environment():
    assert ("uv", "pip", "install", "--python", "/e", "lib") == UV.install(TARGET, WANTED)


def test_pip_runs_in_the_environment_and_compiles_nothing():
    assert ("/e/bin/python", "-m", "pip", "install", "--no-compile", "lib") == PIP.install(TARGET, WANTED)


def test_a_file_is_compiled():
    assert ("keyrack", "pip", "compile", "--quiet", "--python", "/e/bin/python", "/r.in") == (
        KEYRACK.resolve(TARGET, Path("/r.in"))
    )


@pytest.mark.parametrize("program", [KEYRACK, PIP], ids=["keyrack", "pip"])
def test_requirements_are_as_good_as_installed(program):
    assert "--dry-run" in program.resolve(TARGET, WANTED)


def test_what_a_resolution_is_depends_on_who_can_compile():
    assert resolving({"keyrack": KEYRACK, "uv": UV, "pip": PIP}).startswith("`pip compile`")
    assert resolving({"keyrack": KEYRACK._replace(compiles=False), "pip": PIP}).startswith("`pip install --dry-run`")


def test_configuration_of_nobody_counts():
    variables = PIP.variables("https://127.0.0.1:1/simple/", Path("/c"), Path("/ca.pem"))

    assert {"PIP_CONFIG_FILE": "/dev/null", "UV_NO_CONFIG": "1", "PYTHONPATH": "/pip"}.items() <= variables.items()
    assert {"PIP_CERT": "/ca.pem", "SSL_CERT_FILE": "/ca.pem", "PIP_CACHE_DIR": "/c"}.items() <= variables.items()


def test_what_keyrack_needs_is_found_and_the_tools_of_its_developers_are_not():
    needed = set(needed_by("keyrack", set()))

    assert {"msgspec", "packaging", "pycurl"} <= needed
    assert not {"pytest", "mypy", "typing-extensions", "keyring"} & needed
