"""How many exchanges with one origin are under way at once: the others wait here, where no clock runs for them.

libcurl would queue them too, but it counts that time as time to connect.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from keyrack.adapters.transfers import Transfer
from keyrack.values.url import Origin

CONNECTIONS = 50
"""Exchanges with an origin that has a connection for each of them (HTTP/1.1)."""
STREAMS = 100
"""Exchanges with an origin that takes many on one connection: what HTTP/2 servers usually allow (RFC 9113, 6.5.2)."""


class Lane:
    """One origin. `shares` says whether it takes many exchanges on one connection; None as long as nobody knows."""

    __slots__ = ("active", "shares", "waiting")

    def __init__(self, *, can_share: bool) -> None:
        """Only TLS tells during its handshake that the server speaks HTTP/2 (ALPN, RFC 7301)."""
        self.active = 0
        self.shares: bool | None = None if can_share else False
        self.waiting: deque[Transfer] = deque()

    def ready(self) -> Iterator[Transfer]:
        """Give the transfers that may start now, and count them as active."""
        while self.waiting and self.active < (STREAMS if self.shares else CONNECTIONS):
            self.active += 1
            yield self.waiting.popleft()


class Lanes:
    """The lanes of all origins; used on the transport's own thread only."""

    def __init__(self) -> None:
        """No origin is known."""
        self._lanes: dict[Origin, Lane] = {}

    def enter(self, transfer: Transfer) -> Lane:
        """Queue a transfer."""
        origin = transfer.exchange.url.origin
        lane = self._lanes.get(origin)
        if lane is None:
            lane = self._lanes[origin] = Lane(can_share=origin.scheme == "https")
        lane.waiting.append(transfer)
        return lane

    def leave(self, transfer: Transfer) -> Lane:
        """Give up the place of a transfer that has ended, and learn from what came back."""
        lane = self._lanes[transfer.exchange.url.origin]
        lane.active -= 1
        if lane.shares is None and transfer.lines:
            lane.shares = any(line.startswith((b"HTTP/2", b"HTTP/3")) for line in transfer.lines)
        return lane

    def waits_for_connection(self, transfer: Transfer) -> bool:
        """Say whether a transfer shall wait for a connection that is being made rather than make its own."""
        return self._lanes[transfer.exchange.url.origin].shares is not False

    def empty(self) -> Iterator[Transfer]:
        """Give all that still wait."""
        for lane in self._lanes.values():
            while lane.waiting:
                yield lane.waiting.popleft()
