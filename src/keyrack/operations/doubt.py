"""An index that answered "not here" to everything: did it accept our credentials at all? Decision 0016 has the reasons.

Some registries answer 404 to a token that has expired. Where the user says that an index always wants credentials, its
404 counts only if they were accepted somewhere: else a package of the default index would take a private one's place.
"""

from __future__ import annotations

from typing import Protocol

from keyrack.errors import KeyrackError, UnmetRequest
from keyrack.policy.auth.refusals import AuthRejected, SignInPage
from keyrack.supply.indexes import ACCEPT
from keyrack.values.exchange import Purpose, Request, Response
from keyrack.values.graph import Pin
from keyrack.values.index import AuthPolicy, Index, Indexes
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromIndex


class CredentialsInDoubt(UnmetRequest):
    """Packages would come from the default index only because another one, which is in doubt, said "not here"."""


class Standings(Protocol):
    """The session, as far as doubts go."""

    def doubted(self) -> tuple[tuple[Index, str], ...]:
        """Give the indexes that never showed that they accept their credentials, and where those came from."""
        ...

    def fetch(self, request: Request) -> Response:
        """Ask for a page; raises refusals."""
        ...


def check_doubts(pins: tuple[Pin, ...], indexes: Indexes, session: Standings) -> None:
    """Raise `CredentialsInDoubt` where an index that always wants credentials was passed over on its bare word.

    Before that, its list of packages is asked for, once: most registries have one, and show it to whom they accept.
    Raises `AuthRejected` or `SignInPage` where that shows that they are wrong.
    """
    names = _from_the_default(pins, indexes)
    suspects = _suspects(pins, session) if names else []
    for index in suspects:
        _ask_for_the_list(index, session)
    for index, where in session.doubted():
        if index in suspects:
            raise _refusal(index, where, names)


def _suspects(pins: tuple[Pin, ...], session: Standings) -> list[Index]:
    """Give the indexes in doubt that always want credentials and have given nothing; a redirect proves nothing."""
    givers = {origin for pin in pins for origin in _origins(pin)}
    doubted = [index for index, _ in session.doubted() if index.id not in givers]
    return [index for index in doubted if index.authenticate is AuthPolicy.ALWAYS]


def _from_the_default(pins: tuple[Pin, ...], indexes: Indexes) -> list[PackageName]:
    """Name the packages that come from the default index because no other one had them."""
    default = next((index.id for index in indexes.searched if index.default), None)
    return [
        pin.name
        for pin in pins
        if isinstance(pin.source, FromIndex) and pin.source.index is None and default in _origins(pin)
    ]


def _origins(pin: Pin) -> set[str | None]:
    files = (*pin.files, *((pin.wheel,) if pin.wheel else ()))
    return {file.origin for file in files if file.origin is not None}


def _ask_for_the_list(index: Index, session: Standings) -> None:
    try:
        session.fetch(Request(index.url.with_directory_slash(), Purpose.PAGE, index.id, (("accept", ACCEPT),)))
    except (AuthRejected, SignInPage):
        raise  # no doubt is left: they are wrong
    except KeyrackError:
        return  # no list is no proof, and says nothing more


def _refusal(index: Index, where: str, names: list[PackageName]) -> CredentialsInDoubt:
    several = ", ".join(f"`{name}`" for name in names)
    return CredentialsInDoubt(
        f"The credentials for index `{index.label}` have not been accepted anywhere",
        causes=(
            f"The credentials came from {where}",
            f"It has none of these, or hides them, and the default index has them: {several}",
            'The index says `authenticate = "always"`, so its "not found" does not count until it accepts them',
        ),
        hints=(
            f"correct the credentials in {where}, if they have expired",
            'or set `authenticate = "auto"` for the index, if it has none of these packages',
        ),
    )
