"""A contract that cannot break is none: each is broken here once, in a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BREACHES = {
    "An import may only point down": ("values/breach_up.py", "import keyrack.formats"),
    "The rooms of policy stand on three steps": ("policy/auth/breach_step.py", "import keyrack.policy.resolve"),
    "Decisions take values, never text": ("policy/wire/breach_text.py", "import keyrack.formats"),
    "values, formats and policy touch nothing outside": ("formats/breach_outside.py", "import socket"),
    "The solver knows no Python packaging": ("policy/solver/breach_packaging.py", "import packaging"),
    "Only the transport names the HTTP library": ("supply/breach_http.py", "import pycurl"),
    "Only the composition root names the transport": ("supply/breach_door.py", "import keyrack.adapters.transport"),
    "The CLI never reaches past the operations": ("cli/breach_past.py", "import keyrack.supply"),
    "No circles among siblings, at any depth": ("operations/breach_circle.py", "import keyrack.operations.breach_back"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("breached")
    shutil.copy(ROOT / ".importlinter", folder)
    shutil.copytree(ROOT / "src/keyrack", folder / "src/keyrack", ignore=shutil.ignore_patterns("__pycache__"))
    for place, line in BREACHES.values():
        (folder / "src/keyrack" / place).write_text(f"{line}\n")
    (folder / "src/keyrack/operations/breach_back.py").write_text("import keyrack.operations.breach_circle\n")

    return verdicts(folder)


def verdicts(folder):
    """The contracts that import-linter finds broken in a folder."""
    linter = Path(sys.executable).with_name("lint-imports")
    there = os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    ran = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=folder, env=there, capture_output=True, text=True)
    assert "Contracts:" in ran.stdout, ran.stdout + ran.stderr
    return re.findall(r"^(.+) BROKEN$", ran.stdout, re.MULTILINE)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_a_contract_is_found(broken, contract):
    assert contract in broken


def test_a_room_on_no_floor_is_found(tmp_path):
    shutil.copy(ROOT / ".importlinter", tmp_path)
    shutil.copytree(ROOT / "src/keyrack", tmp_path / "src/keyrack", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "src/keyrack/toolbox.py").write_text("")

    assert ["An import may only point down"] == verdicts(tmp_path)
