"""Log in to a service and out of it, and give what is kept for it: uv's `auth` commands on uv's file."""

from __future__ import annotations

import os
from typing import Protocol

import msgspec

from keyrack.adapters import prompts, terminal
from keyrack.adapters.credential_file import CredentialFile, credentials_folder
from keyrack.errors import KeyrackError
from keyrack.formats.credentials_toml import parse_service
from keyrack.formats.uv_environment import whole_number
from keyrack.operations.configure import Words
from keyrack.policy.auth.logins import ambiguous, nearest, service_of, with_login, without_login
from keyrack.values.credentials import Basic
from keyrack.values.log import Log, silent
from keyrack.values.login import TOKEN_USER, Login
from keyrack.values.secret import Secret
from keyrack.values.url import ParsedUrl, Url, canonical

__all__ = [
    "CredentialFile",
    "Keys",
    "Person",
    "credentials_folder",
    "keep",
    "keys_in",
    "log_in",
    "log_out",
    "parse_service",
    "token",
]


class Keys(msgspec.Struct, frozen=True):
    """What a command line says of a login: where to, and as whom. `-` stands for the first line of standard input."""

    service: ParsedUrl
    username: str | None = None
    password: Secret | None = None
    token: Secret | None = None


class Asked(Protocol):
    """Where missing words come from."""

    @property
    def is_there(self) -> bool:
        """Whether somebody can be asked."""
        ...

    def name(self) -> str:
        """Ask for a user's name."""
        ...

    def password(self) -> Secret:
        """Ask for a password without showing it."""
        ...

    def first_line(self) -> Secret:
        """Read the first line of standard input."""
        ...


class Person:
    """Whoever sits at the terminal."""

    @property
    def is_there(self) -> bool:
        """Whether stderr is a terminal."""
        return prompts.is_attended()

    def name(self) -> str:
        """Ask for a user's name."""
        return prompts.ask("username: ")

    def password(self) -> Secret:
        """Ask for a password without showing it."""
        return Secret(prompts.ask_secret("password: "))

    def first_line(self) -> Secret:
        """Read the first line of standard input."""
        try:
            return Secret(terminal.read_line().strip())
        except UnicodeDecodeError:
            # Not chained: the reason holds the bytes.
            raise KeyrackError("The first line of standard input is not UTF-8 text") from None


def keep(words: Words, log: Log = silent) -> CredentialFile:
    """Give the file of this user."""
    folder = os.path.join(words.folder, credentials_folder(words.environment))
    patience = whole_number(words.environment, "UV_LOCK_TIMEOUT")
    return CredentialFile(folder, log) if patience is None else CredentialFile(folder, log, lock_timeout=patience)


def log_in(keys: Keys, asked: Asked, file: CredentialFile) -> Login:
    """Keep credentials for a service in place of those of the same user; what is missing is asked for."""
    username = _username_for_login(keys, asked)
    if not username:
        raise KeyrackError("Username cannot be empty")
    password = _password(keys, asked)
    if not password.reveal():
        raise KeyrackError("Password cannot be empty")
    login = Login(service_of(keys.service.url), Basic(username, password))
    file.change(lambda logins: with_login(logins, login))
    return login


def log_out(keys: Keys, file: CredentialFile) -> str:
    """Forget the credentials of one user for one service, and give their name for messages."""
    service, username = service_of(keys.service.url), _username(keys) or TOKEN_USER

    def edit(logins: tuple[Login, ...]) -> tuple[Login, ...]:
        rest = without_login(logins, service, username)
        if len(rest) == len(logins):
            raise _no_such_login(service, username, logins)
        return rest

    file.change(edit)
    return shown(service, username)


def token(keys: Keys, file: CredentialFile) -> Secret:
    """Give the password or token that goes with a URL, as the very user or as whoever is logged in nearest to it.

    Where several are and none is named, a token without a user name counts, as in uv.
    """
    url, username = keys.service.url, _username(keys)
    found = nearest(url, file.logins(), username)
    chosen = [login for login in found if login.username == TOKEN_USER] if len(found) > 1 else list(found)
    if not found:
        raise KeyrackError(f"Failed to fetch credentials for `{shown(url, username or TOKEN_USER)}`")
    if not chosen:
        raise ambiguous(url, found)
    credentials = chosen[0].credentials
    return credentials.password if isinstance(credentials, Basic) else credentials.token


def keys_in(service: ParsedUrl, username: str | None, password: str | None, token: str | None) -> Keys:
    """Take the words of a command line; `KeyrackError` where they are no text."""
    for word in (username, password, token):
        try:
            (word or "").encode()
        except UnicodeEncodeError:
            # Not chained: the reason holds the word.
            raise KeyrackError("The user name, the password or the token is not UTF-8 text") from None
    return Keys(
        service,
        username,
        None if password is None else Secret(password),
        None if token is None else Secret(token),
    )


def shown(service: Url, username: str) -> str:
    """Write a login for people, as uv does: without the name that stands for none."""
    return str(service) if username == TOKEN_USER else f"{username}@{service}"


def _username(keys: Keys) -> str | None:
    inline = keys.service.username or None
    if keys.username is not None and inline is not None:
        raise KeyrackError(
            f"Cannot specify a username both via the URL and CLI; found `--username {keys.username}` and `{inline}`"
        )
    if keys.username == "":
        raise KeyrackError("Username cannot be empty")
    return keys.username or inline


def _username_for_login(keys: Keys, asked: Asked) -> str:
    username = _username(keys)
    if keys.token is not None:
        if username not in (None, TOKEN_USER):
            raise KeyrackError(f"When using `--token`, a username cannot be provided; found: {username}")
        return TOKEN_USER
    if username is not None:
        return username
    if not asked.is_there:
        raise KeyrackError("No username provided; did you mean to provide `--username` or `--token`?")
    return asked.name()


def _password(keys: Keys, asked: Asked) -> Secret:
    inline = keys.service.password
    given = keys.token or keys.password
    if inline is not None and given is not None:
        if keys.token is not None:
            raise KeyrackError("Cannot include a password in the URL when using `--token`")
        raise KeyrackError("Cannot specify a password both via the URL and CLI")
    if given is not None:
        return asked.first_line() if given.reveal() == "-" else given
    if inline is not None:
        return inline
    if not asked.is_there:
        raise KeyrackError("No password provided; did you mean to provide `--password` or `--token`?")
    return asked.password()


def _no_such_login(service: Url, username: str, logins: tuple[Login, ...]) -> KeyrackError:
    here = canonical(service)
    names = sorted(login.username for login in logins if login.username and canonical(login.service) == here)
    return KeyrackError(
        f"No matching entry found for `{shown(service, username)}`",
        hints=tuple(f"log out with `--username {name}`" for name in names),
    )
