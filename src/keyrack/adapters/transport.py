"""Bytes over HTTP by libcurl: no identity, no redirects, no cookies, no netrc, no cache, no retries.

One thread drives all transfers (curl's multi interface over a selector), so that one HTTP/2 connection carries as
many requests at once as the server allows; callers hand an exchange over and wait for its answer.
"""

from __future__ import annotations

import contextlib
import selectors
import threading
from collections import deque
from collections.abc import Callable
from urllib.parse import quote

import msgspec
import pycurl

from keyrack.adapters.bell import Bell
from keyrack.adapters.certificates import Authorities
from keyrack.adapters.clock import monotonic
from keyrack.adapters.curl_failures import Report, failure_of, tunnel_refused
from keyrack.adapters.lanes import CONNECTIONS, STREAMS, Lane, Lanes
from keyrack.adapters.transfers import Pending, Profile, Sink, Transfer, status_in
from keyrack.values.credentials import Basic, Bearer
from keyrack.values.exchange import Exchange
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.proxy import Proxy
from keyrack.values.url import Origin, Url

MOST_CONNECTIONS = 100


def _no_proxy(_url: Url) -> Proxy | None:
    return None


def _verified(_origin: Origin) -> bool:
    return False


def _any_host(_host: str) -> bool:
    return True


class TransportSettings(msgspec.Struct, frozen=True):
    """How to reach servers. Times are seconds, rates bytes a second, sizes bytes.

    `route` says which proxy a URL goes through, `unverified` which origins need no valid certificate, `allow_host`
    which hosts may be reached at all. `client_certificate` is the path of a PEM file with a certificate and its key;
    it is shown only to origins that `shows_certificate` names.
    """

    authorities: Authorities = Authorities()
    client_certificate: str = ""
    route: Callable[[Url], Proxy | None] = _no_proxy
    unverified: Callable[[Origin], bool] = _verified
    shows_certificate: Callable[[Origin], bool] = _verified
    allow_host: Callable[[str], bool] = _any_host
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    slowest_rate: int = 100
    largest_body: int = 256 << 20
    user_agent: str = "keyrack"


class CurlTransport:
    """Sends exchanges; safe to call from many threads. `close` ends its thread and fails what is still on its way."""

    def __init__(self, settings: TransportSettings) -> None:
        """Open nothing yet: the thread starts with the first exchange."""
        self._settings = settings
        self._profiles: dict[Origin, Profile] = {}
        self._lock = threading.Lock()
        self._loop: _Loop | None = None
        self._closed = False

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Pending:
        """Start an exchange. With a sink, the body of a 200 or 206 goes there and the answer's body is empty."""
        profile = self._profile(exchange.url)
        transfer = Transfer(exchange, sink, profile)
        host = profile.proxy.url.host if profile.proxy else exchange.url.host
        if not exchange.url.is_web or not self._settings.allow_host(host):
            transfer.pending.fail(TransportFailure(FailureKind.REFUSED, f"{exchange.url.origin} may not be reached"))
        elif not (self._loop or self._started()).submit(transfer):
            transfer.pending.fail(_closed())
        return transfer.pending

    def close(self) -> None:
        """Stop now. Exchanges that are on their way fail with `CLOSED`; closing twice does nothing."""
        with self._lock:
            self._closed = True
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.stop()

    def _started(self) -> _Loop:
        with self._lock:
            if self._closed:
                raise _closed()
            if self._loop is None:
                self._loop = _Loop(self._settings)
                self._loop.start()
            return self._loop

    def _profile(self, url: Url) -> Profile:
        origin = url.origin
        profile = self._profiles.get(origin)
        if profile is None:
            settings = self._settings
            profile = Profile(
                settings.route(url),
                not settings.unverified(origin),
                bool(settings.client_certificate) and settings.shows_certificate(origin),
            )
            self._profiles[origin] = profile
        return profile


class _Loop:
    """The I/O thread: everything below `run` happens there."""

    def __init__(self, settings: TransportSettings) -> None:
        self._settings = settings
        self._incoming: deque[Transfer] = deque()
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._bell = Bell()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._registered: set[int] = set()
        self._deadline: float | None = None
        self._multi = pycurl.CurlMulti()
        self._idle: dict[Profile, list[pycurl.Curl]] = {}
        self._active: dict[pycurl.Curl, Transfer] = {}
        self._lanes = Lanes()
        self._thread = threading.Thread(target=self._run, name="keyrack-transport", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def submit(self, transfer: Transfer) -> bool:
        """Queue a transfer (from any thread); False where the loop has stopped."""
        self._incoming.append(transfer)
        self._bell.ring()
        if not self._stopping:
            return True
        try:
            self._incoming.remove(transfer)
        except ValueError:
            # The thread has failed it on its way out.
            return True
        return False

    def stop(self) -> None:
        """End the thread (from any thread) and wait for it, but never long."""
        self._stopping = True
        self._bell.ring()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        multi = self._multi
        multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, MOST_CONNECTIONS)
        multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        multi.setopt(pycurl.M_MAXCONNECTS, MOST_CONNECTIONS)
        multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, STREAMS)
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._schedule)
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._stopping = True
            self._abandon()

    def _turn(self) -> None:
        wait = None if self._deadline is None else max(0.0, self._deadline - monotonic())
        for key, mask in self._selector.select(wait):
            if key.fileobj is self._bell:
                self._bell.hear()
                continue
            flags = pycurl.CSELECT_IN if mask & selectors.EVENT_READ else 0
            flags |= pycurl.CSELECT_OUT if mask & selectors.EVENT_WRITE else 0
            self._multi.socket_action(key.fd, flags)
        # Busy sockets must not keep curl from its time-outs.
        if self._deadline is not None and self._deadline <= monotonic():
            self._deadline = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._begin()
        self._finish()

    def _watch(self, what: int, fd: int, _multi: pycurl.CurlMulti, _data: object) -> None:
        """Hear from curl which sockets it waits for."""
        if what == pycurl.POLL_REMOVE:
            if fd in self._registered:
                self._registered.discard(fd)
                self._selector.unregister(fd)
            return
        mask = (selectors.EVENT_READ if what & pycurl.POLL_IN else 0) | (
            selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0
        )
        if fd in self._registered:
            self._selector.modify(fd, mask)
        else:
            self._registered.add(fd)
            self._selector.register(fd, mask)

    def _schedule(self, milliseconds: int) -> None:
        """Hear from curl when it wants to be called though nothing happened."""
        self._deadline = None if milliseconds < 0 else monotonic() + milliseconds / 1000

    def _begin(self) -> None:
        while self._incoming:
            self._start(self._lanes.enter(self._incoming.popleft()))

    def _start(self, lane: Lane) -> None:
        for transfer in lane.ready():
            idle = self._idle.setdefault(transfer.profile, [])
            try:
                handle = idle.pop() if idle else self._handle(transfer.profile)
                _aim(handle, transfer, self._settings)
                handle.setopt(pycurl.PIPEWAIT, 1 if self._lanes.waits_for_connection(transfer) else 0)
                self._multi.add_handle(handle)
            except (pycurl.error, TransportFailure) as error:
                self._lanes.leave(transfer)
                transfer.pending.fail(_refusal(error))
                continue
            self._active[handle] = transfer

    def _finish(self) -> None:
        while True:
            left, done, failed = self._multi.info_read()
            for handle in done:
                _conclude(self._retire(handle))
            for handle, code, message in failed:
                failure = failure_of(_report(handle, code, message, self._active[handle]))
                transfer = self._retire(handle)
                transfer.pending.fail(transfer.failure or failure)
            if not left:
                return

    def _retire(self, handle: pycurl.Curl) -> Transfer:
        self._multi.remove_handle(handle)
        transfer = self._active.pop(handle)
        self._idle[transfer.profile].append(handle)
        self._start(self._lanes.leave(transfer))
        return transfer

    def _abandon(self) -> None:
        for handle, transfer in self._active.items():
            with contextlib.suppress(pycurl.error):
                self._multi.remove_handle(handle)
            handle.close()
            transfer.pending.fail(_closed())
        for handles in self._idle.values():
            for handle in handles:
                handle.close()
        for transfer in self._lanes.empty():
            transfer.pending.fail(_closed())
        while self._incoming:
            self._incoming.popleft().pending.fail(_closed())
        with contextlib.suppress(pycurl.error):
            self._multi.close()
        self._selector.close()
        self._bell.close()

    def _handle(self, profile: Profile) -> pycurl.Curl:
        handle = pycurl.Curl()
        settings = self._settings
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.PATH_AS_IS, 1),
            (pycurl.HTTP09_ALLOWED, 0),
            (pycurl.HTTP_CONTENT_DECODING, 0),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.BUFFERSIZE, 512 << 10),
            (pycurl.TCP_KEEPALIVE, 1),
            (pycurl.USERAGENT, settings.user_agent),
            (pycurl.CONNECTTIMEOUT_MS, max(1, int(settings.connect_timeout * 1000))),
            (pycurl.LOW_SPEED_LIMIT, settings.slowest_rate),
            (pycurl.LOW_SPEED_TIME, max(1, round(settings.read_timeout))),
            (pycurl.SSL_VERIFYPEER, 1 if profile.verify else 0),
            (pycurl.SSL_VERIFYHOST, 2 if profile.verify else 0),
        ):
            handle.setopt(option, value)
        _trust(handle, settings, profile)
        _route(handle, profile.proxy)
        return handle


def _trust(handle: pycurl.Curl, settings: TransportSettings, profile: Profile) -> None:
    given = settings.authorities
    pairs = ((pycurl.CAINFO, pycurl.CAPATH), (pycurl.PROXY_CAINFO, pycurl.PROXY_CAPATH))
    # What is not given must not stay what curl was built with: `SSL_CERT_DIR` alone means that folder alone.
    for option, path in ((pair[at], (given.bundle, given.folder)[at]) for pair in pairs for at in (0, 1)):
        if path:
            handle.setopt(option, path)
        elif given != Authorities():
            handle.unsetopt(option)
    if given == Authorities():
        # Windows and macOS keep their authorities in a store of their own; elsewhere this changes nothing.
        handle.setopt(pycurl.SSL_OPTIONS, pycurl.SSLOPT_NATIVE_CA)
        handle.setopt(pycurl.PROXY_SSL_OPTIONS, pycurl.SSLOPT_NATIVE_CA)
    if profile.certificate:
        handle.setopt(pycurl.SSLCERT, settings.client_certificate)
        handle.setopt(pycurl.SSLKEY, settings.client_certificate)


def _route(handle: pycurl.Curl, proxy: Proxy | None) -> None:
    # An empty text is a decision as well: without it curl reads the environment, and without "" NO_PROXY too.
    handle.setopt(pycurl.PROXY, proxy.url.exact if proxy else "")
    handle.setopt(pycurl.NOPROXY, "")
    if proxy is None or proxy.credentials is None:
        return
    if isinstance(proxy.credentials, Bearer):
        handle.setopt(pycurl.PROXYHEADER, [f"proxy-authorization: Bearer {proxy.credentials.token.reveal()}"])
        return
    handle.setopt(pycurl.PROXYUSERNAME, proxy.credentials.username)
    password = proxy.credentials.password.reveal() if isinstance(proxy.credentials, Basic) else ""
    handle.setopt(pycurl.PROXYPASSWORD, password)


def _aim(handle: pycurl.Curl, transfer: Transfer, settings: TransportSettings) -> None:
    exchange = transfer.exchange
    # A name with a semicolon is how curl is told to send a header without a value.
    lines = [f"{name}: {value}" if value else f"{name};" for name, value in exchange.headers]
    if exchange.authorization is not None:
        lines.append(f"authorization: {exchange.authorization.reveal()}")
    if any("\n" in line or "\r" in line for line in lines):
        raise TransportFailure(FailureKind.REFUSED, "a header line holds a line break")
    url = exchange.url.exact
    handle.setopt(pycurl.URL, url if url.isascii() else quote(url, safe="%/:=&?~#+!$,;'@()*[]"))
    # An empty list would leave the lines of the exchange before, with its Authorization.
    handle.unsetopt(pycurl.HTTPHEADER)
    if lines:
        handle.setopt(pycurl.HTTPHEADER, [line.encode() for line in lines])
    handle.setopt(pycurl.HEADERFUNCTION, transfer.lines.append)
    if transfer.sink is None:
        handle.setopt(pycurl.WRITEFUNCTION, transfer.body.append)
        handle.setopt(pycurl.MAXFILESIZE_LARGE, settings.largest_body)
    else:
        handle.setopt(pycurl.WRITEFUNCTION, transfer.receive)
        handle.setopt(pycurl.MAXFILESIZE_LARGE, 0)


def _refusal(error: Exception) -> TransportFailure:
    if isinstance(error, TransportFailure):
        return error
    return TransportFailure(FailureKind.OTHER, str(error.args[-1]))


def _closed() -> TransportFailure:
    return TransportFailure(FailureKind.CLOSED, "the transport was closed")


def _conclude(transfer: Transfer) -> None:
    answer = transfer.answer()
    if answer.head.status == 407 and transfer.profile.proxy is not None:
        # A proxy's word on a plain request; no index has refused anything (D32).
        transfer.pending.fail(tunnel_refused(407, transfer.profile.proxy))
    else:
        transfer.pending.succeed(answer)


def _report(handle: pycurl.Curl, code: int, text: str, transfer: Transfer) -> Report:
    return Report(
        code,
        handle.getinfo(pycurl.OS_ERRNO),
        text,
        handle.getinfo(pycurl.HTTP_CONNECTCODE),
        in_body=status_in(transfer.lines) >= 200,
        proxy=transfer.profile.proxy,
    )
