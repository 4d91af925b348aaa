"""What the commands share that log in: the service, and the flags that say who."""

from __future__ import annotations

from keyrack.cli import usage
from keyrack.cli.flags import text
from keyrack.cli.grammar import Operand
from keyrack.errors import InvalidText

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from keyrack.cli.context import Context
    from keyrack.operations.login import CredentialFile, Keys

SERVICE = Operand("service", "SERVICE", "The URL of an index, or a host", required=True)
USERNAME = text("--username -u", "username", "The user's name there")


def keys_of(context: Context) -> Keys:
    """Read the words of a command; `UsageError` where the service is none."""
    from keyrack.operations.login import keys_in, parse_service  # late: start-up

    word = context.text("service") or ""
    try:
        service = parse_service(word)
    except InvalidText as error:
        # Whatever stands before an `@` may be a password, wherever the parts of a broken URL end.
        scheme, mark, _ = word.partition("://")
        front = f"{scheme}{mark}" if mark and scheme.isalnum() else ""
        _, at, place = word.removeprefix(front).rpartition("@")
        shown = f"{front}****@{place}" if at else word
        raise usage.bad_value(SERVICE.shown, shown, error.message) from None
    return keys_in(service, *(context.text(key) for key in ("username", "password", "token")))


def file_of(context: Context) -> CredentialFile:
    """Give the file in which this user's credentials are kept."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.login import keep  # late: start-up

    return keep(Words(context.words, context.variables, context.folder), context.terminal.log)
