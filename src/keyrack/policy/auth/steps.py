"""The words between the ladder and whoever drives it: steps to take, and what came of them (sans-I/O).

The ladder yields a step and is told the outcome: a `Reply` for `Send`, a `Finding` for `LookUp` and `Refresh`, None for
`Wait` and `Tell`. It returns the refusal that ends the request, or None where the last reply stands.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import msgspec

from keyrack.policy.auth.refusals import Refused
from keyrack.values.credentials import Complete, Held
from keyrack.values.index import IndexId
from keyrack.values.log import Level
from keyrack.values.url import Url


class Wanted(msgspec.Struct, frozen=True):
    """What a look-up is for. `service` is a declared index URL, except where `machine_only`.

    `username` narrows it; `always` says that the index is never asked bare, so a program may be asked for the user's
    name as well; `machine_only` restricts it to a netrc entry that names this very host (D10, D23).
    """

    service: Url
    username: str | None = None
    always: bool = False
    machine_only: bool = False


class Send(msgspec.Struct, frozen=True):
    """Ask for `url` with these credentials or with none.

    `whose` says for the log whose they are and where they came from; `identity_of` is the index whose identity they
    are, if it is one, and `generation` which of its credentials.
    """

    url: Url
    credentials: Complete | None
    why: str
    whose: str = ""
    identity_of: IndexId | None = None
    generation: int = 0


class LookUp(msgspec.Struct, frozen=True):
    """Ask the credential sources, in their order."""

    wanted: Wanted
    why: str


class Refresh(msgspec.Struct, frozen=True):
    """Ask again the source that gave credentials which have stopped working."""

    wanted: Wanted
    held: Held
    why: str


class Wait(msgspec.Struct, frozen=True):
    """Pause until another request has changed the book."""

    why: str


class Tell(msgspec.Struct, frozen=True):
    """Say a line that is no reason of a step."""

    level: Level
    line: str


class Reply(msgspec.Struct, frozen=True):
    """What a `Send` brought back. A sign-in page in place of an index page comes as a 401 with `sign_in` (D33)."""

    status: int
    location: str | None = None
    sign_in: bool = False


class Finding(msgspec.Struct, frozen=True):
    """What a look-up brought: credentials or None, and the places that were asked, in order."""

    held: Held | None = None
    asked: tuple[str, ...] = ()


Step = Send | LookUp | Refresh | Wait | Tell
Told = Reply | Finding | None
Steps = Generator[Step, Told, Refused | None]

T = TypeVar("T")
Part = Generator[Step, Told, T]
"""A piece of a ladder, with what it comes to."""
