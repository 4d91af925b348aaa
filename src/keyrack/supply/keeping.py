"""A wheel that came as a whole for its metadata goes into the store: who installs it need not fetch it again."""

from __future__ import annotations

from keyrack.adapters.wheels import WheelStore
from keyrack.errors import KeyrackError
from keyrack.supply.unpacking import unpack
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.log import Level, Log, silent


class Keeper:
    """Puts wheels into the store. What cannot be stored is no error here: it was not asked for yet."""

    def __init__(self, store: WheelStore, log: Log = silent) -> None:
        """`store` is the one that installs look into."""
        self._store = store
        self._log = log

    def __call__(self, file: File, path: str, digests: tuple[Digest, ...]) -> None:
        """Verify and unpack the wheel at `path`; its sha256 is among the digests."""
        try:
            unpack(path, parse_wheel_name(file.filename), digests, self._store)
        except (KeyrackError, OSError) as error:
            self._log(Level.DEBUG, f"The wheel `{file.filename}` was not kept: {error}")
