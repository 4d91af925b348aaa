"""`credentials.toml`, the file of `uv auth login`: read and written so that uv and keyrack share it.

An array of tables `credential`, each with `service`, `scheme` (`basic`, the default, with `username` and `password`;
`bearer` with `token`). No message repeats a line of it: it may hold a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.toml_place import find_spot
from keyrack.values.credentials import Basic, Bearer
from keyrack.values.late import LateModule, pattern
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import ParsedUrl, is_under, parse_url

if TYPE_CHECKING:
    import tomllib
else:
    tomllib = LateModule("tomllib")

_POSITION = pattern(r"\(at (line \d+, column \d+|end of document)\)\Z")


def parse_logins(text: str, place: str) -> tuple[Login, ...]:
    """Read all logins in order; `InvalidText` names the file and the line of what is wrong."""
    try:
        tables = tomllib.loads(text).get("credential", [])
    except (ValueError, RecursionError) as error:
        found = _POSITION.search(str(error))
        where = f" at {found[1]}" if found else ""
        # Not chained: the reason may repeat a piece of the file.
        raise _unreadable(place, f"it is not valid TOML{where}") from None
    if not isinstance(tables, list):
        raise _unreadable(place, "`credential` is not an array of tables")
    logins = []
    for number, table in enumerate(tables):
        try:
            logins.append(_login(table))
        except InvalidText as error:
            spot = find_spot(text, ("credential", number), key=True)
            where = f"line {spot.line}" if spot else f"entry {number + 1}"
            raise _unreadable(place, f"{where}: {error.message}") from None
    return tuple(logins)


def write_logins(logins: tuple[Login, ...]) -> str:
    """Write logins as uv does, one table each. `InvalidText` where one is no Unicode text."""
    return "\n".join(map(_table, logins))


def parse_service(text: str) -> ParsedUrl:
    """Read what is logged in to: a URL, or a host with or without a path; credentials in it come out beside it.

    `InvalidText` for anything that is not https, except on this very machine. Query and fragment are dropped.
    """
    text = text.strip()
    parsed = parse_url(text if "://" in text else f"https://{text}")
    url = parsed.url
    if not url.is_web:
        raise InvalidText(f"Unsupported scheme: {url.scheme}")
    if url.scheme == "http" and not url.origin.is_loopback:
        raise InvalidText("HTTPS is required for non-local hosts")
    if not is_under(url, url):
        raise InvalidText("The path holds `.` or `..`, which servers read in different ways")
    return ParsedUrl(url.with_path(url.path), parsed.username, parsed.password)


def _login(table: object) -> Login:
    if not isinstance(table, dict):
        raise InvalidText("it is not a table")
    service = _text(table, "service")
    if service is None:
        raise InvalidText("`service` is missing")
    url = parse_service(service).url
    username, password, token = (_text(table, key) for key in ("username", "password", "token"))
    match _text(table, "scheme") or "basic":
        case "basic":
            if token is not None:
                raise InvalidText("`token` cannot be provided with `scheme = basic`")
            if not username:
                raise InvalidText("`username` is required with `scheme = basic`")
            return Login(url, Basic(username, Secret(password or "")))
        case "bearer":
            if username or password is not None:
                given = "username" if username else "password"
                raise InvalidText(f"`{given}` cannot be provided with `scheme = bearer`")
            if token is None:
                raise InvalidText("`token` is required with `scheme = bearer`")
            return Login(url, Bearer(Secret(token)))
        case _:
            raise InvalidText("`scheme` is neither `basic` nor `bearer`")


def _text(table: dict[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str):
        return value
    raise InvalidText(f"`{key}` is not a text")


def _table(login: Login) -> str:
    pairs = [("service", login.service.bare)]
    if isinstance(held := login.credentials, Basic):
        pairs += [("username", held.username), ("scheme", "basic"), ("password", held.password.reveal())]
    else:
        pairs += [("scheme", "bearer"), ("token", held.token.reveal())]
    return "[[credential]]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in pairs)


def _quoted(text: str) -> str:
    """Write a basic string: JSON's escapes are TOML's (TOML 1.0, "String"), except that DEL needs one, too."""
    try:
        return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
    except UnicodeEncodeError:
        # Not chained: the reason holds the text.
        raise InvalidText("The user name or the password is not UTF-8 text") from None


def _unreadable(place: str, cause: str) -> InvalidText:
    return InvalidText(f"Failed to parse TOML credential file: `{place}`", causes=(cause,))
