"""A proxy that is slow on purpose: every byte arrives a while later, and a connection costs one round trip.

`python latency.py PORT SECONDS` listens on a free port of loopback, prints its number, and leads everything to PORT,
SECONDS each way. It ends when its standard input does.
"""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Callable

HOST = "127.0.0.1"


class Late:
    """Things to do, each after the same delay, in their order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, delay: float) -> None:
        """Nothing to do yet."""
        self._loop = loop
        self._delay = delay
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()

    def add(self, act: Callable[[], None]) -> None:
        """Do this after the delay."""
        self._waiting.append((self._loop.time() + self._delay, act))
        if len(self._waiting) == 1:
            self._loop.call_at(self._waiting[0][0], self._act)

    def _act(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._loop.time():
            self._waiting[0][1]()
            self._waiting.popleft()
        if self._waiting:
            self._loop.call_at(self._waiting[0][0], self._act)


class End(asyncio.Protocol):
    """One end of a connection; what comes in here goes out at the other end, later."""

    def __init__(self, late: Late) -> None:
        """`late` delays what comes in here."""
        self._late = late
        self._early: list[bytes] = []
        self.other: End | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Send it on, later."""
        if self.other is None:
            self._early.append(data)
        else:
            self._late.add(lambda: self.write(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the other end know, later."""
        self._late.add(self.hang_up)

    def join(self, other: "End") -> None:
        """Lead everything there from now on, also what has come in already."""
        self.other = other
        early, self._early = self._early, []
        for data in early:
            self.data_received(data)

    def write(self, data: bytes) -> None:
        """Send what came in here out at the other end."""
        if self.other is not None and self.other.transport is not None and not self.other.transport.is_closing():
            self.other.transport.write(data)

    def hang_up(self) -> None:
        """Close the other end, once it has sent what it was given."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class Proxy:
    """Listens, and leads each connection on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, port: int, delay: float) -> None:
        """`delay` counts each way."""
        self._loop = loop
        self._port = port
        self._delay = delay
        self._calls: set[asyncio.Task[None]] = set()

    def near(self) -> End:
        """Take a connection. Its handshake is over before we hear of it, so the round trip is paid now."""
        end = End(Late(self._loop, self._delay))
        call = self._loop.create_task(self._call(end))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return end

    async def _call(self, near: End) -> None:
        await asyncio.sleep(2 * self._delay)
        far = End(Late(self._loop, self._delay))
        await self._loop.create_connection(lambda: far, HOST, self._port)
        far.join(near)
        near.join(far)


async def serve(port: int, delay: float) -> None:
    """Listen until nobody needs us."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(Proxy(loop, port, delay).near, HOST, 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(over.set)), daemon=True).start()
    await over.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
