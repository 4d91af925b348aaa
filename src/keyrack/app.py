"""The composition root: words and surroundings in, the live services of one run out. The only file that names all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, cast

import msgspec

from keyrack._build import DEFAULT_INDEX
from keyrack.adapters import clock
from keyrack.adapters.cache_place import default_folder
from keyrack.adapters.certificates import authorities
from keyrack.adapters.credential_file import CredentialFile, credentials_folder
from keyrack.adapters.folders import read_whole
from keyrack.adapters.keyring import Keyring
from keyrack.adapters.processes import run_text
from keyrack.adapters.store import Store
from keyrack.adapters.terminal import read_stdin
from keyrack.adapters.wheels import WheelStore
from keyrack.errors import KeyrackError
from keyrack.formats.index_text import parse_index_text
from keyrack.formats.network_environment import network_from
from keyrack.formats.switches_environment import parse_switches
from keyrack.formats.uv_environment import whole_number
from keyrack.operations.answered import Looked
from keyrack.operations.configure import Words, layers
from keyrack.operations.grounds import Grounds
from keyrack.operations.inputs import InputReader, InputRequest, Inputs, read_inputs
from keyrack.operations.pythons import Pythons
from keyrack.operations.tools import Tools
from keyrack.policy.auth.given import check_names, resolve_given
from keyrack.policy.auth.logins import given_login
from keyrack.policy.settings import Surroundings, weigh, with_locked
from keyrack.policy.wire.proxies import is_insecure, proxy_for
from keyrack.supply.cached import CachedSession, CacheRules
from keyrack.supply.credentials import CredentialSource, KeyringSource, LoginSource, Lookups, NetrcSource
from keyrack.supply.downloads import Downloads
from keyrack.supply.session import Session
from keyrack.supply.wire import NoNetwork, OnDemand, Patience, Transport, Wire
from keyrack.values.credentials import Held, complete_in, credentials_in
from keyrack.values.exchange import Purpose, Request
from keyrack.values.late import LateModule, LateObject
from keyrack.values.layer import IndexEntry, Layer
from keyrack.values.log import Log, silent
from keyrack.values.settings import Cache, KeyringProvider, Network, Settings
from keyrack.values.url import ParsedUrl, Url
from keyrack.values.version import VERSION

if TYPE_CHECKING:
    import shutil
    import tempfile

    from keyrack.adapters import transport
    from keyrack.operations import works
    from keyrack.operations.building import Workshop
    from keyrack.operations.grounds import RunProgress
    from keyrack.supply.ahead import Ahead
    from keyrack.supply.sources import Sources
else:
    shutil = LateModule("shutil")
    tempfile = LateModule("tempfile")
    works = LateModule("keyrack.operations.works")
    transport = LateModule("keyrack.adapters.transport")  # not where everything is in the cache

LARGEST_NETRC = 1024 * 1024


class Surround(msgspec.Struct, frozen=True):
    """What a run is handed from outside: its words, who listens to its log, and who draws its downloads.

    `locked` are the indexes that a lock names: those that nobody configured are known by their URL alone (D17).
    """

    words: Words
    log: Log = silent
    progress: RunProgress | None = None
    locked: tuple[Url, ...] = ()


@contextmanager
def open_run(surround: Surround, inputs: InputRequest | None = None, looked: Looked | None = None) -> Iterator[Tools]:
    """Open the services of a run and close them again. Files named by `inputs` are read, and may name indexes.

    What was `looked` at before is not read again.
    """
    words = surround.words
    with ExitStack() as stack:
        told = looked.layers if looked else layers(words, surround.log)
        found = looked.inputs if looked else Inputs((), (), (), frozenset(), Layer(place="no files"))
        if inputs is not None and looked is None:
            asked = msgspec.structs.replace(inputs, layers=told, variables=words.environment)
            found = read_inputs(asked, _reader(stack, words, told, surround.log))
        settings = _settings(words, (*told, found.layer), _login_file(words, surround.log), surround.locked)
        yield _tools(stack, surround, settings, found, told)


def _settings(words: Words, told: tuple[Layer, ...], file: CredentialFile, locked: tuple[Url, ...] = ()) -> Settings:
    variables, logins = words.environment, file.logins()
    check_names([entry.name for layer in told for entry in layer.index if entry.name is not None], variables)

    def give(entry: IndexEntry) -> Held | None:
        label, policy = entry.name or str(entry.parsed.url), entry.authenticate
        written = resolve_given(entry.name, credentials_in(entry.parsed), variables, label=label, policy=policy)
        return written or given_login(entry.parsed.url, logins, policy)

    surroundings = Surroundings(
        # Locks write an index as it was configured, and uv's own default has no slash at its end.
        default_index=parse_index_text(DEFAULT_INDEX.rstrip("/"), "/", "the build"),
        cache_folder=default_folder(variables),
        network=network_from(variables, variables.get("HOME") or os.path.expanduser("~"), windows=os.name == "nt"),
        available_until=parse_switches(variables).version_cutoff,
    )
    settings = weigh(told, surroundings, give)
    indexes = with_locked(settings.indexes, locked, give)
    return msgspec.structs.replace(settings, indexes=msgspec.structs.replace(indexes, logins=logins))


def _tools(stack: ExitStack, surround: Surround, settings: Settings, inputs: Inputs, told: tuple[Layer, ...]) -> Tools:
    words, log = surround.words, surround.log
    folder = _cache_folder(stack, settings.cache)
    patience = whole_number(words.environment, "UV_LOCK_TIMEOUT")
    store = Store(folder, log) if patience is None else Store(folder, log, lock_timeout=patience)
    stack.enter_context(store.in_use())
    lookups = _lookups(settings.network, _login_file(words, log), log)
    session = _session(stack, settings, lookups, log)
    rules = CacheRules(offline=settings.network.offline, refresh=settings.cache.refresh, now=clock.now)
    cached = CachedSession(session, store, settings.indexes, rules, log)
    wheels = WheelStore(store)
    at_once = settings.network.concurrent_downloads
    progress = None if parse_switches(words.environment).no_progress else surround.progress
    downloads = Downloads(session, wheels, at_once=at_once, progress=progress, log=log)
    grounds = Grounds(words, settings, inputs, told, session, cached, store, wheels, downloads, progress, log)
    # Where everything is in the cache, none of this is wanted, and to import it takes longer than the rest of the run.
    opened = LateObject(lambda: works.open_works(stack, grounds))
    return Tools(
        settings=settings,
        inputs=inputs,
        folder=words.folder,
        variables=words.environment,
        pythons=Pythons(words.environment, words.folder, run_text, store.bucket("interpreters", 1), log),
        store=store,
        wheels=wheels,
        session=session,
        lookups=lookups,
        cached=cached,
        catalogue=cast("Ahead", LateObject(lambda: opened.catalogue)),
        downloads=downloads,
        workshop=cast("Workshop", LateObject(lambda: opened.workshop)),
        sources=cast("Sources", LateObject(lambda: opened.sources)),
        log=log,
    )


def _session(stack: ExitStack, settings: Settings, lookups: Lookups, log: Log) -> Session:
    """Open the one door to the network. Closing it comes before everything that may still wait for an answer."""
    indexes, network = settings.indexes, settings.network
    if network.offline:
        return Session(indexes, Wire(NoNetwork(), log=log), lookups, log)
    patience = None if network.retry_delay else Patience(sleep=lambda _seconds: None)
    on_demand = OnDemand(lambda: _transport(settings))
    wire = Wire(on_demand, retries=network.retries, patience=patience, log=log)
    stack.callback(wire.close)
    return Session(indexes, wire, lookups, log)


def _transport(settings: Settings) -> Transport:
    indexes, network = settings.indexes, settings.network
    return transport.CurlTransport(
        transport.TransportSettings(
            authorities=authorities(network.certificates_file, network.certificates_folder),
            client_certificate=network.client_certificate,
            route=lambda url: proxy_for(url, network.proxies),
            unverified=lambda origin: is_insecure(origin, network.allow_insecure_hosts),
            shows_certificate=lambda origin: origin in {index.url.origin for index in indexes.all},
            connect_timeout=network.connect_timeout,
            read_timeout=network.read_timeout,
            user_agent=f"keyrack/{VERSION}",
        )
    )


def _login_file(words: Words, log: Log) -> CredentialFile:
    return CredentialFile(os.path.join(words.folder, credentials_folder(words.environment)), log)


def _lookups(network: Network, file: CredentialFile, log: Log) -> Lookups:
    """Give the places where credentials are looked up, in their order."""
    sources: list[CredentialSource] = [LoginSource(file)]
    if network.netrc:
        sources.append(NetrcSource(network.netrc, lambda path: read_whole(path, LARGEST_NETRC), log))
    if network.keyring is KeyringProvider.SUBPROCESS:
        sources.append(KeyringSource(Keyring(network.search_path, log=log)))
    return Lookups(tuple(sources), log)


def _cache_folder(stack: ExitStack, cache: Cache) -> str:
    if not cache.disabled:
        return cache.folder
    folder = tempfile.mkdtemp(prefix="keyrack-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _reader(stack: ExitStack, words: Words, told: tuple[Layer, ...], log: Log) -> InputReader:
    """Bring requirements files from the web as well, by the user's own URL, with the same rules as everything else."""

    def fetch(parsed: ParsedUrl) -> bytes:
        file = _login_file(words, log)
        settings = _settings(words, told, file)
        session = _session(stack, settings, _lookups(settings.network, file, log), log)
        request = Request(parsed.url, Purpose.DIRECT, None, link_credentials=complete_in(parsed))
        response = session.fetch(request)
        if response.head.status != 200:
            raise KeyrackError(f"Failed to fetch `{parsed.url}`", causes=(f"status {response.head.status}",))
        return response.body

    return InputReader(read_stdin, fetch)


def working_folder() -> str:
    """Give the folder that this process runs in."""
    return os.getcwd()
