"""`python -m lab`, run as a person runs it."""

import subprocess
import sys

from lab.__main__ import told
from lab.example import Example

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


def test_it_tells_which_certificate_to_trust():
    with Example(tls=True) as example:
        assert f"export SSL_CERT_FILE={example.public.ca_file}" in list(told(example, tls=True))


def test_it_serves_a_scenario(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text(SCENARIO)

    assert "/simple/ 'a>=1'" in lab("--scenario", str(path), "--seconds", "0.1")
