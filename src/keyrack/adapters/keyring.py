"""The `keyring` program: asked for a password, or for a user name and a password, of a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from keyrack.adapters.processes import Outcome, Program, run
from keyrack.values.credentials import Basic
from keyrack.values.late import LateModule
from keyrack.values.log import Level, Log, silent
from keyrack.values.secret import Secret

if TYPE_CHECKING:
    import shutil
else:
    shutil = LateModule("shutil")

TIMEOUT = 120.0
"""Seconds: a person may have to unlock a keyring first."""


class Keyring:
    """The first `keyring` on the search path, which may be that of a virtual environment (uv's rule)."""

    def __init__(
        self,
        search_path: str,
        environment: Mapping[str, str] | None = None,
        *,
        run: Callable[[Program], Outcome] = run,
        timeout: float = TIMEOUT,
        log: Log = silent,
    ) -> None:
        """`search_path` is PATH; `environment` is what the program sees, None for our own."""
        self._search_path = search_path
        self._environment = environment
        self._run = run
        self._timeout = timeout
        self._log = log

    @property
    def is_there(self) -> bool:
        """Whether a program of that name is on the search path."""
        return self._program() is not None

    def get(self, service: str, username: str | None) -> Basic | None:
        """Ask for what is kept for a service; without a user name the program must give that too.

        None where nothing is kept, or the program fails: why is told in the log.
        """
        executable = self._program()
        if executable is None:
            self._log(Level.WARN, "No `keyring` program found on PATH")
            return None
        asking = (username,) if username is not None else ("--mode", "creds")
        try:
            outcome = self._run(
                Program((executable, "get", service, *asking), self._environment, timeout=self._timeout)
            )
        except OSError as error:
            self._log(Level.WARN, f"Failed to run `{executable}`: {error}")
            return None
        return self._read(service, username, outcome)

    def _program(self) -> str | None:
        return shutil.which("keyring", path=self._search_path)

    def _read(self, service: str, username: str | None, outcome: Outcome) -> Basic | None:
        for line in outcome.stderr.decode("utf-8", "replace").splitlines():
            self._log(Level.DEBUG, f"keyring: {line}")
        if outcome.code != 0:
            return None
        try:
            text = outcome.stdout.decode()
        except UnicodeDecodeError:
            self._log(Level.WARN, f"`keyring` gave no UTF-8 for `{service}`")
            return None
        if username is not None:
            return Basic(username, Secret(text.rstrip())) if text.strip() else None
        lines = text.splitlines()
        if len(lines) < 2:
            self._log(Level.WARN, f"`keyring` gave no user name and password for `{service}`")
            return None
        return Basic(lines[0], Secret(lines[1]))
