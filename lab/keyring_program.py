"""A fake `keyring` program for PATH: answers from a table and writes down how it was called.

It speaks the words of the real one's `get`: `keyring get SERVICE USER` prints the password,
`keyring get SERVICE [USER] --mode creds` prints user name and password on two lines, and where
nothing is stored nothing is printed and the exit code is 1.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from lab.wire import Identity

_SCRIPT = """#!{python} -IS
import json, os, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "keyring-table.json"), encoding="utf-8") as file:
    table = json.load(file)
log = os.path.join(HERE, "keyring-calls.jsonl")
with open(log, "a", encoding="utf-8") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
words = sys.argv[1:]
mode = "password"
if "--mode" in words:
    if not table["knows_mode"]:
        sys.exit("usage: keyring [-h] ...\\nkeyring: error: unrecognized arguments: --mode")
    at = words.index("--mode")
    mode = words[at + 1]
    del words[at : at + 2]
time.sleep(table["delay"])
service = words[1] if len(words) > 1 else ""
user = words[2] if len(words) > 2 else None
if words[:1] != ["get"] or (mode == "password" and user is None):
    sys.exit("keyring: error: get requires a service and a user name")
for known_service, known_user, passwords in table["entries"]:
    if known_service == service and user in (None, known_user):
        with open(log, encoding="utf-8") as file:
            earlier = sum(service in json.loads(line) for line in file) - 1
        password = passwords[min(earlier, len(passwords) - 1)]
        print(known_user + "\\n" + password if mode == "creds" else password)
        sys.exit(0)
sys.exit(1)
"""


class KeyringProgram(msgspec.Struct, frozen=True):
    """A folder for PATH with the program in it."""

    folder: Path

    @property
    def path(self) -> str:
        """The value for PATH: the program's folder before everything else."""
        return os.pathsep.join([str(self.folder), os.environ.get("PATH", os.defpath)])

    def calls(self) -> tuple[tuple[str, ...], ...]:
        """The arguments of each call so far, oldest first."""
        log = self.folder / "keyring-calls.jsonl"
        if not log.exists():
            return ()
        return tuple(tuple(json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines())


def keyring_program(
    folder: Path, passwords: Mapping[Identity, str | Sequence[str]], *, knows_mode: bool = True, delay: float = 0.0
) -> KeyringProgram:
    """Write the program into `folder`, which is made.

    `passwords` maps (service, user) to a password, or to one for each call about this service (the
    last one stays). Without `knows_mode` it is a keyring from before `--mode`. `delay` in seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = [
        [service, user, [answers] if isinstance(answers, str) else list(answers)]
        for (service, user), answers in passwords.items()
    ]
    table = {"entries": entries, "knows_mode": knows_mode, "delay": delay}
    (folder / "keyring-table.json").write_text(json.dumps(table), encoding="utf-8")
    program = folder / "keyring"
    program.write_text(_SCRIPT.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    return KeyringProgram(folder)
