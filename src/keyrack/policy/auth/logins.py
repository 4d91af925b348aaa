"""Which login goes with a URL: the one with the longest path above it, by whole segments, on the very same origin."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from keyrack.errors import KeyrackError
from keyrack.values.credentials import Held
from keyrack.values.index import AuthPolicy
from keyrack.values.login import Login
from keyrack.values.url import Url, canonical, is_under_as_written, segments_as_written


class AmbiguousLogin(KeyrackError):
    """Several users are logged in to one place, and nothing says which of them is meant."""


def service_of(url: Url) -> Url:
    """Give what an index URL is logged in to: without its last segment `simple` or `+simple` (uv's rule)."""
    parent, _, last = url.path.rstrip("/").rpartition("/")
    return url.with_path(parent or "/") if last.lower() in ("simple", "+simple") else url


def nearest(url: Url, logins: Iterable[Login], username: str | None = None) -> tuple[Login, ...]:
    """Give the logins with the longest path above a URL, one for each user name; of one name the last counts."""
    fitting = [
        login
        for login in logins
        if is_under_as_written(url, login.service) and (username is None or login.username == username)
    ]
    longest = max((depth(login.service) for login in fitting), default=0)
    return tuple({login.username: login for login in fitting if depth(login.service) == longest}.values())


def find_login(url: Url, logins: Iterable[Login], username: str | None = None) -> Login | None:
    """Give the login that goes with a URL, or None; `AmbiguousLogin` where several users have the longest path."""
    found = nearest(url, logins, username)
    if len(found) > 1:
        raise ambiguous(url, found)
    return found[0] if found else None


def given_login(url: Url, logins: Iterable[Login], policy: AuthPolicy) -> Held | None:
    """Give the identity of an index that has none written for it (D31); `AmbiguousLogin`."""
    login = None if policy is AuthPolicy.NEVER or not url.is_web else find_login(url, logins)
    return None if login is None else login.held


def ambiguous(url: Url, found: tuple[Login, ...]) -> AmbiguousLogin:
    """Say who is logged in to one place, and what to type so that one of them is meant."""
    names = sorted(login.username or "a bearer token" for login in found)
    return AmbiguousLogin(
        f"Multiple credentials found for URL `{url}`, specify which username to use",
        causes=(f"Logged in to {found[0].service}: {', '.join(f'`{name}`' for name in names)}",),
        hints=choices(url, found),
    )


def choices(url: Url, found: tuple[Login, ...]) -> tuple[str, ...]:
    """Say what to type so that one login of several is meant."""
    name = min(login.username for login in found if login.username)
    return (
        f"write the user name into the URL: `{quote(name, safe='')}@` before `{url.authority}`",
        f"or log out of the other one: `keyrack auth logout {found[0].service} --username NAME`",
    )


def with_login(logins: Iterable[Login], new: Login) -> tuple[Login, ...]:
    """Add a login, in place of one of the same user to the same service."""
    return (*(login for login in logins if _key(login) != _key(new)), new)


def without_login(logins: Iterable[Login], service: Url, username: str) -> tuple[Login, ...]:
    """Leave out a user's login to a service."""
    gone = (canonical(service), username)
    return tuple(login for login in logins if _key(login) != gone)


def depth(url: Url) -> int:
    """Count the segments of a URL's path."""
    return len(segments_as_written(url.path))


def _key(login: Login) -> tuple[str, str]:
    return canonical(login.service), login.username
