"""A guard on every test: nothing may connect, or ask a name server, beyond loopback.

Three rings. An audit hook sees every socket that Python opens. libcurl opens its sockets in C, where no audit hook
looks, so `pycurl.Curl` is replaced by a subclass that opens them for it. Programs started by a test are beyond both:
`dev.py test` runs all tests in a network namespace that has only `lo`, where the system allows it.
"""

import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address

import hypothesis
import pycurl
import pytest

# Two cores are shared with other work: how long one example took says nothing here.
# The same examples each time, so that a branch is not covered by luck.
hypothesis.settings.register_profile("house", deadline=None, max_examples=30, derandomize=True)
# `dev.py check` looks longer, and elsewhere each time: --hypothesis-profile=deep
hypothesis.settings.register_profile("deep", deadline=None, max_examples=200)
hypothesis.settings.load_profile("house")

# Whoever starts tests in the background lets them ignore some signals, and the programs that they start would, too.
for _name, _action in (("SIGINT", signal.default_int_handler), ("SIGTERM", signal.SIG_DFL), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _action)

DEPARTURES: list[str] = []
WITH_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
WITH_NAME = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class LeftLoopbackError(Exception):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Say whether a socket address' host part stays on this machine; `None` and "" mean any local one."""
    text = host.decode() if isinstance(host, bytes) else host
    if text in {None, "", "localhost"}:
        return True
    with contextlib.suppress(ValueError):
        return ip_address(str(text).partition("%")[0]).is_loopback
    return False


def note(what: str, host: object) -> LeftLoopbackError:
    """Remember a departure, so that the test fails even if the code under test swallows the error."""
    DEPARTURES.append(f"{what} to `{host}`")
    return LeftLoopbackError(DEPARTURES[-1])


def watch(event: str, args: tuple[object, ...]) -> None:
    """The audit hook. Addresses that are text are Unix sockets."""
    if event in WITH_ADDRESS and isinstance(args[1], tuple) and not is_loopback(args[1][0]):
        raise note(event, args[1][0])
    if event in WITH_NAME and not is_loopback(args[0]):
        raise note(event, args[0])


class LoopbackCurl(pycurl.Curl):  # type: ignore[misc]  # pycurl ships no types
    """A curl handle whose sockets are opened here; `reset` cannot shake that off."""

    def __init__(self) -> None:
        super().__init__()
        self.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)

    def reset(self) -> None:
        super().reset()
        self.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)


class Borrowed(socket.socket):
    """A socket that libcurl duplicates: ours is closed when it is no longer needed, and that is no leak."""

    def __del__(self) -> None:
        self.close()


def open_socket(_purpose: int, address: tuple[int, int, int, object]) -> socket.socket | int:
    """Open a socket for libcurl, or refuse to. The address is (family, type, protocol, (host, port, ...))."""
    family, kind, protocol, where = address
    if isinstance(where, tuple) and not is_loopback(where[0]):
        note("curl", where[0])
        return int(pycurl.SOCKET_BAD)
    return Borrowed(family, kind, protocol)


sys.addaudithook(watch)
pycurl.Curl = LoopbackCurl


@pytest.fixture(autouse=True)
def stays_on_loopback() -> Iterator[None]:
    """Fail the test during which something left loopback."""
    DEPARTURES.clear()
    yield
    if DEPARTURES:
        pytest.fail("left loopback: " + "; ".join(DEPARTURES))
