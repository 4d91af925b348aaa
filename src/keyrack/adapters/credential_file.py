"""The file in which `auth login` keeps credentials: uv's own, in uv's place, under uv's lock, for its owner's eyes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from keyrack.adapters.disk import write_private
from keyrack.adapters.locks import DEFAULT_TIMEOUT, LockTimeout, lock
from keyrack.errors import KeyrackError
from keyrack.formats.credentials_toml import parse_logins, write_logins
from keyrack.values.log import Level, Log, silent
from keyrack.values.login import Login

NAME = "credentials.toml"
PATIENCE = 0.5
"""Seconds that a reader waits for a writer: uv holds the lock while it asks a person for a password."""


def credentials_folder(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """Say where the file lies: `UV_CREDENTIALS_DIR`, else a folder of uv's state (which had other places once)."""
    if given := environment.get("UV_CREDENTIALS_DIR"):
        return given
    home = environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~")
    earlier = ""
    if platform == "win32":
        roaming = environment.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
        earlier, state = os.path.join(roaming, "uv", "data"), os.path.join(roaming, "uv")
    else:
        data = environment.get("XDG_DATA_HOME", "")
        # A relative path there is to be ignored (XDG Base Directory Specification).
        state = os.path.join(data if os.path.isabs(data) else os.path.join(home, ".local", "share"), "uv")
        if platform == "darwin":
            earlier = os.path.join(home, "Library", "Application Support", "uv")
    return os.path.join(earlier if earlier and os.path.isdir(earlier) else state, "credentials")


class CredentialFile:
    """All logins of a user. Read anew whenever it is asked: another process may log in meanwhile."""

    def __init__(self, folder: str, log: Log = silent, *, lock_timeout: float = DEFAULT_TIMEOUT) -> None:
        """Take the folder, which is made when something is written; `lock_timeout` in seconds is for writers."""
        self.path = os.path.join(folder, NAME)
        self._log = log
        self._lock_timeout = lock_timeout

    def logins(self) -> tuple[Login, ...]:
        """Read all logins. `InvalidText` where the file is not what it should be; one that may not be read is told."""
        if not os.path.exists(self.path):
            self._log(Level.DEBUG, f"No credentials file found at {self.path}")
            return ()
        with ExitStack() as stack:
            try:
                stack.enter_context(lock(self._lock_path, shared=True, timeout=PATIENCE))
            except LockTimeout:
                self._log(Level.DEBUG, f"Reading `{self.path}` while another process holds its lock")
            try:
                return self._read()
            except PermissionError as error:
                self._log(Level.WARN, f"Failed to load credentials from `{self.path}`: {error.strerror}")
                return ()

    def change(self, edit: Callable[[tuple[Login, ...]], tuple[Login, ...]]) -> None:
        """Replace all logins by others, alone; `edit` may raise. Raises `LockTimeout`, `InvalidText`, `OSError`."""
        with lock(self._lock_path, timeout=self._lock_timeout):
            text = write_logins(edit(self._read()))
            # A link is kept: people keep such files elsewhere.
            write_private(os.path.realpath(self.path), (text.encode(),), durable=True)

    @property
    def _lock_path(self) -> str:
        return f"{self.path}.lock"

    def _read(self) -> tuple[Login, ...]:
        try:
            with open(self.path, "rb") as file:
                body = file.read()
        except FileNotFoundError:
            return ()
        try:
            return parse_logins(body.decode(), self.path)
        except UnicodeDecodeError:
            # Not chained: the reason holds the bytes.
            message = f"Failed to parse TOML credential file: `{self.path}`"
            raise KeyrackError(message, causes=("it is not UTF-8 text",)) from None
