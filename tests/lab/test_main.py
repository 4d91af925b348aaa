"""`python -m lab`, run as a person runs it."""

import subprocess
import sys

import pytest

from lab.__main__ import told, told_of_a_kind
from lab.example import Example
from lab.kinds import KINDS, about, identity, registry
from lab.registries.simple import public
from lab.registry import Shelf

SCENARIO = """
name = "one"
description = "Just one."
[root]
requires = ["a>=1"]
[expected]
satisfiable = true
[packages.a.versions."1.0.0"]
"""


def lab(*words: str) -> str:
    ended = subprocess.run([sys.executable, "-m", "lab", *words], check=True, capture_output=True, text=True)
    return ended.stdout


def test_it_prints_a_command_to_paste():
    assert "keyrack pip install --python .venv-lab --index apps=http://127.0.0.1:" in lab("--seconds", "0.1")


def test_it_tells_each_index_and_its_identity():
    with Example() as example:
        lines = list(told(example, tls=False))

        assert [
            f"tools: {example.azure.url}/west/_packaging/tools/pypi/simple/",
            "    user name any, password token-of-tools",
        ] == (lines[8:10])


def test_it_lists_the_kinds():
    assert KINDS == tuple(line.split()[0] for line in lab("--kinds").splitlines())


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_it_says_of_a_kind_can_be_typed(kind, tls):
    shelf = Shelf("team/one", (), (identity(kind, "secret"),))
    with registry(kind, shelf, tls=tls) as host, public() as open_index:
        lines = list(told_of_a_kind(kind, host, (shelf,), open_index))

    assert about(kind) in lines[0]
    assert ["keyrack venv .venv-lab", True] == [lines[-2], "secret" in "".join(lines) or kind == "google"]
    assert tls == any(line.startswith("export SSL_CERT_FILE=") for line in lines)


def test_it_serves_a_kind():
    assert "--index one=http://127.0.0.1:" in lab("--kind", "gitlab", "--seconds", "0.1")


def test_it_tells_which_certificate_to_trust():
    with Example(tls=True) as example:
        assert f"export SSL_CERT_FILE={example.public.ca_file}" in list(told(example, tls=True))


def test_it_serves_a_scenario(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text(SCENARIO)

    assert "/simple/ 'a>=1'" in lab("--scenario", str(path), "--seconds", "0.1")
